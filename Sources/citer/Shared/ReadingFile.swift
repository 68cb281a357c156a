import Foundation
import Platform

/// What somebody wrote after looking at an experiment's tables, which its page shows.
struct ReadingFile {
    let path: String

    /// Nil where there is none. Throws where there is one that can't be read: a page without it would pass for the whole.
    func text() throws(ReadingError) -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .unreadable(path: path)
        }
        return text
    }
}

/// Why a page cannot have its reading.
enum ReadingError: ReportableError, Equatable {
    /// It is no text in UTF-8, or may not be read.
    case unreadable(path: String)

    /// Whether what was given is at fault, rather than the work.
    var isBadInput: Bool { true }

    /// What was found, what to do.
    var description: String {
        switch self {
        case .unreadable(let path):
            "\(path) cannot be read as UTF-8 text; save it as UTF-8, or move it away"
        }
    }
}
