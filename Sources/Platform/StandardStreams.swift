import Foundation

/// Results, for whoever reads standard output: people, files, other programs.
///
/// Every write either arrives whole or throws; nothing is buffered, so nothing is lost silently at the end.
package enum StandardOutput {
    /// Writes a text exactly: JSON, and pages that have made their own texts visible.
    package static func write(_ text: String) throws(OutputError) {
        if let code = writeAll(text, to: 1) { throw OutputError(errno: code, writing: nil) }
    }

    /// Writes a line, or several, for people: control characters are shown instead of sent.
    package static func show(_ text: String) throws(OutputError) {
        try write(visible(text) + "\n")
    }

    /// Writes rows for programs exactly; on a terminal, which is read by people, as `show` does.
    package static func data(_ text: String) throws(OutputError) {
        guard isatty(1) == 1 else { return try write(text) }
        try write(visible(text.replacing("\r\n", with: "\n")))
    }
}

/// Messages. Losing one, on a full disk or a closed pipe, is no reason to lose the work that it tells of.
package enum StandardError {
    /// Writes a message and ends its line; control characters are shown instead of sent.
    package static func note(_ text: String) {
        _ = writeAll(visible(text) + "\n", to: 2)
    }

    /// Writes a text exactly, such as a line of progress with its own escape sequences.
    package static func write(_ text: String) { _ = writeAll(text, to: 2) }
}

/// Standard streams as they must be before anything else is opened.
package enum StandardStreams {
    /// A reader that goes away becomes an error of the write, not a signal; and a stream that was closed by whoever started the program
    /// keeps its number, which would otherwise go to the next file that is opened: a database, into which messages would be written.
    package static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        // A file that may not grow further (ulimit -f) is an error of the write, too: EFBIG.
        signal(SIGXFSZ, SIG_IGN)
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
            // The lowest free number is this one. Opened for reading, every write to it fails, as it should.
            _ = open("/dev/null", O_RDONLY)
        }
    }
}

/// Why a result could not be written.
package struct OutputError: ReportableError, Equatable {
    /// The file; nil for standard output.
    package let path: String?
    /// In the system's words.
    package let reason: String

    init(errno code: Int32, writing path: String?) {
        self.path = path
        reason = errorText(code)
    }

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { false }

    /// What was found and what to do.
    package var description: String {
        guard let path else {
            return "standard output: \(reason); what was to be printed there is not complete"
        }
        return
            "\(path): cannot be written: \(reason); nothing was left under that name that was not there before"
    }
}

/// Writes all bytes of a text; the error's number where that fails.
func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in writeAll(UnsafeRawBufferPointer(bytes), to: descriptor) }
}

func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = machine.write(descriptor, UnsafeRawBufferPointer(rebasing: rest))
        if count >= 0 {
            rest = rest.dropFirst(count)
            continue
        }
        switch errno {
        case EINTR: continue
        case EAGAIN:
            // Somebody else's non-blocking pipe or terminal.
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = poll(&wait, 1, -1)
        default: return errno
        }
    }
    return nil
}
