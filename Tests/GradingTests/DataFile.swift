import Foundation
import Testing

/// A file of the real data sets, found through CITER_DATA; the tests that read one are skipped by name
/// where it is not there.
enum DataFile {
    static func bytes(_ path: String) throws -> Data {
        guard let url = url(path) else { throw CocoaError(.fileNoSuchFile) }
        return try Data(contentsOf: url)
    }

    fileprivate static func isPresent(_ path: String) -> Bool {
        url(path).map { FileManager.default.isReadableFile(atPath: $0.path) } ?? false
    }

    private static func url(_ path: String) -> URL? {
        guard let directory = ProcessInfo.processInfo.environment["CITER_DATA"] else { return nil }
        return URL(fileURLWithPath: directory).appendingPathComponent(path)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test, with the names of what is missing, unless CITER_DATA holds all these files.
    static func needs(_ paths: [String]) -> ConditionTrait {
        let missing = paths.filter { !DataFile.isPresent($0) }
        return .enabled(
            if: missing.isEmpty, "CITER_DATA lacks \(missing.joined(separator: ", "))")
    }
}
