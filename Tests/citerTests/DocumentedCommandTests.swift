import ArgumentParser
import Assets
import Foundation
import ResultsStore
import Routing
import SweepSupport
import TestSupport
import Testing

@testable import Specs
@testable import citer

/// Every command that README, docs and specs show is right: found in the text, read by the command's own parser, its names looked up, and
/// run where a tiny experiment can stand in for models and data.
struct DocumentedCommandTests {
    static let root = checkoutRoot
    static let search = try? CommandSearch(root: root)
    static let commands = search?.commands ?? []

    @Test func theyAreFound() throws {
        let search = try #require(Self.search)
        #expect(search.unknown.isEmpty, "no known form: \(search.unknown)")
        #expect(search.commands.count { $0.form == .line } > 30)
        #expect(search.commands.count { $0.form == .mention } > 5)
        for program in ["citer", "make", "sqlite3", ".build/release/citer"] {
            #expect(search.commands.contains { $0.program == program }, "\(program)")
        }
    }

    @Test(arguments: commands)
    func isRight(_ command: DocumentedCommand) throws {
        let words = try #require(command.words, "a quote is not closed")
        switch words.first {
        case "citer", ".build/release/citer": try checkCiter(command, Array(words.dropFirst()))
        case "make": try checkMake(Array(words.dropFirst()))
        case "sqlite3": checkFiles(Array(words.dropFirst()))
        default:
            // A script's options are words of its own text.
            let script = try String(
                contentsOfFile: "\(Self.root)/\(words[0])", encoding: .utf8)
            for word in words where word.hasPrefix("--") {
                #expect(script.contains("\"\(word)\""), "\(words[0]) has no \(word)")
            }
        }
    }

    private func checkCiter(_ command: DocumentedCommand, _ words: [String]) throws {
        if command.form == .synopsis { return checkSynopsis(words, of: Citer.self) }
        checkFiles(words)
        let parsed: any ParsableCommand
        do {
            parsed = try Citer.parseAsRoot(words)
        } catch {
            let said = Citer.fullMessage(for: error)
            guard command.form == .mention else {
                Issue.record("\(said)")
                return
            }
            // Within a sentence arguments may be left out; what is there must exist.
            checkMention(words, of: Citer.self, said)
            return
        }
        switch parsed {
        case let sweep as SweepCommand: try checkSpec(sweep.source.spec, sweep.source.overrides)
        case let train as TrainCommand: try checkSpec(train.source.spec, train.source.overrides)
        case let bench as BenchCommand:
            if let spec = bench.sweep { try checkSpec(spec, bench.overrides) }
            if let model = bench.model { try checkModel(model) }
        case let report as ReportCommand:
            if let name = report.source.name { checkExperiment(name) }
        case let compare as CompareCommand:
            try checkCell(compare.left, of: compare.source.experiment)
            try checkCell(compare.right, of: compare.source.experiment)
        case let outlook as OutlookCommand: checkExperiment(outlook.source.experiment)
        case let show as ShowCommand:
            try checkCell(show.cell, of: show.source.experiment)
        case let generate as GenerateCommand:
            for model in [generate.model, generate.slm, generate.llm].compactMap(\.self) {
                try checkModel(model)
            }
        case let score as ScoreCommand: try checkModel(score.model.model)
        case let tokenize as TokenizeCommand: try checkModel(tokenize.model.model)
        default: break
        }
    }

