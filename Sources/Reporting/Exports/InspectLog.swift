import Foundation
package import ResultsStore

/// One cell as a log of Inspect (`inspect_ai`), so that `inspect view` and its readers can open it.
///
/// The JSON form of its log, version 2 (its `inspect_ai/log/_log.py`), whose members' order its reader counts on: what is said of all
/// answers comes before them. A cell is a model there, called after its policy and setting; the models of the pair are its roles. Each
/// answer has its grade and its costs, rounded, as scores, by which the viewer sorts, and everything that is stored of it as metadata. Times
/// and names come from the database, so that equal databases give equal bytes.
package struct InspectLog {
    /// The file's name: the time, the task and the start of the cell's key, as Inspect splits it.
    package let name: String

    let logged: LoggedCell
    let model: String
    /// Inspect's form of the run's start.
    let created: String

    /// Digits of a cell's key that stand for it.
    static let digits = 22

    /// The log of one cell of an experiment.
    package init(
        _ reader: ResultsReader, cell: CellRow, experiment: ExperimentRow
    ) throws(StoreError) {
        logged = try LoggedCell(reader, cell: cell, experiment: experiment)
        model = "citer/\(cell.name)"
        created = Self.time(logged.started)
        let task = ExperimentName.stem(logged.task).replacing("_", with: "-")
        // To the second, as Inspect has it.
        let time = Self.time(logged.started.replacing(/\.\d+/, with: ""))
            .replacing(":", with: "-").replacing("+", with: "-")
        name = "\(time)_\(task)_\(cell.record.key.prefix(Self.digits)).json"
    }

    private static func time(_ text: String) -> String { text.replacing("Z", with: "+00:00") }

    /// Hands over the file in pieces, an answer each.
    package func write(to write: (String) throws -> Void) throws {
        let head: [(key: String, value: JSONValue)] = [
            ("version", .integer(2)), ("status", .string("success")), ("eval", specification),
            ("plan", plan), ("results", results), ("stats", statistics),
            ("invalidated", .bool(false)),
        ]
        try write("{\n" + head.map { "\(quoted($0.key)): \($0.value.text()),\n" }.joined())
        try write("\"samples\": [")
        for (index, row) in logged.samples.enumerated() {
            try write((index == 0 ? "\n" : ",\n") + answer(row).text())
        }
        try write("\n]}\n")
    }

    private func quoted(_ text: String) -> String { JSONValue.string(text).text() }

    // MARK: - What was run

    private var specification: JSONValue {
        let record = logged.cell.record
        let data = JSONValue.object(
            present([
                ("name", .text(logged.dataset?.name ?? logged.task)),
                ("location", .text(logged.dataset?.source)),
                ("samples", .integer(logged.samples.count)),
                ("sample_ids", .array(logged.samples.map { id($0.question) })),
                ("shuffled", .bool(false)),
            ]))
        let roles = logged.models.map { role, model in
            (key: role, value: JSONValue.object([("model", .string("citer/\(model.name)"))]))
        }
        let revision = logged.attempt?.record.commit.map { commit in
            JSONValue.object([
                ("type", .string("git")), ("origin", .string("")), ("commit", .string(commit)),
                ("dirty", logged.attempt?.record.dirty.map { .bool($0) } ?? .null),
            ])
        }
        return .object(
            present([
                ("eval_id", .string(String(record.key.prefix(Self.digits)))),
                ("run_id", .string(logged.attempt?.uid ?? "")),
                ("created", .string(created)),
                ("task", .string(logged.task)),
                ("task_id", .string(String(record.key.prefix(Self.digits)))),
                ("task_version", .string(graders)),
                ("task_args", texts(logged.arguments)),
                ("solver", .string(record.policy)),
                ("solver_args", texts(settings)),
                ("tags", .array([.string(logged.experiment.record.name)])),
                ("dataset", data),
                ("model", .string(model)),
                ("model_generate_config", generation),
                ("model_args", texts(logged.arguments)),
                ("model_roles", .object(roles)),
                ("config", .object([("epochs", .integer(1)), ("fail_on_error", .bool(false))])),
                ("revision", revision ?? .null),
                (
                    "packages",
                    texts(
                        logged.attempt.map {
                            [(key: "citer", value: $0.record.programVersion)]
                        } ?? [])
                ),
                ("metadata", provenance),
            ]))
    }

    private var plan: JSONValue {
        let step = JSONValue.object([
            ("solver", .string(logged.cell.record.policy)), ("params", texts(settings)),
        ])
        return .object([
            ("name", .string("plan")), ("steps", .array([step])), ("config", generation),
        ])
    }

    var generation: JSONValue {
        .object(
            present([
                ("max_tokens", logged.maxTokens.map { .integer($0) } ?? .null),
                ("temperature", .integer(0)),
            ]))
    }

    private var provenance: JSONValue {
        let record = logged.cell.record
        return .object(
            present([
                ("experiment", .string(logged.experiment.record.name)),
                ("question", .text(logged.experiment.record.question)),
                ("cell", .string(record.key)),
                ("policy", .string(record.policy)),
                ("setting", .text(record.setting)),
                ("label", .text(record.label)),
                ("method", .string(logged.cell.method)),
                ("keep", .text(record.keep)),
                ("threshold", record.threshold.map { .number($0) } ?? .null),
                ("host", .text(logged.attempt?.record.host)),
                ("cpu", .text(logged.attempt?.record.cpu)),
                ("command", .text(logged.attempt?.record.command)),
            ]))
    }

    /// `threshold=0.5,keep=strict` as names and values; a word without a value is its own.
    private var settings: [(key: String, value: String)] {
        (logged.cell.record.setting ?? "").split(separator: ",").map { part in
            let sides = part.split(separator: "=", maxSplits: 1)
            return (String(sides[0]), String(sides[sides.count - 1]))
        }
    }

    private var graders: String {
        Set(logged.answers.map(\.grade.version)).sorted().joined(separator: "; ")
    }

    // MARK: - What came out

    private var results: JSONValue {
        let answered = logged.samples.count { $0.sample != nil }
        let scores = logged.means.map { mean -> JSONValue in
            let metric = { (name: String, value: Double) in
                (
                    key: name,
                    value: JSONValue.object([("name", .string(name)), ("value", .number(value))])
                )
            }
            let isGrade = mean.metric.name == Self.graded
            let (name, factor) =
                mean.metric.column.map { ($0.name, $0.factor) } ?? (mean.metric.name, 1)
            let metrics =
                [metric(isGrade ? "accuracy" : "mean", mean.mean * factor)]
                + (mean.standardError.map { [metric("stderr", $0 * factor)] } ?? [])
            return .object([
                ("name", .string(name)),
                ("scorer", .string(name)),
                ("scored_samples", .integer(mean.count)),
                ("unscored_samples", .integer(logged.samples.count - mean.count)),
                ("metrics", .object(metrics)),
            ])
        }
        return .object([
            ("total_samples", .integer(logged.samples.count)),
            ("completed_samples", .integer(answered)),
            ("scores", .array(scores)),
        ])
    }

    /// The metric that Inspect writes as a letter: right or wrong.
    static let graded = "exact_match"

    private var statistics: JSONValue {
        let usages = logged.answers.map(\.usage)
        return .object([
            ("started_at", .string(created)),
            ("completed_at", .string(logged.attempt?.ended.map(Self.time) ?? "")),
            ("model_usage", usage(of: usages) { "citer/\($0.record.name)" }),
            ("role_usage", usage(of: usages) { $0.role }),
        ])
    }

    /// Tokens read and written by each model that reads any.
    func usage(
        of usages: [UsageRecord], by name: ((role: String, record: ModelRecord)) -> String
    ) -> JSONValue {
        .object(
            logged.models.map { model in
                let isLarge = model.role == "llm"
                let read = usages.reduce(0) { $0 + (isLarge ? $1.llmProcessed : $1.slmProcessed) }
                let written = usages.reduce(0) {
                    $0 + (isLarge ? $1.llmCalls : $1.tokens - $1.llmCalls)
                }
                return (key: name(model), value: tokens(read: read, written: written))
            })
    }

    func tokens(read: Int, written: Int) -> JSONValue {
        .object([
            ("input_tokens", .integer(read)), ("output_tokens", .integer(written)),
            ("total_tokens", .integer(read + written)),
        ])
    }

    // MARK: - Members

    func texts(_ pairs: [(key: String, value: String)]) -> JSONValue {
        .object(pairs.map { (key: $0.key, value: .string($0.value)) })
    }

    func present(
        _ members: [(key: String, value: JSONValue)]
    ) -> [(key: String, value: JSONValue)] {
        members.filter { $0.value != .null }
    }
}
