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
    @Argument(help: "The experiment's name.") var experiment: String
    @Option(name: .customLong("db"), help: "The database: results/EXPERIMENT.sqlite.")
    var database: String?
    @Option(help: "Which configuration, by number or key, if there are several; the newest.")
    var configuration: String?
    @Option(help: "A database of the same cells run with --no-fuse --batch 1: adds their latency.")
    var latency: String?
    @Option(help: "What to print: markdown, csv, latex, json, html.") var format = "markdown"
    @Option(help: "Where the files go.") var output = "results"
    @Flag(help: "Also draw the figures (gnuplot).") var figures = false

    func run() throws {
        let reader = try ResultsReader(path: database ?? defaultDatabase(of: experiment))
        if format == "html" {
            let page = try TokenPage(
                reader, experiment: experiment, configuration: configuration)
            try write([ReportFile(name: page.fileName, text: page.html())])
            return
        }
        guard let chosen = ReportFormat(rawValue: format) else {
            let known = ReportFormat.allCases.map(\.rawValue) + ["html"]
            throw ValidationError(
                "--format \(format): expected one of \(known.joined(separator: ", "))")
        }
        let report = try Report(
            reader, experiment: experiment, configuration: configuration,
            latency: latency.map { try ResultsReader(path: $0) })
        // The two that are kept beside the code.
        let formats: Set<ReportFormat> = [.markdown, .csv, chosen]
        try write(ReportFormat.allCases.filter(formats.contains).flatMap(report.files))
        if figures {
            let drawn = try Figures(scripts: projectFolder("analysis/figures")).draw(
                reader, experiment: experiment, configuration: configuration, into: output)
            for path in drawn { complain("wrote \(path)") }
        }
        try show(report.text(as: chosen), as: chosen)
    }

    private func write(_ files: [ReportFile]) throws {
        for file in files {
            let path = "\(output)/\(file.name)"
            try WholeFile.write(file.text, to: path)
            complain("wrote \(path)")
        }
    }
}

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Two cells on the same questions: differences, significance, what changed.")
    @Argument(help: "The experiment's name.") var experiment: String
    @Argument(help: "A cell: its policy, policy:setting, or the start of its key.") var left: String
    @Argument(help: "Another cell.") var right: String
    @Option(help: "The configuration in which cells are named, by number or key; the newest.")
    var configuration: String?
    @Option(help: "The other cell's configuration, if not the same.")
    var rightConfiguration: String?
    @Option(name: .customLong("db"), help: "The database: results/EXPERIMENT.sqlite.")
    var database: String?
    @Option(name: .customLong("right-db"), help: "The other cell's database, if not the same.")
    var rightDatabase: String?
    @Option(help: "What to print: markdown, csv, latex, json.") var format = "markdown"

    func run() throws {
        guard let chosen = ReportFormat(rawValue: format) else {
            let known = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--format \(format): expected one of \(known)")
        }
        let reader = try ResultsReader(path: database ?? defaultDatabase(of: experiment))
        let other = try rightDatabase.map { try ResultsReader(path: $0) } ?? reader
        let comparison = try Comparison(
            ComparisonSide(
                reader, experiment: experiment, cell: left, configuration: configuration),
            ComparisonSide(
                other, experiment: experiment, cell: right,
                configuration: rightConfiguration ?? (rightDatabase == nil ? configuration : nil)))
        try show(comparison.text(as: chosen), as: chosen)
    }
}

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One answer, token by token.")
    @Argument(help: "The experiment's name.") var experiment: String
    @Argument(help: "A cell: its policy, policy:setting, or the start of its key.") var cell: String
    @Argument(help: "The question's name.") var question: String
    @Option(help: "The configuration in which the cell is named, by number or key; the newest.")
    var configuration: String?
    @Option(name: .customLong("db"), help: "The database: results/EXPERIMENT.sqlite.")
    var database: String?

    func run() throws {
        let reader = try ResultsReader(path: database ?? defaultDatabase(of: experiment))
        let view = try TokenView(
            reader, experiment: experiment, cell: cell, question: question,
            configuration: configuration)
        let plain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        try StandardOutput.write(view.text(colour: isatty(1) == 1 && !plain) + "\n")
    }
}

/// Prints tables: for people as they can read them, for programs exactly.
private func show(_ text: String, as format: ReportFormat) throws {
    switch format {
    case .markdown, .latex: try StandardOutput.show(text)
    case .json: try StandardOutput.write(text + "\n")
    case .csv: try StandardOutput.data(text + "\n")
    }
}
