import ResultsStore

/// Which configuration a report is about, and what else its database holds (docs/design.md, section 5).
struct ConfigurationTable {
    let choice: ConfigurationChoice
    /// Names of models and data by their hashes.
    let names: [String: String]

    private var chosen: SweepConfiguration { choice.chosen }

    /// `configuration 1 of 2 (key 0123abcd, the newest): max_tokens=8`; nil where there is no other.
    var sentence: String? {
        guard choice.all.count > 1 else { return nil }
        let newest = chosen.number == 1 ? ", the newest" : ""
        return
            "This is about configuration \(chosen.number) of \(choice.all.count) in the database (key "
            + "\(chosen.shortKey)\(newest)): \(differences(of: chosen)). Nothing of the others is counted "
            + "here; --configuration NUMBER or KEY chooses another."
    }

    /// Nil where there is only one.
    var table: Table? {
        guard choice.all.count > 1 else { return nil }
        return Table(
            name: "configurations", title: "Configurations in this database",
            columns: [
                .count("Configuration", "configuration") { $0.number },
                .text("Key", "key") { $0.shortKey },
                .text("What differs", "facts") { differences(of: $0) },
                .count("Cells", "cells") { $0.cells.count },
                .count("Answers", "answers") { $0.answers },
                .text("Last run", "last_run") { $0.lastRun },
                .text("Here", "chosen") { $0.number == chosen.number ? "this one" : nil },
            ] as [ResultColumn<SweepConfiguration>],
            results: choice.all, notes: [])
    }

    /// What it is about, for programs.
    var json: JSONValue {
        .object([
            ("number", .integer(chosen.number)), ("of", .integer(max(1, choice.all.count))),
            ("key", .string(chosen.key)),
            (
                "facts",
                .object(
                    chosen.facts.all.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
            ),
        ])
    }

    /// What decides the texts and is not in any other line of the report.
    var settings: String {
        let facts = chosen.facts.all
        return ["generation.maxTokens", "generation.template", "task.prompt", "decoder"].compactMap
        {
            name in facts[name].map { "\(Self.title(name)) \($0)" }
        }.joined(separator: ", ")
    }

    private func differences(of configuration: SweepConfiguration) -> String {
        let facts = configuration.facts.all
        return choice.differences.compactMap { name in
            facts[name].map { "\(Self.title(name))=\(shown($0, of: name))" }
        }.joined(separator: ", ")
    }

    /// A hash by the name of what it is of, and its start, for two of one name can differ.
    private func shown(_ value: String, of fact: String) -> String {
        guard value.count >= 32, value.allSatisfy(\.isHexDigit) else { return value }
        let start = String(value.prefix(8))
        return names[value].map { "\($0) (\(start))" } ?? start
    }

    /// The word that specs use, where there is one.
    static func title(_ fact: String) -> String {
        switch fact {
        case "generation.maxTokens": "max_tokens"
        case "generation.tokenizerSha256": "tokenizer"
        case "generation.endTokens": "end tokens"
        case "task.dataSha256": "data"
        case "task.name": "task"
        case "task.prompt": "prompt"
        case "policy.seed": "seed"
        case "policy.grader": "grader"
        case "slmSha256": "slm"
        case "llmSha256": "llm"
        default: fact.hasPrefix("generation.") ? String(fact.dropFirst("generation.".count)) : fact
        }
    }
}
