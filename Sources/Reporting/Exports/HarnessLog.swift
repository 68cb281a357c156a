import Foundation
import Hashing
package import ResultsStore

/// One cell as lm-evaluation-harness logs a model, so that its tools can read it.
///
/// The harness writes a folder a model, with `results_<time>.json`, what it computed of all tasks, and `samples_<task>_<time>.jsonl`, one
/// object a question (its `lm_eval/result_schema.py`, `evaluator.py` and `loggers/evaluation_tracker.py`). A cell is a model here. The
/// prompt stored here is the question's text without the chat template's frame. Failed questions are left out: the harness has no word
/// for them; `citer.failed` counts them. Times are those of the run that stored the answers, so that equal databases give equal bytes.
package struct HarnessLog {
    /// The place of the answers' file below the output folder.
    package var samplesPath: String { "\(folder)/samples_\(task)_\(time).jsonl" }
    /// The place of the results' file, beside it.
    package var resultsPath: String { "\(folder)/results_\(time).json" }

    private let logged: LoggedCell
    /// The folder, which is the model's name there.
    private let folder: String
    /// Also the key of everything in the results.
    private let task: String
    /// The harness finds task and time by the last underscore and writes no colons.
    private let time: String

    /// The name that the harness gives to what reads an answer from an output: here our graders' rules.
    private static let filter = "extract"

    /// The log of one cell of an experiment.
    package init(
        _ reader: ResultsReader, cell: CellRow, experiment: ExperimentRow
    ) throws(StoreError) {
        logged = try LoggedCell(reader, cell: cell, experiment: experiment)
        time = logged.started.replacing("Z", with: "").replacing(":", with: "-")
        task = ExperimentName.stem(logged.task)
        let models = [cell.slm, cell.llm].compactMap(\.self).joined(separator: "__")
        folder = ExperimentName.stem("\(models)__\(cell.name)")
    }

    // MARK: - Answers

    /// Hands over the answers' file, a line at a time.
    package func writeSamples(to write: (String) throws -> Void) throws {
        for (index, row) in logged.samples.enumerated() {
            guard let sample = row.sample else { continue }
            try write(line(sample, index: index).value.text() + "\n")
        }
    }

    private typealias Hashes = (doc: String, prompt: String, target: String)

    private func line(
        _ sample: SampleRecord, index: Int
    ) -> (value: JSONValue, hashes: Hashes) {
        let prompt = logged.questions[sample.question] ?? ""
        let target = sample.gold ?? ""
        let doc = JSONValue.object([
            ("id", .string(sample.question)), ("question", .string(prompt)),
            ("answer", .string(target)),
        ])
        let hash = { (text: String) in SHA256.hexadecimal(of: text.utf8) }
        let hashes = (doc: hash(doc.text()), prompt: hash(prompt), target: hash(target))
        let metrics = AnswerMetric.all.compactMap { metric in
            metric.value(sample).map { (key: metric.name, value: JSONValue.number($0)) }
        }
        let argument = JSONValue.object([("arg_0", .string(prompt)), ("arg_1", .object([]))])
        let members: [(key: String, value: JSONValue)] = [
            ("doc_id", .integer(index)),
            ("doc", doc),
            ("target", .string(target)),
            ("arguments", .object([("gen_args_0", argument)])),
            ("resps", .array([.array([.string(sample.output)])])),
            ("filtered_resps", .array([.string(sample.grade.extracted ?? "[invalid]")])),
            ("filter", .string(Self.filter)),
            ("metrics", .array(metrics.map { .string($0.key) })),
            ("doc_hash", .string(hashes.doc)),
            ("prompt_hash", .string(hashes.prompt)),
            ("target_hash", .string(hashes.target)),
            ("rule", .string(sample.grade.rule ?? "none")),
        ]
        return (.object(members + metrics), hashes)
    }

    // MARK: - Results

    /// The results' file.
    package var results: String {
        let means = logged.means
        let answers = logged.samples.count { $0.sample != nil }
        let own = { (value: JSONValue) in JSONValue.object([(task, value)]) }
        let better = means.map {
            (key: $0.metric.name, value: JSONValue.bool($0.metric.isHigherBetter))
        }
        let counts = JSONValue.object([
            ("original", .integer(logged.dataset?.rows ?? logged.samples.count)),
            ("effective", .integer(answers)),
        ])
        let hashes = logged.samples.enumerated().map { index, row in
            row.sample.map { sample in
                let hashes = line(sample, index: index).hashes
                return hashes.doc + hashes.prompt + hashes.target
            } ?? ""
        }.joined()
        return JSONValue.object([
            ("results", own(metrics(means, answers: answers))),
            ("group_subtasks", own(.array([]))),
            ("configs", own(configuration(means))),
            ("versions", own(.string(graders))),
            ("n-shot", own(.integer(0))),
            ("higher_is_better", own(.object(better))),
            ("n-samples", own(counts)),
            ("config", run),
            ("git_hash", .text(logged.attempt?.record.commit)),
            ("date", logged.startedSeconds.map { .integer(Int($0)) } ?? .null),
            ("task_hashes", own(.string(SHA256.hexadecimal(of: hashes.utf8)))),
            ("model_source", .string("citer")),
            ("model_name", .string(folder)),
            ("model_name_sanitized", .string(folder)),
            ("system_instruction", .null),
            ("system_instruction_sha", .null),
            ("fewshot_as_multiturn", .bool(false)),
            ("chat_template", .null),
            ("chat_template_sha", .null),
            ("citer", provenance),
        ]).text(indent: true) + "\n"
    }

    private func metrics(_ means: [MetricMean], answers: Int) -> JSONValue {
        let numbers = means.flatMap { mean -> [(key: String, value: JSONValue)] in
            [
                ("\(mean.metric.name),\(Self.filter)", .number(mean.mean)),
                (
                    "\(mean.metric.name)_stderr,\(Self.filter)",
                    mean.standardError.map { .number($0) } ?? .string("N/A")
                ),
            ]
        }
        let names: [(key: String, value: JSONValue)] = [
            ("name", .string(task)), ("alias", .string(task)), ("sample_len", .integer(answers)),
        ]
        return .object(names + numbers)
    }

    private func configuration(_ means: [MetricMean]) -> JSONValue {
        let metrics = means.map { mean in
            JSONValue.object([
                ("metric", .string(mean.metric.name)), ("aggregation", .string("mean")),
                ("higher_is_better", .bool(mean.metric.isHigherBetter)),
            ])
        }
        let filter = JSONValue.object([
            ("name", .string(Self.filter)),
            ("filter", .array([.object([("function", .string(graders))])])),
        ])
        return .object([
            ("task", .string(task)),
            ("dataset_path", .text(logged.dataset?.source ?? logged.dataset?.name)),
            ("test_split", .text(logged.dataset?.split)),
            ("doc_to_text", .string("question")),
            ("doc_to_target", .string("answer")),
            ("output_type", .string("generate_until")),
            ("generation_kwargs", generation),
            ("num_fewshot", .integer(0)),
            ("repeats", .integer(1)),
            ("metric_list", .array(metrics)),
            ("filter_list", .array([filter])),
            ("metadata", .object([("version", .string(graders))])),
        ])
    }

    /// The graders' versions; nearly always one.
    private var graders: String {
        Set(logged.answers.map(\.grade.version)).sorted().joined(separator: "; ")
    }

    private var generation: JSONValue {
        .object(
            (logged.maxTokens.map { [("max_gen_toks", .integer($0))] } ?? []) + [
                ("do_sample", .bool(false))
            ])
    }

    /// As the harness takes them: names and values in one text.
    private var run: JSONValue {
        let arguments = logged.arguments.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return .object([
            ("model", .string("citer")),
            ("model_args", .string(arguments)),
            ("batch_size", .null),
            ("batch_sizes", .array([])),
            ("device", .string("cpu")),
            ("use_cache", .null),
            ("limit", .null),
            ("bootstrap_iters", .integer(0)),
            ("gen_kwargs", generation),
            ("random_seed", logged.experiment.record.seed.map { .integer($0) } ?? .null),
        ])
    }

    /// What the harness has no place for.
    private var provenance: JSONValue {
        .object([
            ("experiment", .string(logged.experiment.record.name)),
            ("cell", .string(logged.cell.record.key)),
            ("policy", .string(logged.cell.record.policy)),
            ("setting", .text(logged.cell.record.setting)),
            ("label", .text(logged.cell.record.label)),
            ("failed", .integer(logged.samples.count { $0.sample == nil })),
            ("program_version", .text(logged.attempt?.record.programVersion)),
            ("attempt", .text(logged.attempt?.uid)),
        ])
    }
}
