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
    let reader: ResultsReader
    /// What the cells are of.
    package let experiment: ExperimentRow
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
        self.experiment = found
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
        let own = content == .samples ? SampleRow.exportedNames : TokenRow.exportedNames
        let names = ["cell", "policy", "setting", "label", "question"] + own
        if format == .csv { try write(csvLine(names)) }
        for cell in cells {
            for row in try reader.samples(of: cell.id) {
                let lines =
                    switch content {
                    case .samples: [row.exportedValues]
                    case .decisions:
                        try reader.tokens(of: row).map {
                            $0.exported(threshold: cell.record.threshold)
                        }
                    }
                let place: [JSONValue] = [
                    .string(cell.record.key), .string(cell.record.policy),
                    .text(cell.record.setting), .text(cell.record.label), .string(row.question),
                ]
                let text = lines.map { line(names, place + $0.map(JSONValue.init), format) }
                    .joined()
                if !text.isEmpty { try write(text) }
            }
        }
    }

    private func line(
        _ names: [String], _ values: [JSONValue], _ format: ExportFormat
    ) -> String {
        switch format {
        case .csv: csvLine(values.map(csvText))
        case .jsonLines:
            JSONValue.object(zip(names, values).map { (key: $0, value: $1) }).text() + "\n"
        }
    }
}

extension JSONValue {
    init(_ value: StoredValue) {
        switch value {
        case .null: self = .null
        case .flag(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .real(let value): self = .number(value)
        case .text(let value): self = .string(value)
        case .bytes(let value): self = .string(String(decoding: value, as: UTF8.self))
        }
    }
}
