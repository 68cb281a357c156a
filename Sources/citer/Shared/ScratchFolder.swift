import Foundation

/// A place for files that only this process needs, among the system's temporary ones; removed at its end.
enum ScratchFolder {
    private static let root = NSTemporaryDirectory() + "citer-" + UUID().uuidString
    private static let isRemoved = atexit { ScratchFolder.remove() } == 0

    /// A folder that nobody else has been given, and that is yet to be made.
    static func another() -> String {
        _ = isRemoved
        return "\(root)/\(UUID().uuidString)"
    }

    private static func remove() { try? FileManager.default.removeItem(atPath: root) }
}
