import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Check, merge, pack and export results databases.",
        subcommands: [Check.self, Merge.self, Pack.self, Unpack.self, ExportRows.self])

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Is the file whole?")
        @Argument(help: "A results database.", transform: givenPath) var database: String
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
                StandardError.note("\(database): upgraded from schema \(found) to schema \(needed)")
                return try ResultsReader(path: database)
            }
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add other databases' answers; the same twice changes nothing.")
        @Argument(help: "The database to add to, then those to add.", transform: givenPath)
        var databases: [String]

        func validate() throws {
            guard databases.count > 1 else {
                throw ValidationError("give the database to add to, then at least one to add")
            }
        }

        func run() throws {
            // What can't be merged leaves no empty database behind.
            for source in databases.dropFirst() {
                guard try !ResultsStore.areSame(source, databases[0]) else {
                    throw StoreError.sameFile(path: source, other: databases[0])
                }
                do { _ = try ResultsReader(path: source) } catch .olderSchema {}
            }
            let isNew = !FileManager.default.fileExists(atPath: databases[0])
            let store = try ResultsStore(path: databases[0])
            do {
                for source in databases.dropFirst() { try merge(source, into: store) }
            } catch {
                // Some damage is found only by reading everything.
                if isNew { try? store.discardIfEmpty() }
                throw error
            }
        }

        private func merge(_ source: String, into store: ResultsStore) throws {
            let result = try store.merge(from: source)
            try StandardOutput.show(
                "\(source): \(result.samples) new answers, \(result.known) known already")
            for difference in result.differences {
                StandardError.note(
                    "\(source): \(difference) differs; what \(databases[0]) holds stays")
            }
        }
    }

    struct Pack: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Compress a database, to keep it beside the code.",
            discussion:
                "What report, show, compare, outlook and db export find there, they unpack where there is no live database."
        )
        @Argument(help: "The database, such as results/gsm8k.sqlite.", transform: givenPath)
        var database: String
        @Option(
            help: "The packed file; the default is results/gsm8k/answers.sqlite.zst.",
            transform: givenPath)
        var to: String?

        func run() throws {
            let packed = PackedDatabase(of: database)
            let chosen = packed.with(path: to)
            try chosen.pack()
            let size = { (path: String) -> String in
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                let bytes = (attributes?[.size] as? NSNumber)?.doubleValue ?? 0
                return "\((bytes / 1e5).rounded() / 10) MB"
            }
            try StandardOutput.show(
                "\(chosen.path): \(size(chosen.path)) of \(size(database))")
        }
    }

    struct Unpack: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a live database of a packed one.")
        @Argument(
            help: "The packed file, such as results/gsm8k/answers.sqlite.zst.", transform: givenPath
        )
        var packed: String
        @Option(help: "The database; the default is results/gsm8k.sqlite.", transform: givenPath)
        var to: String?

        func run() throws {
            guard let found = PackedDatabase(at: packed) else {
                throw ValidationError("expected a file that ends in .zst, found \"\(packed)\"")
            }
            let chosen = found.with(database: to)
            try chosen.unpack()
            try StandardOutput.show("unpacked to \(chosen.database)")
        }
    }

    struct ExportRows: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Answers or decisions, for other programs.",
            discussion: """
                In CSV a text that begins as a spreadsheet's formula does (=, +, -, @, a tab, a carriage return) has an apostrophe before it, \
                and so has one that begins with apostrophes and then so; numbers have none. JSON Lines are exact.
                """)
        @OptionGroup var source: ExperimentOptions
        @Option(help: "Which configuration, by number or key, or all; the newest.")
        var configuration: String?
        @Option(help: "What is exported.") var content = ExportContent.samples
        @Option(
            name: [.long, .customLong("format")],
            help: ArgumentHelp(
                "How it is written; lm-eval, inspect: as logs of lm-evaluation-harness or of Inspect.",
                valueName: "format"))
        var to = Format.rows(.jsonLines)
        @Option(
            help: "Where the files of lm-eval and inspect go; the default is results.",
            transform: givenPath)
        var output: String?

        /// How rows are written: for any program, or as other harnesses' logs.
        enum Format: ExpressibleByArgument {
            case rows(ExportFormat)
            case logs(ExportedLog)

            static var allValueStrings: [String] {
                ExportFormat.allCases.map(\.rawValue) + ExportedLog.allCases.map(\.rawValue)
            }

            init?(argument: String) {
                if let log = ExportedLog(rawValue: argument) {
                    self = .logs(log)
                } else if let format = ExportFormat(rawValue: argument) {
                    self = .rows(format)
                } else {
                    return nil
                }
            }

            var defaultValueDescription: String {
                switch self {
                case .rows(let format): format.rawValue
                case .logs(let log): log.rawValue
                }
            }
        }

        func validate() throws {
            switch to {
            case .logs(let log) where content != .samples:
                throw ValidationError(
                    "--to \(log.rawValue) has answers; --content \(content.rawValue) is for "
                        + ExportFormat.allCases.map(\.rawValue).joined(separator: " and "))
            case .rows(let format) where output != nil:
                throw ValidationError(
                    "--output is where the files of "
                        + ExportedLog.allCases.map(\.rawValue).joined(separator: " and ")
                        + " go; --to \(format.rawValue) prints: send that to a file with >")
            default: break
            }
        }

        func run() throws {
            let reader = try source.reader()
            let export = try Export(
                reader, experiment: source.experiment, configuration: configuration)
            if let choice = export.choice { StandardError.note(choice) }
            switch to {
            case .logs(let log):
                let folder = output ?? "results"
                try log.write(export, into: folder) { StandardError.note("wrote \($0)") }
            case .rows(let format):
                try export.write(content, as: format) {
                    try format == .csv ? StandardOutput.data($0) : StandardOutput.write($0)
                }
            }
        }
    }
}

extension ExportContent: ExpressibleByArgument {}
