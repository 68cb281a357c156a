import Foundation
import Hashing
package import ResultsStore

/// One cell's answers as lm-evaluation-harness logs samples, so that its tools can read them.
///
/// The harness writes `<model>/samples_<task>_<time>.jsonl`, one object a question (its
/// `lm_eval/evaluator.py` and `lm_eval/loggers/evaluation_tracker.py`). The prompt stored here is
/// the question's text without the chat template's frame. Failed questions are left out: the
/// harness has no word for them.
package struct HarnessLog {
    /// The file's place below the output folder.
    package let path: String
    /// The file's text.
    package let text: String

    /// The log of one cell. `task` names the task in the file's name.
    package init(_ reader: ResultsReader, cell: CellRow, task: String) throws(StoreError) {
        let questions = try cell.record.dataset.map { dataset throws(StoreError) in
            try reader.questionTexts(of: dataset)
        }
        let samples = try reader.samples(of: cell.id)
        let attempts = try reader.attempts()
        let last = Set(samples.map(\.attempt))
        let started = attempts.last { last.contains($0.id) }?.started ?? "1970-01-01T00:00:00.000Z"
        // The harness finds task and time by the last underscore and writes no colons.
        let time = started.replacing("Z", with: "").replacing(":", with: "-")
        let models = [cell.slm, cell.llm].compactMap(\.self).joined(separator: "__")
        path =
            "\(ExperimentName.stem("\(models)__\(cell.name)"))/samples_\(ExperimentName.stem(task))_\(time).jsonl"
        text = samples.enumerated().compactMap { index, row in
            row.sample.map { Self.line($0, index: index, question: questions?[row.question]) }
        }.joined()
    }

    private static func line(_ sample: SampleRecord, index: Int, question: String?) -> String {
        let prompt = question ?? ""
        let target = sample.gold ?? ""
        let doc = JSONValue.object([
            ("id", .string(sample.question)), ("question", .string(prompt)),
            ("answer", .string(target)),
        ])
        let metric: (name: String, value: JSONValue) =
            if let correct = sample.grade.correct {
                ("exact_match", .number(correct ? 1 : 0))
            } else {
                ("score", .number(sample.grade.score ?? 0))
            }
        let argument = JSONValue.object([("arg_0", .string(prompt)), ("arg_1", .object([]))])
        return JSONValue.object([
            ("doc_id", .integer(index)),
            ("doc", doc),
            ("target", .string(target)),
            ("arguments", .object([("gen_args_0", argument)])),
            ("resps", .array([.array([.string(sample.output)])])),
            ("filtered_resps", .array([.string(sample.grade.extracted ?? "[invalid]")])),
            ("filter", .string(sample.grade.rule ?? "none")),
            ("metrics", .array([.string(metric.name)])),
            ("doc_hash", .string(SHA256.hexadecimal(of: doc.text().utf8))),
            ("prompt_hash", .string(SHA256.hexadecimal(of: prompt.utf8))),
            ("target_hash", .string(SHA256.hexadecimal(of: target.utf8))),
            (metric.name, metric.value),
        ]).text() + "\n"
    }
}
