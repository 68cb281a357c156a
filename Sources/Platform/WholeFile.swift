package import Foundation

/// Files that appear whole or not at all: a full disk leaves what was there before, and no half of what was meant.
package enum WholeFile {
    /// Writes a text to `path`, making its folder if need be.
    package static func write(_ text: String, to path: String) throws(OutputError) {
        try replace(path) { descriptor in writeAll(text, to: descriptor) }
    }

    /// Writes bytes to `path`, making its folder if need be.
    package static func write(_ data: Data, to path: String) throws(OutputError) {
        try replace(path) { descriptor in
            data.withUnsafeBytes { writeAll($0, to: descriptor) }
        }
    }

    /// Writes what `fill` hands over, in pieces, to `path`, making its folder if need be. Rethrows what `fill` throws; no file is left then.
    package static func write(
        to path: String, by fill: (_ write: (String) throws -> Void) throws -> Void
    ) throws {
        // Pieces may be small, and calls of the system are not free.
        let enough = 1 << 18
        var cause: (any Error)?
        do {
            try replace(path) { descriptor in
                var pending = ""
                do {
                    try fill { piece in
                        pending += piece
                        guard pending.utf8.count >= enough else { return }
                        if let code = writeAll(pending, to: descriptor) {
                            throw OutputError(errno: code, writing: path)
                        }
                        pending = ""
                    }
                } catch {
                    cause = error
                    return EIO
                }
                return writeAll(pending, to: descriptor)
            }
        } catch {
            throw cause ?? error
        }
    }

    /// Fills a file beside `path`, brings it to the disk, and gives it the name.
    private static func replace(
        _ path: String, _ fill: (Int32) -> Int32?
    ) throws(OutputError) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let missing = machine.makeFolder(folder)
        // A link stays one.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let partial = "\(target).\(UUID().uuidString).part"
        let descriptor = machine.open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            // Why there is no folder says more than that there is none.
            let code = errno
            throw OutputError(errno: missing ?? code, writing: path)
        }
        var code = fill(descriptor)
        if code == nil, machine.fsync(descriptor) != 0 { code = errno }
        // A quota may be noticed only now.
        if machine.close(descriptor) != 0, code == nil { code = errno }
        if code == nil, machine.rename(partial, target) != 0 { code = errno }
        guard let code else { return }
        machine.unlink(partial)
        throw OutputError(errno: code, writing: path)
    }
}
