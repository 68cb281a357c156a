import Platform
package import Schemas

/// Why a model or data set cannot be had.
package enum AssetError: ReportableError, Equatable {
    /// No asset of that name.
    case unknown(AssetKind, name: String, known: [String])
    /// The data set has no such split, or not in that language.
    case unknownSplit(dataSet: String, split: String, known: [String])
    case catalog(Diagnostics)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// A file's content is not what its name promises.
    case corrupt(name: String, path: String, expected: String, found: String)
    case diskFull(name: String, directory: String, needed: Int64, available: Int64)
    /// No source had the file; what each of them said.
    case unavailable(AssetKind, name: String, failures: [SourceFailure])
    /// The user stopped a download; what has arrived is kept.
    case interrupted(name: String)
}

/// Why one source did not give a file.
package struct SourceFailure: Equatable, Sendable {
    package let source: String
    package let reason: String

    package init(source: String, reason: String) {
        self.source = source
        self.reason = reason
    }
}

extension AssetError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .unknown, .unknownSplit, .catalog, .unreadable, .corrupt: true
        case .unwritable, .diskFull, .unavailable, .interrupted: false
        }
    }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .unknown(let kind, let name, let known):
            let own = kind == .model ? "; for your own model give the path of its .gguf file" : ""
            return "unknown \(kind.rawValue) \"\(name)\"; known are \(Self.list(known))\(own)"
                + Self.suggestion(name, known)
        case .unknownSplit(let dataSet, let split, let known):
            return "data set \(dataSet) has no split \"\(split)\"; it has \(Self.list(known))"
                + Self.suggestion(split, known)
        case .catalog(let diagnostics):
            return diagnostics.description
        case .unreadable(let path, let reason):
            return "cannot read \(path): \(reason)"
        case .unwritable(let path, let reason):
            return "cannot write \(path): \(reason); set CITER_CACHE to a directory that can be"
        case .corrupt(let name, let path, let expected, let found):
            return "\(path) is not \(name): its SHA-256 is \(found), expected \(expected); "
                + "move the file away or replace it"
        case .diskFull(let name, let directory, let needed, let available):
            return "\(name) needs \(byteCount(needed)) of disk while it is fetched, and "
                + "\(directory) has \(byteCount(available)) free; free some space or set "
                + "CITER_CACHE to a directory on a larger disk"
        case .unavailable(let kind, let name, let failures):
            let reasons = failures.map { "  \($0.source): \($0.reason)" }
            let variable = kind == .model ? "CITER_MODELS" : "CITER_DATA"
            return
                (["cannot get \(kind.rawValue) \(name); its sources, in order:"] + reasons
                + [
                    "Get the file by other means and set \(variable) to its directory, "
                        + "or try again."
                ]).joined(separator: "\n")
        case .interrupted(let name):
            return "stopped while fetching \(name); what has arrived is kept: run the same "
                + "command again to go on"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    private static func suggestion(_ name: String, _ known: [String]) -> String {
        closestMatch(to: name, in: known).map { "; did you mean \"\($0)\"?" } ?? ""
    }
}

/// A number of bytes for people: `491.4 MB`.
func byteCount(_ bytes: Int64) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    guard bytes >= 1000 else { return "\(bytes) bytes" }
    var value = Double(bytes) / 1000
    var unit = 0
    while value >= 999.95, unit + 1 < units.count {
        value /= 1000
        unit += 1
    }
    return "\((value * 10).rounded() / 10) \(units[unit])"
}
