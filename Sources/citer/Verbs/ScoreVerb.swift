package import Assets
import Generation
import Inference
import Platform
import Runs

/// `citer score`: the log-probabilities of given continuations, by teacher forcing.
package struct ScoreVerb {
    private struct Row: Decodable {
        let promptIDs: [Int32]
        let ids: [Int32]
        enum CodingKeys: String, CodingKey {
            case promptIDs = "prompt_ids"
            case ids
        }
    }
    private struct Output: Encodable {
        let logprobs: [Float]
        let argmax: [Int32]
    }

    private let loaded: LoadedModel

    /// Loads the model.
    package init(model: String, assets: AssetStore, threads: Int?) throws {
        loaded = try LoadedModel(assets.model(model), processor: Processor(threads: threads))
    }

    /// For every row `{"prompt_ids", "ids"}`: each id's log-probability after the prompt and the ids before it, and the most probable id there.
    package func run(file: String, json: Bool) throws {
        let rows = try numberedJSONLines(
            Row.self, at: file, expected: "\"prompt_ids\" and \"ids\"")
        for (line, row) in rows {
            guard !row.promptIDs.isEmpty else {
                throw InputError.badLine(
                    path: file, line: line, expected: "a \"prompt_ids\" that is not empty")
            }
            let output = try score(row)
            if json {
                try printJSON(output)
            } else {
                for (id, (best, value)) in zip(row.ids, zip(output.argmax, output.logprobs)) {
                    let other = best == id ? "" : " (argmax \(best))"
                    try StandardOutput.show("\(id) \(value)\(other)")
                }
            }
        }
    }

    private func score(_ row: Row) throws -> Output {
        guard !row.ids.isEmpty else { return Output(logprobs: [], argmax: []) }
        let all = row.promptIDs + row.ids
        let sequence = loaded.model.makeSequence()
        let before = row.promptIDs.count - 1
        if before > 0 {
            _ = try loaded.model.forward(
                [Segment(sequence, Array(all[..<before]), read: .none)])
        }
        let readings = try loaded.model.forward([
            Segment(
                sequence, Array(all[before..<(all.count - 1)]),
                read: Read(.all, targets: row.ids))
        ])[0]
        return Output(
            logprobs: readings.flatMap(\.targetLogProbabilities), argmax: readings.map(\.argmax))
    }
}
