import ArgumentParser
import Assets
import Generation
import Inference
import Platform
import Runs

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Log-probabilities of given continuations.",
        discussion: "All rows are read and checked before the first is scored.")
    @OptionGroup var model: ModelOptions
    @Option(help: "A JSON Lines file with rows {\"prompt_ids\", \"ids\"}.", transform: givenPath)
    var input: String
    @OptionGroup var threading: ThreadOptions
    @Flag(help: "{\"logprobs\", \"argmax\"} for each row.") var json = false

    func run() throws {
        let loaded = try LoadedModel(
            openAssets().model(model.model), processor: Processor(threads: threading.threads))
        let rows = try numberedJSONLines(
            Row.self, at: input, expected: "\"prompt_ids\" and \"ids\"")
        for (line, row) in rows { try check(row, at: line, loaded.model.config) }
        for (_, row) in rows {
            let output = try score(row, by: loaded)
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

    /// Whether the model can read the row; so no wrong one ends the command after others were printed.
    private func check(_ row: Row, at line: Int, _ config: ModelConfig) throws {
        guard !row.promptIDs.isEmpty else {
            throw InputError.badLine(
                path: input, line: line, expected: "a \"prompt_ids\" that is not empty")
        }
        for id in row.promptIDs + row.ids where id < 0 || Int(id) >= config.vocabulary {
            throw InputError.badRow(
                path: input, line: line,
                reason: "\(ForwardError.token(id, vocabulary: config.vocabulary))")
        }
        // After the last id nothing is asked.
        let length = row.ids.isEmpty ? 0 : row.promptIDs.count + row.ids.count - 1
        guard length <= config.context else {
            throw InputError.badRow(
                path: input, line: line,
                reason: "\(CacheError.contextExceeded(length: length, context: config.context))")
        }
    }

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

    /// Each id's log-probability after the prompt and the ids before it, and the most probable id there.
    private func score(_ row: Row, by loaded: LoadedModel) throws -> Output {
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
