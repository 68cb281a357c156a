package import Foundation

/// A file that can't be read, in the system's words: Foundation's are lines of a debugger.
package struct UnreadableFile: ReportableError, Equatable {
    /// The file, as it was given.
    package let path: String
    /// In the system's words.
    package let reason: String

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found.
    package var description: String { "\(path): cannot be read: \(reason)" }
}

/// The bytes of the file at `path`; throws the system's reason where it gives none.
package func contents(ofFile path: String) throws(UnreadableFile) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw UnreadableFile(path: path, reason: errorText(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) != 0 || status.st_mode & S_IFMT != S_IFDIR else {
        throw UnreadableFile(path: path, reason: errorText(EISDIR))
    }
    do {
        return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd()
            ?? Data()
    } catch {
        throw UnreadableFile(path: path, reason: errorText(EIO))
    }
}
