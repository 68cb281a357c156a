package import Foundation
import Hashing
import Platform

/// The SHA-256 of a regular file in lower-case hexadecimal digits, read in pieces of 1 MiB.
package func sha256(ofFile path: String) throws(AssetError) -> String {
    // A pipe or a terminal would block for ever.
    guard FileIdentity(path: path) != nil else {
        let exists = FileManager.default.fileExists(atPath: path)
        throw .unreadable(path: path, reason: exists ? "it is not a regular file" : "no such file")
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: errorText(errno)) }
    defer { close(descriptor) }
    var hash = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count == 0 { break }
        if count < 0 {
            if errno == EINTR { continue }
            throw .unreadable(path: path, reason: errorText(errno))
        }
        hash.update(buffer[..<count])
    }
    return hash.hexadecimal()
}

/// The SHA-256 of bytes in memory, as that of a file that holds them.
package func sha256(of data: Data) -> String { SHA256.hexadecimal(of: data) }
