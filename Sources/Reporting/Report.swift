import Foundation
package import ResultsStore
import Statistics

/// How a report is written.
package enum ReportFormat: String, CaseIterable, Sendable {
    /// Padded tables that also read well in a terminal.
    case markdown
    /// One file a table, full precision.
    case csv
    /// `booktabs` tables to include in a paper.
    case latex
    /// One document with all tables.
    case json
}

/// One file of a report.
package struct ReportFile: Equatable, Sendable {
    /// The file's name, without folder.
    package let name: String
    package let text: String

    /// A file of `text`.
    package init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// The tables of an experiment: its cells, its methods at equal accuracy, their curves, alone and in pairs, drafts, time and training.
///
/// Made from the database alone; equal databases give equal bytes, whatever order their rows were
/// written in.
package struct Report {
    private let experiment: ExperimentRecord
    /// What its tables say, for figures.
    let results: Results
    private let tables: [Table]
    private let configurations: Table?
    private let configuration: ConfigurationTable
    private let footer: [String]
    private let provenance: [String]
    /// What must be known before a figure is believed.
    package let warnings: [String]
    private let verdicts: [FirstScreen.Verdict]
    /// The answer to its question, computed; nil where too little has run.
    package let finding: String?

    /// Reads one configuration of the experiment named `name` and computes its statistics: the newest, or the one that `configuration` names.
    ///
    /// `latency` is a database of the same cells run by themselves at batch 1; `resamples` of the questions give the intervals of differences and
    /// curve metrics.
    package init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil,
        latency: ResultsReader? = nil, resamples: Int = 10_000
    ) throws(StoreError) {
        let data = try ReportData(
            reader, experiment: name, configuration: configuration, latency: latency)
        let results = Results(data, Bootstrap(resamples: max(1, resamples)))
        self.results = results
        experiment = data.experiment.record
        footer = data.footer
        provenance = data.provenance
        self.configuration = data.configuration
        configurations = data.configuration.table
        warnings = results.warnings
        finding = results.finding
        verdicts =
            FirstScreen(
                data, Bootstrap(resamples: max(1, resamples)), equalities: results.equalities
            ).verdicts
        tables = results.tables
    }

    /// The report as one text; CSV holds the table of the cells.
    package func text(as format: ReportFormat) -> String {
        let cells = all.filter { $0.name == "cells" }
        return text(of: format == .csv ? cells : all, as: format, .full)
    }

    /// Of what is chosen; CSV holds the first table. Throws `.notFound` for a table, column or policy that there is not.
    package func text(
        as format: ReportFormat, _ selection: TableSelection
    ) throws(StoreError) -> String {
        text(of: try selection.applied(to: all), as: format, selection.style)
    }

    private func text(
        of chosen: [Table], as format: ReportFormat, _ style: TableSelection.Style
    ) -> String {
        switch format {
        case .markdown: head + chosen.map { $0.markdown() }.joined(separator: "\n")
        case .csv: chosen.first?.csv() ?? ""
        case .latex: latex(chosen, style)
        case .json: json(chosen)
        }
    }

    /// The report as files in the experiment's folder.
    package func files(as format: ReportFormat) -> [ReportFile] {
        let folder = ExperimentName.stem(experiment.name)
        return switch format {
        case .markdown: [page(), details]
        case .json: [ReportFile(name: "\(folder)/report.json", text: json(all))]
        case .csv:
            all.map { ReportFile(name: "\(folder)/tables/\($0.name).csv", text: $0.csv()) }
        case .latex: [ReportFile(name: "\(folder)/tables.tex", text: latex(all, .full))]
        }
    }

    /// All names that a table can have: files of those that a report does not write are of an earlier one.
    package static let tableNames: Set<String> = [
        Results.mainName, "cells", "frontier", "methods", "curves", "pairs", "differences",
        "groups", "drafts", "latency", "time", "training", "router-quality", "judges", "fidelity",
        "break-even", "configurations",
    ]

    /// The experiment's page: question, verdict, figure, main table, reading, provenance.
    ///
    /// - Parameters:
    ///   - reading: what somebody wrote after looking; Markdown.
    ///   - figures: names of those that lie in its folder `figures/`; the first that a page shows is shown.
    package func page(reading: String? = nil, figures: [String] = []) -> ReportFile {
        let figure = Self.shownFigures.first(where: figures.contains).map {
            "![accuracy against cost](figures/\($0).svg)\n\n"
        }
        let reading = reading.map {
            "\n## Reading\n\n" + $0.trimmingCharacters(in: .whitespacesAndNewlines) + "\n"
        }
        let main = tables.first { $0.name == Results.mainName }?.markdown() ?? ""
        let more =
            "\nAll tables: [details.md](details.md), and in full precision [tables/](tables)"
            + (figures.isEmpty ? ".\n" : "; all figures: [captions.md](figures/captions.md).\n")
        let sources =
            "\n## Provenance\n\n"
            + provenance.map { "- \(escapeMarkdown($0))\n" }.joined()
        return ReportFile(
            name: "\(ExperimentName.stem(experiment.name))/README.md",
            text: head + (figure ?? "") + main + more + (reading ?? "") + sources)
    }

    /// The answer in words, and every table behind the page.
    package var details: ReportFile {
        var out = "# \(escapeMarkdown(experiment.name)): details\n\n"
        if let finding { out += "**Answer.** " + escapeMarkdown(finding) + "\n\n" }
        let tables = all.filter { $0.name != Results.mainName }
        return ReportFile(
            name: "\(ExperimentName.stem(experiment.name))/details.md",
            text: out + tables.map { $0.markdown() }.joined(separator: "\n"))
    }

    /// Where L verifies, its passes are the cost that tells methods apart.
    private static let shownFigures = ["accuracy-llm-passes", "accuracy-call-ratio"]

    private var all: [Table] { tables + [configurations].compactMap(\.self) }

    /// What it is about, and what to beware of.
    private var statements: [String] {
        [configuration.sentence].compactMap(\.self) + warnings.map { "Warning: \($0)" }
    }

    private var head: String {
        var out = "# \(escapeMarkdown(experiment.name))\n\n"
        if let question = experiment.question { out += paragraphMarkdown(question) + "\n\n" }
        if !verdicts.isEmpty {
            out +=
                "**Verdict.** " + escapeMarkdown(verdicts.map(\.sentence).joined(separator: "; "))
                + (FirstScreen.Verdict.note(on: verdicts).map { ". " + escapeMarkdown($0) } ?? "")
                + "\n\n"
        }
        for warning in warnings { out += "**Warning.** " + escapeMarkdown(warning) + "\n\n" }
        if let sentence = configuration.sentence { out += paragraphMarkdown(sentence) + "\n\n" }
        return out
    }

    private func latex(_ tables: [Table], _ style: TableSelection.Style) -> String {
        statements.map { "\\par\\noindent \(escapeLaTeX($0))\n\n" }.joined()
            + tables.map { latex($0, style) }.joined(separator: "\n")
    }

    private func latex(_ table: Table, _ style: TableSelection.Style) -> String {
        let label = "tab:\(experiment.name)-\(table.name)".filter { character in
            character.isASCII
                && (character.isLetter || character.isNumber || ":-".contains(character))
        }
        return table.latex(label: label, width: style.width)
    }

    private func json(_ tables: [Table]) -> String {
        JSONValue.object([
            ("experiment", .string(experiment.name)),
            ("question", .text(experiment.question)),
            ("answer", .text(finding)),
            (
                "verdicts",
                .array(
                    verdicts.map { verdict in
                        .object([
                            ("decision", .string(verdict.decision.rawValue)),
                            ("sentence", .string(verdict.sentence)),
                        ])
                    })
            ),
            ("configuration", configuration.json),
            ("warnings", .array(warnings.map { .string($0) })),
            ("tables", .object(tables.map { ($0.name, $0.json) })),
            ("footer", .array(footer.map { .string($0) })),
        ]).text(indent: true) + "\n"
    }
}

extension Table {
    /// The rows as objects.
    var json: JSONValue {
        .array(
            rows.map { row in
                .object(
                    zip(row, columns).flatMap { entry, column in
                        zip(column.keys, entry.value.json(count: column.keys.count))
                            .map { ($0, $1) }
                    })
            })
    }
}
