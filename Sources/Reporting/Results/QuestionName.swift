import Platform

/// What the name of a question says of it: the database holds it nowhere else.
///
/// A mixture's questions are called `TASK:ID`; a chain of D calculations is called `depth-D-N`, D and N whole numbers.
enum QuestionName {
    /// Whether a name is meant as a mixture's.
    static func isOfMixture(_ name: String) -> Bool { name.contains(":") }

    /// The task in `TASK:ID`.
    static func task(of name: String) throws(QuestionNameError) -> String {
        let parts = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw .malformed(name: name, expected: "TASK:ID")
        }
        return String(parts[0])
    }

    /// Whether a name is meant as a chain's.
    static func isOfChain(_ name: String) -> Bool { name.hasPrefix("depth-") }

    /// D of `depth-D-N`.
    static func depth(of name: String) throws(QuestionNameError) -> Int {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "depth", let depth = Int(parts[1]),
            Int(parts[2]) != nil
        else { throw .malformed(name: name, expected: "depth-D-N with whole numbers D and N") }
        return depth
    }
}

/// Why questions are not grouped by what their names say.
enum QuestionNameError: ReportableError, Equatable {
    /// A name that begins as those of a mixture or a chain do, and does not go on so.
    case malformed(name: String, expected: String)

    package var isBadInput: Bool { true }

    /// What was found, what was expected, what follows.
    package var description: String {
        switch self {
        case .malformed(let name, let expected):
            "The question \"\(name)\" is not called \(expected), as the others seem to be, so questions are grouped by their lengths only."
        }
    }
}
