import Grading
import ResultsStore
import Routing
import Specs
import Statistics

/// The lines of a plan whose models are here.
struct PlanLines {
    let inputs: SweepInputs
    let reader: ResultsReader?
    let rates: MeasuredRates
    /// Answers that another database has, by cell key: they are not made again.
    let known: [String: Set<String>]
    private let stored: [String: CellRow]

    init(
        inputs: SweepInputs, reader: ResultsReader?, rates: MeasuredRates,
        known: [String: Set<String>]
    ) throws {
        self.inputs = inputs
        self.reader = reader
        self.rates = rates
        self.known = known
        var stored: [String: CellRow] = [:]
        for experiment in try reader?.experiments() ?? [] {
            for cell in try reader?.cells(of: experiment.id) ?? [] {
                stored[cell.record.key] = cell
            }
        }
        self.stored = stored
    }

    /// Calibration first, then the cells over what `select` leaves of the questions.
    func lines(
        _ select: (SelectedQuestions) -> SelectedQuestions
    ) throws -> [SweepPlan.Line] {
        var lines: [SweepPlan.Line] = []
        var scores: [ScoreName: [Int]] = [:]
        let samples = Calibration.samples(of: inputs.spec.settings)
        if !samples.isEmpty, let set = try inputs.task.calibrationQuestions() {
            for sample in samples {
                let name = [sample.policy.name, sample.router].compactMap(\.self)
                let key = try inputs.keys.identity(
                    calibrating: name[0], router: sample.router, data: set.sha256
                ).key().sha256
                lines.append(
                    try line("calibration of \(name.joined(separator: " "))", key, set, known: []))
                if let cell = stored[key], lines.last?.missing == 0, let reader {
                    scores[sample.scoreName] = try reader.scoreMillionths(
                        of: cell.id, questions: set.questions.map(\.id))
                }
            }
        }
        let set = try select(inputs.task.questions())
        // Where the calibration is not done, its quantiles are cells that are not begun.
        let resolved = try? Calibration.resolve(inputs.spec.settings, scores: scores)
        for setting in (resolved ?? inputs.spec.settings).distinct().settings {
            var key: String?
            if inputs.method(of: setting) != nil {
                key = try inputs.keys.identity(of: setting, data: set.sha256).key().sha256
            }
            lines.append(
                try line("\(setting)", key, set, known: key.flatMap { known[$0] } ?? []))
        }
        return lines
    }

    /// One line; the questions in `known` are answered elsewhere.
    private func line(
        _ name: String, _ key: String?, _ set: SelectedQuestions, known: Set<String>
    ) throws -> SweepPlan.Line {
        var finished = known
        var failures: [String: Int] = [:]
        if let key, let cell = stored[key], let reader {
            finished.formUnion(try reader.finishedQuestions(of: cell.id))
            failures = try reader.failedQuestions(of: cell.id)
        }
        return SweepPlan.Line(
            cell: name, questions: set.questions.count,
            done: set.questions.count { finished.contains($0.id) },
            failed: set.questions.count {
                !finished.contains($0.id) && failures[$0.id, default: 0] >= Cell.mostTries
            },
            tokensPerAnswer: key.flatMap { rates.tokensPerAnswer[$0] } ?? rates.meanTokens)
    }
}
