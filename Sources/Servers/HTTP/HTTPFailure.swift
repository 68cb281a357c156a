import Platform

/// Why no answer came from a server.
package enum HTTPFailure: ReportableError, Equatable {
    /// The time is up; `last` is what went wrong before, if something did.
    case timedOut(server: String, seconds: Int, tries: Int, last: String?)
    /// Its answer is larger than any should be.
    case tooLarge(server: String, limit: Int)
    /// The exchange ended early, and is not worth another try.
    case broken(server: String, reason: String)
    /// The client was closed.
    case abandoned

    /// A server's failure is the work's.
    package var isBadInput: Bool { false }

    /// What happened, on one line: some of it comes from the server.
    package var description: String { visibleLine(words) }

    private var words: String {
        switch self {
        case .timedOut(let server, let seconds, let tries, let last):
            "\(server) gave no answer within \(seconds) s"
                + (tries > 1 ? ", asked \(tries) times" : "")
                + (last.map { "; the last time: \($0)" } ?? "")
        case .tooLarge(let server, let limit):
            "\(server) answered with more than \(limit) bytes, where no answer needs so many"
        case .broken(let server, let reason): "\(server): \(reason)"
        case .abandoned: "the request was given up"
        }
    }
}