    private func checkMention(
        _ words: [String], of type: any ParsableCommand.Type, _ said: String
    ) {
        var type = type
        for (index, word) in words.enumerated() {
            if let next = type.configuration.subcommands.first(where: { $0._commandName == word }) {
                type = next
            } else if word.hasPrefix("--") {
                #expect(
                    Citer.helpMessage(for: type).contains(word), "\(type._commandName): no \(word)")
            } else {
                #expect(index > 0 && type.configuration.subcommands.isEmpty, "\(said)")
            }
        }
    }

    /// Every verb and option that it names exists; what stands for the reader's words is not looked at.
    private func checkSynopsis(_ words: [String], of type: any ParsableCommand.Type) {
        let verbs = type.configuration.subcommands
        for (index, word) in words.enumerated() where word != "|" {
            for choice in word.split(separator: "|") {
                let name = choice.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
                if let next = verbs.first(where: { $0._commandName == name }) {
                    // Alternatives have no words of their own but placeholders.
                    let rest = words[(index + 1)...]
                    let isAlternative = next.configuration.subcommands.isEmpty && rest.contains("|")
                    return checkSynopsis(Array(rest), of: isAlternative ? type : next)
                }
                guard name.hasPrefix("--") else {
                    let isVerb = name.unicodeScalars.allSatisfy { ("a"..."z").contains($0) }
                    #expect(verbs.isEmpty || !isVerb, "\(type._commandName) has no \(name)")
                    continue
                }
                #expect(
                    Citer.helpMessage(for: type).contains(name),
                    "\(type._commandName) has no \(name)")
            }
        }
    }

    private func checkMake(_ words: [String]) throws {
        var values: [String: String] = [:]
        for word in words where word.contains("=") {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            values[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        let makefile = try String(contentsOfFile: Self.root + "/Makefile", encoding: .utf8)
        for name in values.keys {
            #expect(makefile.contains("\n\(name) ?="), "the Makefile has no variable \(name)")
        }
        for target in words where !target.contains("=") {
            #expect(makefile.contains("\n\(target):"), "the Makefile has no target \(target)")
        }
        let experiment = values["EXP"] ?? "gsm8k"
        if words.contains("sweep") || words.contains("train") {
            let overrides = (values["SET"] ?? "").split(separator: " ").map(String.init)
            try checkSpec("experiments/\(experiment).yaml", overrides)
        } else {
            checkExperiment(experiment)
        }
        if let model = values["MODEL"] { try checkModel(model) }
        guard FileManager.default.isExecutableFile(atPath: "/usr/bin/make") else { return }
        let plain = ["MAKEFLAGS": "", "MFLAGS": "", "MAKELEVEL": ""]
        try withTemporaryDirectory { folder in
            let result = try CiterCommand(
                ["-n", "-C", Self.root] + words, in: folder, environment: plain,
                program: "/usr/bin/make"
            ).finish()
            #expect(result.status == 0, "\(result.messages)")
        }
    }

    /// Files exist, are what an experiment of ours makes, or are for the reader to put in.
    private func checkFiles(_ words: [String]) {
        for (index, word) in words.enumerated() {
            let isOutput = index > 0 && ["--db", "--output"].contains(words[index - 1])
            let endings = [".yaml", ".yml", ".jsonl", ".sqlite", ".gguf", ".sql", ".py"]
            guard endings.contains(where: word.hasSuffix), !isOutput,
                !DocumentedCommand.isPlaceholder(word)
            else { continue }
            if word.hasPrefix("results/"), word.hasSuffix(".sqlite") {
                checkExperiment(String(word.dropFirst(8).dropLast(7)))
            } else {
                #expect(
                    FileManager.default.fileExists(atPath: "\(Self.root)/\(word)"), "no \(word)")
            }
        }
    }

    private func checkExperiment(_ name: String) {
        guard !DocumentedCommand.isPlaceholder(name) else { return }
        let spec = "\(Self.root)/experiments/\(name).yaml"
        #expect(FileManager.default.fileExists(atPath: spec), "no experiment \(name)")
    }

    private func checkModel(_ name: String) throws {
        guard !DocumentedCommand.isPlaceholder(name), !AssetCatalog.isPath(name) else { return }
        _ = try AssetCatalog(directory: Self.root + "/experiments").model(named: name)
    }

    @discardableResult
    private func checkSpec(_ path: String, _ overrides: [String] = []) throws -> SweepSpec? {
        guard !DocumentedCommand.isPlaceholder(path) else { return nil }
        let names = try SpecNames(
            catalog: AssetCatalog(directory: Self.root + "/experiments"), routers: nil,
            fileExists: { _ in false })
        return try SweepSpec.load(
            path: "\(Self.root)/\(path)", overrides: overrides, known: names)
    }

    /// A cell that the experiment has on every machine: thresholds given as quantiles are not known before.
    private func checkCell(_ cell: String, of experiment: String) throws {
        guard !DocumentedCommand.isPlaceholder(experiment),
            let spec = try checkSpec("experiments/\(experiment).yaml")
        else { return }
        let names = spec.settings.filter { $0.label == nil }.map { setting in
            setting.policy.name + (setting.setting.map { ":\($0)" } ?? "")
        }
        #expect(names.contains(cell), "\(experiment) has \(names)")
    }

    // MARK: Running them

    /// In their order, since one command reads what another has written.
    @Test func theyRun() throws {
        try withTemporaryDirectory { folder in
            let standIn = try StandInCheckout(at: folder, for: Self.root)
            var ran = 0
            for command in Self.commands where command.form == .line {
                guard let words = command.words, standIn.canRun(words) else { continue }
                try standIn.prepare(for: words)
                let result = try standIn.run(words)
                // That parts are missing is an answer, too.
                let right: [Int32] = words.contains("--status") ? [0, 1] : [0]
                #expect(right.contains(result.status), "\(command): \(result.messages)")
                #expect(
                    !result.output.isEmpty || result.messages.contains("wrote "),
                    "\(command) says nothing")
                ran += 1
            }
            #expect(ran >= 10)
        }
    }
}
