import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Tables from an experiment's database alone.",
        discussion: """
            In CSV a text that begins as a spreadsheet's formula does (=, +, -, @, a tab, a carriage return) has an apostrophe before it; \
            numbers have none.
            """)
    @OptionGroup var source: ExperimentOptions
    @Option(help: "Which configuration, by number or key, if there are several; the newest.")
    var configuration: String?
    @Option(help: "A database of the same cells run with --no-fuse --batch 1: adds their latency.")
    var latency: String?
    @Option(
        help:
            "What to print; html: a page of every answer, token by token, with its answers beside it where they are many."
    )
    var format = Format.tables(.markdown)
    @Option(help: "Where the files go.") var output = "results"
    @Flag(help: "Also draw the figures (gnuplot).") var figures = false
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
    @Option(help: "How tables are set; paper: the main one, in one column of a paper.")
    var style = TableSelection.Style.full

    /// What is printed: tables, or a page of all answers.
    enum Format: ExpressibleByArgument {
        case tables(ReportFormat)
        case page

        static var allValueStrings: [String] { ReportFormat.allValueStrings + ["html"] }

        init?(argument: String) {
            if argument == "html" {
                self = .page
            } else if let format = ReportFormat(argument: argument) {
                self = .tables(format)
            } else {
                return nil
            }
        }

        var defaultValueDescription: String {
            switch self {
            case .tables(let format): format.rawValue
            case .page: "html"
            }
        }
    }

    func run() throws {
        let reader = try source.reader()
        switch format {
        case .page:
            try write(
                TokenPage(reader, experiment: source.experiment, configuration: configuration))
        case .tables(let format): try writeTables(of: reader, as: format)
        }
    }

    /// The page and its answers, each file as it is made; then removes those of a page that had more.
    private func write(_ page: TokenPage) throws {
        let folder = "\(output)/\(page.folderName)"
        var answers: Set<String> = []
        try page.files { file in
            try WholeFile.write(file.text, to: "\(output)/\(file.name)")
            if file.name != page.fileName {
                answers.insert(URL(fileURLWithPath: file.name).lastPathComponent)
            }
        }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in found where TokenPage.isAnswersName(name) && !answers.contains(name) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        if answers.isEmpty, !found.isEmpty { rmdir(folder) }
        StandardError.note("wrote \(output)/\(page.fileName)")
        if !answers.isEmpty {
            StandardError.note("and \(answers.count) files of answers beside it, in \(folder)")
        }
    }

    private func writeTables(of reader: ResultsReader, as chosen: ReportFormat) throws {
        let report = try Report(
            reader, experiment: source.experiment, configuration: configuration,
            latency: latency.map { try ResultsReader(path: $0) })
        // Tables are kept beside the page.
        let formats: Set<ReportFormat> = [.csv, chosen]
        try write(
            ReportFormat.allCases.filter { formats.contains($0) && $0 != .markdown }
                .flatMap(report.files))
        if figures {
            let drawn = try Figures(scripts: projectFolder("analysis/figures")).draw(
                report, reader, into: output)
            for path in drawn { StandardError.note("wrote \(path)") }
        }
        try write([page(of: report), report.details])
        try show(report.text(as: chosen, selection(for: chosen)), as: chosen)
    }

    /// What is printed: people are shown one table where they do not say which.
    private func selection(for format: ReportFormat) -> TableSelection {
        var chosen = TableSelection(columns: columns, policies: policies, style: style)
        if tables == nil, style == .paper || format == .markdown {
            chosen.tables = TableSelection.main.tables
        } else if tables != ["all"] {
            chosen.tables = tables ?? (format == .csv ? ["cells"] : nil)
        }
        return chosen
    }

    /// With the figures that were ever drawn, and what somebody wrote in `reading.md`.
    private func page(of report: Report) -> ReportFile {
        let folder = "\(output)/\(ExperimentName.stem(source.experiment))"
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: folder + "/figures")) ?? []
        return report.page(
            reading: try? String(contentsOfFile: folder + "/reading.md", encoding: .utf8),
            figures: files.filter { $0.hasSuffix(".svg") }.map { String($0.dropLast(4)) })
    }

    private func write(_ files: [ReportFile]) throws {
        for file in files {
            let path = "\(output)/\(file.name)"
            try WholeFile.write(file.text, to: path)
            StandardError.note("wrote \(path)")
        }
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
