import Foundation
import ResultsStore

/// What other programs' logs tell of a cell: its answers, and the run, data and models that they came from.
struct LoggedCell {
    let cell: CellRow
    let experiment: ExperimentRow
    /// All its questions, failed ones included, in the order of their names.
    let samples: [SampleRow]
    /// The last run that stored an answer of it.
    let attempt: AttemptRow?
    let dataset: DatasetRecord?
    /// The small model and the large one, of those that it has.
    let models: [(role: String, record: ModelRecord)]
    /// Texts by the question's name.
    let questions: [String: String]
    /// The most tokens that an answer may have.
    let maxTokens: Int?

    init(
        _ reader: ResultsReader, cell: CellRow, experiment: ExperimentRow
    ) throws(StoreError) {
        self.cell = cell
        self.experiment = experiment
        samples = try reader.samples(of: cell.id)
        let storing = Set(samples.map(\.attempt))
        attempt = try reader.attempts().last { storing.contains($0.id) }
        dataset = try cell.record.dataset.map { id throws(StoreError) in
            try reader.dataset(id)
        }
        questions =
            try cell.record.dataset.map { id throws(StoreError) in
                try reader.questionTexts(of: id)
            } ?? [:]
        let facts = SharedFacts(canonical: cell.record.canonical, method: "", router: nil)
        maxTokens = facts.base["generation.maxTokens"].flatMap { Int($0) }
        // A single model's cell is stored beside the pair of its sweep; the text is decided by the one that it names.
        let named = Set(["slmSha256", "llmSha256"]).intersection(facts.partial.keys)
        var models: [(role: String, record: ModelRecord)] = []
        for (role, id) in [("slm", cell.record.slm), ("llm", cell.record.llm)] {
            guard let id, named.isEmpty || named.contains(role + "Sha256") else { continue }
            models.append((role, try reader.model(id)))
        }
        self.models = models
    }

    /// Its answers, without failures.
    var answers: [SampleRecord] { samples.compactMap(\.sample) }

    /// The data set and its split, else the experiment: what other programs call a task.
    var task: String { cell.dataset ?? experiment.record.name }

    /// When that run began: UTC, ISO 8601 with milliseconds and `Z`. No answers, no run: 1970.
    var started: String { attempt?.started ?? "1970-01-01T00:00:00.000Z" }

    /// The same in seconds since 1970; nil for a text that is no time.
    var startedSeconds: Double? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? style.parse(started))?.timeIntervalSince1970
    }

    /// Every metric that answers have; a cost that was not measured for all of them is left out.
    var means: [MetricMean] {
        let answers = answers
        return AnswerMetric.all.compactMap { metric in
            let mean = MetricMean(metric, of: answers)
            let isGrade = AnswerMetric.grades.contains { $0.name == metric.name }
            return isGrade || mean?.count == answers.count ? mean : nil
        }
    }

    /// What decides its text, by name.
    var arguments: [(key: String, value: String)] {
        let own: [(String, String?)] = [
            ("policy", cell.record.policy), ("setting", cell.record.setting),
            ("label", cell.record.label), ("router", cell.router), ("judge", cell.judge),
        ]
        return models.map { ($0.role, $0.record.name) }
            + own.compactMap { key, value in value.map { (key, $0) } }
    }
}
