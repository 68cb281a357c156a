package import ResultsStore

/// What of an experiment is exported.
package enum ExportContent: String, CaseIterable, Sendable {
    /// One row per question and cell, failures included.
    case samples
    /// One row per token written.
    case decisions
}

/// How rows are written.
package enum ExportFormat: String, CaseIterable, Sendable {
    /// One JSON object a line.
    case jsonLines = "jsonl"
    /// RFC 4180 with a header line; NULL is an empty field.
    case csv
}

/// Writes the answers or the decisions of an experiment for other programs.
///
/// Rows come in the spec's order, single models first, then by question and position. Cells are
/// named by key, so that rows of several databases can be joined.
package struct Export {
    private let reader: ResultsReader
    /// What is exported, in the spec's order, single models first.
    package let cells: [CellRow]

    /// Which configuration this is of, where there are others to choose; nil where there are none, or all are exported.
    package let choice: String?

    /// An export of one configuration of the experiment named `experiment`: the newest, the one that is named, or `all`.
    package init(
        _ reader: ResultsReader, experiment: String, configuration: String? = nil
    ) throws(StoreError) {
        self.reader = reader
        let found = try reader.experiment(named: experiment)
        let all = try reader.cells(of: found.id).sorted(by: singleModelsFirst)
        guard configuration != "all" else {
            (cells, choice) = (all, nil)
            return
        }
        let chosen = try reader.configuration(named: configuration, of: found.id)
        cells = all.filter { chosen.chosen.cells.contains($0.id) }
        choice = ConfigurationTable(choice: chosen, names: try reader.namesByHash()).sentence
    }

    /// Hands the text to `write` in pieces, each ending a line.
    package func write(
        _ content: ExportContent, as format: ExportFormat, to write: (String) throws -> Void
    ) throws {
        let names = content == .samples ? sampleKeys : decisionKeys
        if format == .csv { try write(csvLine(names)) }
        for cell in cells {
            for row in try reader.samples(of: cell.id) {
                let lines =
                    switch content {
                    case .samples: [sampleValues(row)]
                    case .decisions:
                        try reader.tokens(of: row).map { decisionValues($0, row, cell) }
                    }
                let head: [JSONValue] = [
                    .string(cell.record.key), .string(cell.record.policy),
                    .text(cell.record.setting), .text(cell.record.label), .string(row.question),
                ]
                let text = lines.map { line(names, head + $0, format) }.joined()
                if !text.isEmpty { try write(text) }
            }
        }
    }

    private func line(_ names: [String], _ values: [JSONValue], _ format: ExportFormat) -> String {
        switch format {
        case .csv: csvLine(values.map(csvText))
        case .jsonLines:
            JSONValue.object(zip(names, values).map { (key: $0, value: $1) }).text() + "\n"
        }
    }

    private func sampleValues(_ row: SampleRow) -> [JSONValue] {
        let sample = row.sample
        let usage = sample?.usage
        let integer = { (value: Int?) in value.map { JSONValue.integer($0) } ?? .null }
        return [
            .text(sample?.output), .text(sample?.grade.extracted), .text(sample?.grade.rule),
            .text(sample?.gold), sample?.grade.correct.map { .bool($0) } ?? .null,
            sample?.grade.score.map { .number($0) } ?? .null, .text(row.error),
            .text(sample?.grade.version), .string(sample?.finish.rawValue ?? "error"),
            .integer(row.tries), integer(usage?.promptTokens), integer(usage?.tokens),
            integer(usage?.llmCalls), integer(usage?.llmPasses), integer(usage?.slmProcessed),
            integer(usage?.llmProcessed), integer(usage?.flops), integer(usage?.bytes),
            usage?.seconds.map { .number($0) } ?? .null,
        ]
    }

    private func decisionValues(
        _ token: TokenRow, _ row: SampleRow, _ cell: CellRow
    ) -> [JSONValue] {
        let text = { (bytes: [UInt8]?) in
            bytes.map { JSONValue.string(String(decoding: $0, as: UTF8.self)) } ?? .null
        }
        let candidate = { (candidate: CandidateRecord?, bytes: [UInt8]?) -> [JSONValue] in
            [
                candidate.map { .integer($0.token) } ?? .null, text(bytes),
                candidate?.logprob.map { .number($0) } ?? .null,
            ]
        }
        return [
            .integer(token.position), .integer(token.token), text(token.bytes),
            .text(token.bytes.flatMap(hexUnlessText)),
            .string(token.author == .llm ? "llm" : "slm"),
            token.score.map { .number($0) } ?? .null,
            cell.record.threshold.map { .number($0) } ?? .null,
        ] + candidate(token.slm, token.slmBytes) + candidate(token.llm, token.llmBytes)
    }
}

private let head = ["cell", "policy", "setting", "label", "question"]

private let sampleKeys =
    head + [
        "output", "extracted", "rule", "gold", "correct", "score", "error", "grader_version",
        "finish", "tries", "prompt_tokens", "tokens", "llm_calls", "llm_passes", "slm_processed",
        "llm_processed", "flops", "bytes", "seconds",
    ]

private let decisionKeys =
    head + [
        "position", "token_id", "text", "bytes", "route", "score", "threshold", "slm_token",
        "slm_text", "slm_logprob", "llm_token", "llm_text", "llm_logprob",
    ]

/// The bytes in hexadecimal where they are not UTF-8, so that nothing is lost.
private func hexUnlessText(_ bytes: [UInt8]) -> String? {
    guard Array(String(decoding: bytes, as: UTF8.self).utf8) != bytes else { return nil }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
