import Foundation

/// Runs programs of this system, without a shell and without standard input.
///
/// The program stays in this process's group, so that Ctrl-C reaches it (Foundation's `Process`
/// gives it a group of its own).
package struct SystemCommandRunner: CommandRunner {
    package init() {}

    /// Starts the program, found by `PATH`, and waits for it; `tick` is called now and then meanwhile.
    package func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        guard let name = command.arguments.first else {
            return .notStarted(reason: "no program named")
        }
        var words = command.arguments
        if let directory = command.directory {
            // What is missing must not be taken for the shell's.
            guard isFolder(directory) else {
                return .notStarted(reason: "\(name) cannot run in \(directory): no such folder")
            }
            guard isFound(name) else { return .notFound(program: name) }
            // POSIX has no way to start a program elsewhere; the shell becomes it.
            words = ["sh", "-c", "cd -- \"$0\" && exec \"$@\"", directory] + words
        }
        // Files, not pipes: nothing that a program prints can make it wait for a reader.
        guard let messages = tmpfile() else { return .notStarted(reason: errorText(errno)) }
        defer { fclose(messages) }
        guard let results = command.output == .result ? tmpfile() : messages else {
            return .notStarted(reason: errorText(errno))
        }
        defer { if results != messages { fclose(results) } }

        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, fileno(results), 1)
        posix_spawn_file_actions_adddup2(&actions, fileno(messages), 2)

        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A signal that this process handles, ignores or blocks must still end the program.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let environment = ProcessInfo.processInfo.environment
            .merging(command.environment) { _, added in added }
            .map { "\($0.key)=\($0.value)" }
        var child: pid_t = 0
        let failure = withCStrings(words) { arguments in
            withCStrings(environment) { variables in
                posix_spawnp(&child, words[0], &actions, &attributes, arguments, variables)
            }
        }
        guard failure != ENOENT else { return .notFound(program: name) }
        guard failure == 0 else {
            return .notStarted(reason: "\(name) cannot be started: \(errorText(failure))")
        }
        let companion = EndingCompanion(child)
        let status = wait(for: child, tick: tick)
        companion.end()
        let signal = status & 0x7F
        if signal != 0 { return .signalled(signal) }
        let code = (status >> 8) & 0xFF
        switch command.output {
        case .message: return .exited(status: code, complaint: end(of: messages))
        case .result:
            return .exited(
                status: code, output: whole(results),
                complaint: whole(messages).trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// Whether `PATH` leads to a program.
    private func isFound(_ program: String) -> Bool {
        if program.contains("/") { return access(program, X_OK) == 0 }
        return (ProcessInfo.processInfo.environment["PATH"] ?? "/bin:/usr/bin")
            .split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    private func wait(for child: pid_t, tick: () -> Void) -> Int32 {
        var status: Int32 = 0
        var pause: useconds_t = 2_000
        while true {
            let ended = waitpid(child, &status, WNOHANG)
            if ended == child { return status }
            // The child is gone, and its status with it: count as a failure.
            if ended < 0, errno != EINTR { return 1 << 8 }
            usleep(pause)
            // Short programs end at once; long ones are looked at five times a second.
            pause = min(pause * 2, 200_000)
            tick()
        }
    }

    /// All that a program printed.
    private func whole(_ file: UnsafeMutablePointer<FILE>) -> String {
        let handle = FileHandle(fileDescriptor: fileno(file), closeOnDealloc: false)
        // The program wrote through the same open file, so its place is the end.
        lseek(fileno(file), 0, SEEK_SET)
        return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
    }

    /// The last lines of what a program printed, joined to one.
    private func end(of output: UnsafeMutablePointer<FILE>) -> String {
        let length = lseek(fileno(output), 0, SEEK_END)
        lseek(fileno(output), max(0, length - 2_000), SEEK_SET)
        var buffer = [UInt8](repeating: 0, count: 2_000)
        let count = read(fileno(output), &buffer, buffer.count)
        let text = String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
        let lines = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        return lines.suffix(2).joined(separator: "; ")
    }

    private func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
