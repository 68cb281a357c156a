import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Check, merge and export results databases.",
        subcommands: [Check.self, Merge.self, ExportRows.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Is the file whole?")
        @Argument(help: "A results database.") var database: String
        func run() throws {
            let report = try reader().check()
            for problem in report.problems { try StandardOutput.show(problem) }
            try StandardOutput.show("\(report.samples) answers, \(report.decisions) decisions")
            guard report.problems.isEmpty else { throw ExitCode.workFailed }
        }

        /// A file of an older schema is upgraded first, as every program that writes to it does.
        private func reader() throws -> ResultsReader {
            do {
                return try ResultsReader(path: database)
            } catch StoreError.olderSchema(_, let found, let needed) {
                try ResultsStore(path: database).close()
                complain("\(database): upgraded from schema \(found) to schema \(needed)")
                return try ResultsReader(path: database)
            }
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add other databases' answers; the same twice changes nothing.")
        @Argument(help: "The database to add to, then those to add.") var databases: [String]

        func validate() throws {
            guard databases.count > 1 else {
                throw ValidationError("give the database to add to, then at least one to add")
            }
        }

        func run() throws {
            // What can't be merged leaves no empty database behind.
            for source in databases.dropFirst() {
                guard !ResultsStore.areSame(source, databases[0]) else {
                    throw StoreError.sameFile(path: source, other: databases[0])
                }
                do { _ = try ResultsReader(path: source) } catch .olderSchema {}
            }
            let store = try ResultsStore(path: databases[0])
            for source in databases.dropFirst() {
                let result = try store.merge(from: source)
                try StandardOutput.show(
                    "\(source): \(result.samples) new answers, \(result.known) known already")
                for difference in result.differences {
                    StandardError.note(
                        "\(source): \(difference) differs; what \(databases[0]) holds stays")
                }
            }
        }
    }

    struct ExportRows: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Answers or decisions, for other programs.",
            discussion: """
                In CSV a text that begins as a spreadsheet's formula does (=, +, -, @, a tab, a carriage return) has an apostrophe before it, \
                and so has one that begins with apostrophes and then so; numbers have none. JSON Lines are exact.
                """)
        @Argument(help: "The experiment's name.") var experiment: String
        @Option(name: .customLong("db"), help: "The database.") var database: String?
        @Option(help: "Which configuration, by number or key, or all; the newest.")
        var configuration: String?
        @Option(help: "samples or decisions.") var content = "samples"
        @Option(help: "jsonl, csv or lm-eval.") var to = "jsonl"
        @Option(help: "Where lm-eval's files go.") var output = "results"

        func run() throws {
            let reader = try ResultsReader(path: database ?? defaultDatabase(of: experiment))
            if to == "lm-eval" { return try writeHarnessLogs(reader) }
            guard let rows = ExportContent(rawValue: content) else {
                throw ValidationError("--content \(content): expected samples or decisions")
            }
            guard let format = ExportFormat(rawValue: to) else {
                throw ValidationError("--to \(to): expected jsonl, csv or lm-eval")
            }
            let export = try Export(reader, experiment: experiment, configuration: configuration)
            if let choice = export.choice { complain(choice) }
            try export.write(rows, as: format) {
                try format == .csv ? StandardOutput.data($0) : StandardOutput.write($0)
            }
        }

        private func writeHarnessLogs(_ reader: ResultsReader) throws {
            let export = try Export(reader, experiment: experiment, configuration: configuration)
            if let choice = export.choice { complain(choice) }
            for cell in export.cells {
                let log = try HarnessLog(reader, cell: cell, task: cell.dataset ?? experiment)
                try WholeFile.write(log.text, to: "\(output)/\(log.path)")
                complain("wrote \(output)/\(log.path)")
            }
        }
    }
}
