import Foundation
import TestSupport

/// The built command, run as users run it.
package struct CiterCommand {
    /// How a run ended and what it said.
    package struct Result {
        package let status: Int32
        package let signalled: Bool
        package let output: String
        package let messages: String

        /// How something else went that was run in its place.
        package init(status: Int32, signalled: Bool, output: String, messages: String) {
            self.status = status
            self.signalled = signalled
            self.output = output
            self.messages = messages
        }
    }

    /// Beside the program that runs these tests.
    package static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        let folder = URL(fileURLWithPath: tests ?? CommandLine.arguments[0])
            .deletingLastPathComponent()
        return folder.appendingPathComponent("citer").path
    }()

    private let process = Process()
    private let output: String
    private let messages: String

    /// Starts `program` with arguments in a directory; its output goes to files there.
    package init(
        _ arguments: [String], in directory: String, environment: [String: String] = [:],
        program: String = CiterCommand.path
    ) throws {
        let name = "\(directory)/output-\(UUID().uuidString)"
        output = name + ".out"
        messages = name + ".err"
        for path in [output, messages] {
            _ = FileManager.default.createFile(atPath: path, contents: nil)
        }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: directory)
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { _, own in own }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: output)
        process.standardError = FileHandle(forWritingAtPath: messages)
        try process.run()
    }

    /// What it has written to standard error so far.
    package var complaints: String {
        (try? String(contentsOfFile: messages, encoding: .utf8)) ?? ""
    }

    var isRunning: Bool { process.isRunning }

    package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until `condition` holds or the command has ended; whether it held.
    package func wait(until condition: () throws -> Bool) rethrows -> Bool {
        while process.isRunning {
            if try condition() { return true }
            usleep(5_000)
        }
        return try condition()
    }

    /// Waits for the end.
    package func finish() -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus,
            signalled: process.terminationReason == .uncaughtSignal,
            output: (try? String(contentsOfFile: output, encoding: .utf8)) ?? "",
            messages: complaints)
    }
}

extension SweepFixture {
    /// Starts the command in the experiment's directory.
    package func start(_ arguments: String...) throws -> CiterCommand {
        try CiterCommand(arguments, in: root, environment: tiny.environment)
    }

    /// Runs the command in the experiment's directory to its end.
    package func citer(_ arguments: String...) throws -> CiterCommand.Result {
        try citer(arguments)
    }

    package func citer(_ arguments: [String]) throws -> CiterCommand.Result {
        try CiterCommand(arguments, in: root, environment: tiny.environment).finish()
    }
}
