import Foundation

/// Writes `bytes` to a file at `path`, replacing what is there.
package func writeFile(_ bytes: [UInt8], to path: String) throws {
    // A file that is truncated and rewritten in place is flushed to disk when it is closed, a new one
    // is not; tests that write thousands feel it.
    try? FileManager.default.removeItem(atPath: path)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// Calls `body` with the path of a new directory and removes it with all it holds afterwards.
@discardableResult
package func withTemporaryDirectory<R>(_ body: (String) throws -> R) throws -> R {
    let name = "citer-test-\(UUID().uuidString)"
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
}
