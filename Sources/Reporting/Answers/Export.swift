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
        switch content {
        case .samples: try self.write(answerColumns, as: format, to: write) { [$0] }
        case .decisions:
            try self.write(tokenColumns, as: format, to: write) { answer in
                try reader.tokens(of: answer.row).map { (answer, $0) }
            }
        }
    }

    /// Writes the rows that each answer has.
    private func write<Row>(
        _ columns: [ExportColumn<Row>], as format: ExportFormat,
        to write: (String) throws -> Void, rows: (Answer) throws -> [Row]
    ) throws {
        let names = columns.map(\.name)
        if format == .csv { try write(csvLine(names)) }
        for cell in cells {
            for row in try reader.samples(of: cell.id) {
                let text = try rows((cell, row)).map { row in
                    let values = columns.map { $0.value(row) }
                    return switch format {
                    case .csv: csvLine(values.map(csvText))
                    case .jsonLines:
                        JSONValue.object(zip(names, values).map { (key: $0, value: $1) }).text()
                            + "\n"
                    }
                }.joined()
                if !text.isEmpty { try write(text) }
            }
        }
    }
}

/// A question's row of a cell; without a sample where it failed.
private typealias Answer = (cell: CellRow, row: SampleRow)
private typealias Token = (answer: Answer, token: TokenRow)

/// What a column is called, and how a row fills it.
private struct ExportColumn<Row> {
    let name: String
    let value: (Row) -> JSONValue

    init(_ name: String, _ value: @escaping (Row) -> JSONValue) {
        self.name = name
        self.value = value
    }
}

private var headColumns: [ExportColumn<Answer>] {
    [
        ExportColumn("cell") { .string($0.cell.record.key) },
        ExportColumn("policy") { .string($0.cell.record.policy) },
        ExportColumn("setting") { .text($0.cell.record.setting) },
        ExportColumn("label") { .text($0.cell.record.label) },
        ExportColumn("question") { .string($0.row.question) },
    ]
}

private var answerColumns: [ExportColumn<Answer>] {
    headColumns + [
        ExportColumn("output") { .text($0.row.sample?.output) },
        ExportColumn("extracted") { .text($0.row.sample?.grade.extracted) },
        ExportColumn("rule") { .text($0.row.sample?.grade.rule) },
        ExportColumn("gold") { .text($0.row.sample?.gold) },
        ExportColumn("correct") { $0.row.sample?.grade.correct.map { .bool($0) } ?? .null },
        ExportColumn("score") { .number($0.row.sample?.grade.score) },
        ExportColumn("error") { .text($0.row.error) },
        ExportColumn("grader_version") { .text($0.row.sample?.grade.version) },
        ExportColumn("finish") { .string($0.row.sample?.finish.rawValue ?? "error") },
        ExportColumn("tries") { .integer($0.row.tries) },
        ExportColumn("prompt_tokens") { .integer($0.row.sample?.usage.promptTokens) },
        ExportColumn("tokens") { .integer($0.row.sample?.usage.tokens) },
        ExportColumn("llm_calls") { .integer($0.row.sample?.usage.llmCalls) },
        ExportColumn("llm_passes") { .integer($0.row.sample?.usage.llmPasses) },
        ExportColumn("slm_processed") { .integer($0.row.sample?.usage.slmProcessed) },
        ExportColumn("llm_processed") { .integer($0.row.sample?.usage.llmProcessed) },
        ExportColumn("flops") { .integer($0.row.sample?.usage.flops) },
        ExportColumn("bytes") { .integer($0.row.sample?.usage.bytes) },
        ExportColumn("seconds") { .number($0.row.sample?.usage.seconds) },
    ]
}

private var tokenColumns: [ExportColumn<Token>] {
    let head = headColumns.map { column in
        ExportColumn<Token>(column.name) { column.value($0.answer) }
    }
    return head + [
        ExportColumn("position") { .integer($0.token.position) },
        ExportColumn("token_id") { .integer($0.token.token) },
        ExportColumn("text") { .text($0.token.bytes) },
        ExportColumn("bytes") { .text($0.token.bytes.flatMap(hexUnlessText)) },
        ExportColumn("route") { .string($0.token.author == .llm ? "llm" : "slm") },
        ExportColumn("score") { .number($0.token.score) },
        ExportColumn("threshold") { .number($0.answer.cell.record.threshold) },
        ExportColumn("slm_token") { .integer($0.token.slm?.token) },
        ExportColumn("slm_text") { .text($0.token.slmBytes) },
        ExportColumn("slm_logprob") { .number($0.token.slm?.logprob) },
        ExportColumn("llm_token") { .integer($0.token.llm?.token) },
        ExportColumn("llm_text") { .text($0.token.llmBytes) },
        ExportColumn("llm_logprob") { .number($0.token.llm?.logprob) },
    ]
}

extension JSONValue {
    fileprivate static func integer(_ value: Int?) -> JSONValue {
        value.map { .integer($0) } ?? .null
    }

    fileprivate static func number(_ value: Double?) -> JSONValue {
        value.map { .number($0) } ?? .null
    }

    /// What is no UTF-8 becomes U+FFFD.
    fileprivate static func text(_ bytes: [UInt8]?) -> JSONValue {
        bytes.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null
    }
}

/// The bytes in hexadecimal where they are not UTF-8, so that nothing is lost.
private func hexUnlessText(_ bytes: [UInt8]) -> String? {
    guard Array(String(decoding: bytes, as: UTF8.self).utf8) != bytes else { return nil }
    return bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
