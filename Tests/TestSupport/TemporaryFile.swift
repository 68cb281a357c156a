import Foundation

/// Writes `bytes` to a file at `path`, replacing what is there.
///
/// Not by Foundation, which flushes each file to the disk: tests that write thousands would wait for that most of the time.
package func writeFile(_ bytes: [UInt8], to path: String) throws {
    // A file that is truncated and rewritten in place is flushed when it is closed, a new one is not.
    unlink(path)
    func failure() -> POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    guard let file = fopen(path, "wb") else { throw failure() }
    let written = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, written == bytes.count else { throw failure() }
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
