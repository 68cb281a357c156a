import ArgumentParser
import Foundation
import Reporting

/// Which tables of a report are printed, and how much of them.
struct TableOptions: ParsableArguments {
    @Option(
        help:
            "Which tables to print, by name: main, cells, methods, ..., or all. The default is the main one; all for latex and json, cells for csv.",
        transform: words)
    var tables: [String]?
    @Option(
        help: "Which columns to print, by their names in CSV or their titles.", transform: words)
    var columns: [String]?
    @Option(help: "Which policies to print, such as slm,llm,margin.", transform: words)
    var policies: [String]?
    @Option(
        help:
            "How tables are set: full, the default; or paper: the main one, in one column of a paper."
    )
    var style: TableSelection.Style?

    var isUsed: Bool { tables != nil || columns != nil || policies != nil || style != nil }

    /// Whether more than one table is asked for by name.
    var namesSeveral: Bool { tables.map { $0.count > 1 || $0 == ["all"] } ?? false }

    /// People are shown one table where they do not say which.
    func chosen(for format: ReportFormat) -> TableSelection {
        var chosen = TableSelection(columns: columns, policies: policies, style: style ?? .full)
        if tables == nil, style == .paper || format == .markdown {
            chosen.tables = TableSelection.main.tables
        } else if tables != ["all"] {
            chosen.tables = tables ?? (format == .csv ? ["cells"] : nil)
        }
        return chosen
    }
}

extension TableSelection.Style: ExpressibleByArgument {}

/// `a,b` as it was written.
private func words(_ text: String) throws -> [String] {
    let words = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        .filter { !$0.isEmpty }
    guard !words.isEmpty else {
        throw ValidationError("expected names with commas between them, found \"\(text)\"")
    }
    return words
}
