import Foundation
package import ResultsStore
import Routing

/// How fast other pairs of models would be at what an experiment has measured: its steps, passes and agreement at other costs (docs/method.md, 2.12).
///
/// Arithmetic, not a measurement: one text at a time, a pass of L is 1 and a fixed amount for each token that it reads beyond the first, one of S a fixed share
/// of that, and nothing else takes time. Prompts are left out.
package struct Outlook {
    /// What another pair costs, in single steps of its large model.
    package struct Costs: Equatable, Sendable {
        /// A step of the small model: one column of the tables each.
        package let slmSteps: [Double]
        /// What each token of a pass costs beyond the first.
        package let token: Double

        /// Costs of steps between 0 and 1, the latter included, and of a further token from 0 to 1.
        package init?(slmSteps: [Double], token: Double) {
            guard !slmSteps.isEmpty, slmSteps.allSatisfy({ $0 > 0 && $0 <= 1 }),
                Set(slmSteps).count == slmSteps.count, (0...1).contains(token)
            else { return nil }
            self.slmSteps = slmSteps
            self.token = token
        }
    }

    private let experiment: String
    private let costs: Costs
    private let cells: [MeasuredSteps]
    private let agreements: [Agreement]
    private let footer: [String]

    /// Reads one configuration of an experiment, as `Report` does. Throws `.nothingYet` where no cell has called L.
    package init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil,
        at costs: Costs
    ) throws(StoreError) {
        let data = try ReportData(reader, experiment: name, configuration: configuration)
        experiment = data.experiment.record.name
        self.costs = costs
        var cells: [MeasuredSteps] = []
        for cell in data.cells {
            let catchUps = try reader.slmCatchUps(of: cell.id)
            let measured = MeasuredSteps(cell, data.outcomes[cell.id] ?? [], catchUps: catchUps)
            if let measured { cells.append(measured) }
        }
        self.cells = cells
        footer = data.footer
        guard !cells.isEmpty else { throw .nothingYet(path: reader.path) }
        // Where S drafts a fixed length, whatever it thinks of it: what a gate lets pass is agreed upon more often.
        let fixed = data.cells.filter { $0.method == PolicyDefinition.speculative.name }
            .compactMap { data.drafts[$0.id] }
        let checked = fixed.reduce(0) { $0 + $1.checked }
        let measured =
            checked > 0 ? Double(fixed.reduce(0) { $0 + $1.accepted }) / Double(checked) : nil
        agreements =
            (measured.map { [Agreement(share: $0, isMeasured: true)] } ?? [])
            + [0.7, 0.8, 0.9, 0.95, 0.98, 0.99].map { Agreement(share: $0, isMeasured: false) }
    }

    /// The tables as one text; CSV holds that of the measured settings.
    package func text(as format: ReportFormat) -> String {
        switch format {
        case .markdown: tables.map { $0.markdown() }.joined(separator: "\n")
        case .csv: measured.csv()
        case .latex:
            tables.map { $0.latex(label: "tab:\(experiment)-\($0.name)") }.joined(separator: "\n")
        case .json:
            JSONValue.object([
                ("experiment", .string(experiment)), ("token", .number(costs.token)),
                ("tables", .object(tables.map { ($0.name, $0.json) })),
                ("footer", .array(footer.map { .string($0) })),
            ]).text(indent: true) + "\n"
        }
    }

    private var tables: [Table] { [measured, byAgreement] }

    // MARK: The measured settings

    /// What a cell's answers took, a token.
    private struct MeasuredSteps {
        let cell: CellRow
        let n: Int
        /// Passes of S.
        let slm: Double
        /// Tokens that S read behind the prompt beyond the first of each pass.
        let slmFurther: Double
        /// Passes of L.
        let passes: Double
        /// The tokens of L's passes beyond the first, likewise.
        let further: Double

        /// Nil where nothing was written, or L never called.
        /// - Parameter catchUps: `ResultsReader.slmCatchUps`.
        init?(_ cell: CellRow, _ outcomes: [QuestionOutcome], catchUps: Int) {
            var (tokens, slm, passes, further) = (0, 0, 0, 0)
            for outcome in outcomes {
                tokens += outcome.tokens
                passes += outcome.llmPasses
                // The first pass ends with the prompt's last token. An answer in which a model never spoke has not read the prompt with it.
                let ahead = outcome.promptTokens - 1
                slm += max(0, outcome.slmProcessed - ahead)
                further += max(0, outcome.llmProcessed - ahead - outcome.llmPasses)
            }
            guard tokens > 0, passes > 0 else { return nil }
            func share(_ count: Int) -> Double { Double(count) / Double(tokens) }
            self.cell = cell
            n = outcomes.count
            self.slm = share(max(0, slm - catchUps))
            slmFurther = share(min(slm, catchUps))
            self.passes = share(passes)
            self.further = share(further)
        }

        /// How many times as fast as L alone, which takes one step a token.
        func speedup(slmStep: Double, token: Double) -> Double {
            1 / ((slm + slmFurther * token) * slmStep + passes + further * token)
        }
    }

    private var measured: Table {
        let steps: [ResultColumn<MeasuredSteps>] = [
            .text("Policy", "policy") { $0.cell.method },
            .text("Setting", "setting") { $0.cell.record.setting },
            .count("n", "n") { $0.n },
            .number("S passes", "slm_passes", decimals: 3) { $0.slm },
            .number("Further", "slm_further_tokens", decimals: 2) { $0.slmFurther },
            .number("L passes", "llm_passes", decimals: 3) { $0.passes },
            .number("Further", "llm_further_tokens", decimals: 2) { $0.further },
        ]
        return Table(
            name: "outlook",
            title: "\(experiment): times as fast as the llm, by what a step of the slm costs",
            columns: steps
                + costs.slmSteps.map { cost in
                    .number(percentWord(cost), key(cost), decimals: 2) {
                        $0.speedup(slmStep: cost, token: costs.token)
                    }
                },
            results: cells,
            notes: [
                "Computed, one text at a time: a pass of the slm costs the column's share of the llm's, one of the llm a step, and either \(percentWord(costs.token)) of itself more for "
                    + "each further token that it reads; nothing else takes time, prompts are left out. Passes and further tokens are measured, for each token that was written; "
                    + "passes of the slm follow from what it read and where it said nothing, and where tokens are copied from the text (ngram) they are at most as many."
            ] + footer)
    }

    // MARK: Other agreement

    /// How often L would have written what S drafted.
    private struct Agreement {
        let share: Double
        let isMeasured: Bool

        /// The fastest fixed length of drafts, 0 where none gains anything, and how many times as fast it is (Leviathan et al. 2023, theorem 3.8, with a cost of
        /// further tokens).
        func best(slmStep: Double, token: Double) -> (draft: Int, speedup: Double) {
            var best = (draft: 0, speedup: 1.0)
            for draft in 1...Outlook.longest {
                let written =
                    share < 1
                    ? (1 - pow(share, Double(draft + 1))) / (1 - share) : Double(draft + 1)
                let speedup = written / (Double(draft) * (slmStep + token) + 1)
                if speedup > best.speedup { best = (draft, speedup) }
            }
            return best
        }
    }

    /// Longer drafts are not looked at.
    private static let longest = 64

    private var byAgreement: Table {
        let head: [ResultColumn<Agreement>] = [
            .percent("Agreement %", "agreement") { $0.share },
            .text("", "source") { $0.isMeasured ? "measured" : nil },
        ]
        let speeds: [ResultColumn<Agreement>] = costs.slmSteps.flatMap { cost in
            [
                .number(percentWord(cost), key(cost), decimals: 2) {
                    $0.best(slmStep: cost, token: costs.token).speedup
                },
                .count("draft", "draft\(key(cost).dropFirst("speedup".count))") {
                    $0.best(slmStep: cost, token: costs.token).draft
                },
            ]
        }
        return Table(
            name: "outlook-agreement",
            title:
                "\(experiment): the same by agreement, with the best fixed length of drafts, strict",
            columns: head + speeds, results: agreements,
            notes: [
                "Drafts of g, each token of which the llm would have written with the chance a, whatever came before, give (1 - a^(g+1)) / (1 - a) tokens a pass, and take g steps of the "
                    + "slm and a pass over g + 1 tokens (Leviathan et al. 2023, theorem 3.8). Draft: the best g, up to \(Self.longest); 0 where none is faster than the llm."
            ])
    }

    private func key(_ cost: Double) -> String { "speedup_at_\(cost)" }

}
