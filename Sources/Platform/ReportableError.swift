/// An error that can reach whoever started the program: in words, and with whose fault it is.
///
/// Every error type that leaves its room conforms, beside its definition, so that a new one cannot end the program with the wrong status
/// by being forgotten somewhere else. What is thrown by other libraries is failed work.
package protocol ReportableError: Error, CustomStringConvertible {
    /// Whether what was given is at fault (exit status 2), rather than the work (1).
    var isBadInput: Bool { get }
}
