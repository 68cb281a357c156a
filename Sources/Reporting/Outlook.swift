import Foundation
package import ResultsStore
import Routing

/// How fast other pairs of models would be at what an experiment has measured: its steps, passes and agreement at other costs (docs/method.md, 2.12).
///
/// Arithmetic, not a measurement: one text at a time, a pass of L is 1 and a fixed amount for each token that it reads beyond the first, a step of S a fixed share
/// of it, and nothing else takes time. Prompts are left out.
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
        cells = data.cells.compactMap { MeasuredSteps($0, data.outcomes[$0.id] ?? []) }
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
        /// Tokens that S read behind the prompt: its steps, but for what it catches up on.
        let slm: Double
        let passes: Double
        /// Tokens that L read behind the prompt beyond the first of each pass.
        let further: Double

        /// Nil where nothing was written, or L never called.
        init?(_ cell: CellRow, _ outcomes: [QuestionOutcome]) {
            var (tokens, slm, passes, further) = (0.0, 0.0, 0.0, 0.0)
            for outcome in outcomes {
                let prompt = Double(outcome.promptTokens)
                tokens += Double(outcome.tokens)
                passes += Double(outcome.llmPasses)
                // An answer in which a model never spoke has not read the prompt with it.
                slm += max(0, Double(outcome.slmProcessed) - prompt)
                further += max(
                    0, Double(outcome.llmProcessed) - prompt - Double(outcome.llmPasses))
            }
            guard tokens > 0, passes > 0 else { return nil }
            self.cell = cell
            n = outcomes.count
            self.slm = slm / tokens
            self.passes = passes / tokens
            self.further = further / tokens
        }

        /// How many times as fast as L alone, which takes one step a token.
        func speedup(slmStep: Double, token: Double) -> Double {
            1 / (slm * slmStep + passes + further * token)
        }
    }

    private var measured: Table {
        let steps: [ResultColumn<MeasuredSteps>] = [
            .text("Policy", "policy") { $0.cell.method },
            .text("Setting", "setting") { $0.cell.record.setting },
            .count("n", "n") { $0.n },
            .number("S's steps", "slm_steps", decimals: 2) { $0.slm },
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
                "Computed, one text at a time: a step of the slm costs the column's share of the llm's, a pass of the llm one step and \(percentWord(costs.token)) of one for each "
                    + "further token that it reads; nothing else takes time, prompts are left out. Steps, passes and further tokens are measured, for each token that was written."
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
