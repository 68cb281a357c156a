import Platform

/// Why a router cannot be made, read or used.
package enum RouterFileError: ReportableError, Equatable {
    /// The first eight bytes are another file's.
    case notARouter
    /// Written in a version of the format that this program does not know.
    case version(found: UInt32, expected: UInt32)
    /// The file has fewer or more bytes than its header asks for.
    case size(found: Int, expected: Int)
    /// The header is not the JSON that it should be.
    case header(String)
    /// Sizes that contradict each other or are out of bounds.
    case shape(String)
    /// A number is infinite, not a number, or out of its range.
    case number(String)
    /// The router was trained for another model.
    case mismatch(role: String, found: String, expected: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .notARouter, .version, .size, .header, .mismatch: true
        case .shape, .number: false
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .notARouter:
            "not a router file: it does not begin with \"CITERRTR\"; give a file that training wrote"
        case .version(let found, let expected):
            "router file of version \(found); this program reads version \(expected): "
                + "train the router again"
        case .size(let found, let expected):
            "router file of \(found) bytes where \(expected) are expected: the file is damaged; "
                + "copy it again or train the router again"
        case .header(let what):
            "router file with a bad header (\(what)): the file is damaged; copy it again or train "
                + "the router again"
        case .shape(let what): "router with sizes that do not fit: \(what); train it again"
        case .number(let what):
            "router with a number out of range: \(what); train it again, perhaps with a smaller "
                + "learning rate"
        case .mismatch(let role, let found, let expected):
            "the router was trained for the \(role) model with SHA-256 \(expected), but this one "
                + "has \(found): use that model, or train a router for this one"
        }
    }
}
