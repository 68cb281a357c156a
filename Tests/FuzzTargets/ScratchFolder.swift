import Foundation

/// A folder for what is only read from files; gone with the target that made it.
final class ScratchFolder {
    private let path: String

    init() throws {
        path = NSTemporaryDirectory() + "citer-fuzz-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of a file in it.
    func file(_ name: String) -> String { path + "/" + name }
}
