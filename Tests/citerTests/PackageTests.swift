import ArgumentParser
import Foundation
import SweepSupport
import TestSupport
import Testing

@testable import Runs
@testable import citer

/// What packages are made from: the version, the shells' completions and the commands' descriptions, of which the manual's pages are made.
struct PackageTests {
    /// Each command with its path, such as `db pack`.
    private static func commands(
        of type: any ParsableCommand.Type = Citer.self, below path: [String] = []
    ) -> [(path: [String], type: any ParsableCommand.Type)] {
        [(path, type)]
            + type.configuration.subcommands.flatMap {
                commands(of: $0, below: path + [$0._commandName])
            }
    }

    @Test func theVersionIsTheProgramsOwn() throws {
        try withTemporaryDirectory { folder in
            let result = try CiterCommand(["--version"], in: folder).finish()
            #expect(result.status == 0 && result.messages.isEmpty)
            #expect(result.output == ProgramVersion.text + "\n")
        }
        // Packages are named after it, and the script finds it in the text.
        let source = try String(
            contentsOfFile: checkoutRoot + "/Sources/Runs/ProgramVersion.swift", encoding: .utf8)
        #expect(source.contains("static let text = \"\(ProgramVersion.text)\"\n"))
        #expect(ProgramVersion.text.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
    }

    @Test(arguments: CompletionShell.allCases)
    func completionsKnowEveryCommand(shell: CompletionShell) throws {
        try withTemporaryDirectory { folder in
            let result = try CiterCommand(
                ["--generate-completion-script", shell.rawValue], in: folder
            ).finish()
            #expect(result.status == 0 && result.messages.isEmpty)
            for (path, _) in Self.commands() where !path.isEmpty {
                // Each has a function or a condition of its own.
                let name =
                    shell == .fish ? path.joined(separator: " ") : path.joined(separator: "_")
                #expect(result.output.contains(name), "\(shell.rawValue): \(name)")
            }
        }
    }

    /// As the manual's pages are made from it: nothing in it is without a word.
    @Test func everyCommandAndOptionIsDescribed() throws {
        try withTemporaryDirectory { folder in
            let result = try CiterCommand(["--experimental-dump-help"], in: folder).finish()
            #expect(result.status == 0)
            let tool = try JSONDecoder().decode(Tool.self, from: Data(result.output.utf8))
            #expect(tool.serializationVersion == 0)
            var count = 0
            func check(_ command: Tool.Command, _ path: String) {
                count += 1
                #expect(command.abstract?.isEmpty == false, "\(path)")
                for argument in command.arguments ?? [] where argument.shouldDisplay {
                    #expect(
                        argument.abstract?.isEmpty == false, "\(path) \(argument.valueName ?? "")")
                }
                for below in command.subcommands ?? [] where below.commandName != "help" {
                    check(below, "\(path) \(below.commandName)")
                }
            }
            check(tool.command, "citer")
            #expect(count == Self.commands().count)
        }
    }

    private struct Tool: Decodable {
        struct Command: Decodable {
            let commandName: String
            let abstract: String?
            let arguments: [Argument]?
            let subcommands: [Command]?
        }

        struct Argument: Decodable {
            let abstract: String?
            let valueName: String?
            let shouldDisplay: Bool
        }

        let serializationVersion: Int
        let command: Command
    }
}
