import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore

struct ReportCommand: PollingCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Tables from an experiment's database alone.",
        discussion: """
            With --site, the overview page of all experiments instead, or of the one that is named: what each says, and a chart of accuracy against \
            a cost that readers choose. It is one file, DIR/index.html, that needs no network; each experiment's answers, token by token, are \
            pages beside it, and a click on a setting leads to its answers.

            In CSV a text that begins as a spreadsheet's formula does (=, +, -, @, a tab, a carriage return) has an apostrophe before it; \
            numbers have none.
            """)
    @OptionGroup var source: ReportedExperiment
    @Option(help: "Which configuration, by number or key, if there are several; the newest.")
    var configuration: String?
    @Option(
        help: "A database of the same cells run with --no-fuse --batch 1: adds their latency.",
        transform: givenPath)
    var latency: String?
    @Option(
        name: .customLong("format"),
        help: ArgumentHelp(
            "What to print; html: a page of every answer, token by token, with its answers beside it where they are many. (default: markdown)"
        ))
    var chosenFormat: Format?
    @Option(
        name: .customLong("output"), help: ArgumentHelp("Where the files go. (default: results)"),
        transform: givenPath)
    var chosenOutput: String?
    @Flag(help: "Also draw the figures (gnuplot).") var figures = false
    @OptionGroup var selection: TableOptions
    @Option(
        help: ArgumentHelp(
            "Write the overview page of all experiments, or of EXPERIMENT, into this folder.",
            valueName: "dir"), transform: givenPath)
    var site: String?
    @Flag(
        inversion: .prefixedNo,
        help: "Whether --site also writes the pages of answers, token by token. (default: --tokens)"
    )
    var tokens: Bool?
    @Option(
        help: ArgumentHelp(
            "The file of Chart.js that --site puts into the page; \(ChartLibrary.variable), else where packages put it.",
            valueName: "file"), transform: givenPath)
    var chartLibrary: String?

    private var format: Format { chosenFormat ?? .tables(.markdown) }
    private var output: String { chosenOutput ?? "results" }

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
    }

    func validate() throws {
        guard site == nil else {
            if chosenFormat != nil || chosenOutput != nil || figures || selection.isUsed {
                throw ValidationError(
                    "--site writes a page alone: leave out --format, --output, --figures, --tables, --columns, "
                        + "--policies and --style")
            }
            if source.name == nil,
                source.database != nil || configuration != nil || latency != nil
            {
                throw ValidationError(
                    "--db, --configuration and --latency are of one experiment: name it")
            }
            return
        }
        if source.name == nil {
            throw ValidationError(
                "name an experiment, or ask for the page of all with --site DIR")
        }
        switch format {
        case .page where selection.isUsed || figures || latency != nil:
            throw ValidationError(
                "--tables, --columns, --policies, --style, --figures and --latency are of tables: leave out --format html"
            )
        case .tables(.csv) where selection.namesSeveral:
            throw ValidationError(
                "CSV is of one table: name one with --tables; all of them are written to files in any case"
            )
        default: break
        }
        if tokens != nil || chartLibrary != nil {
            throw ValidationError("--tokens, --no-tokens and --chart-library are of --site DIR")
        }
    }

    /// The page of all looks between experiments.
    var isPolling: Bool { site != nil && source.name == nil }

    func run() throws {
        if let site { return try writeSite(into: site) }
        let reader = try source.reader()
        switch format {
        case .page:
            try TokenPage(
                reader, experiment: source.experiment, configuration: configuration
            ).write(into: output)
        case .tables(let format): try writeTables(of: reader, as: format)
        }
    }

    private func writeSite(into folder: String) throws {
        let named =
            chartLibrary ?? ProcessInfo.processInfo.environment[ChartLibrary.variable]
        // Looked for first: statistics take a while.
        let writing = SiteWriting(
            folder: folder, library: try ChartLibrary(named: named), withTokens: tokens ?? true)
        guard source.name != nil else { return try writing.writeAll() }
        try writing.write(
            source.experiment, of: try source.reader(), configuration: configuration,
            latency: try latency.map { try ResultsReader(path: $0) })
    }

    private func writeTables(of reader: ResultsReader, as chosen: ReportFormat) throws {
        let report = try Report(
            reader, experiment: source.experiment, configuration: configuration,
            latency: latency.map { try ResultsReader(path: $0) })
        // What can't be done is found before any file is written.
        let shown = try report.text(as: chosen, selection.chosen(for: chosen))
        // A page without the reading that there is would pass for the whole.
        let readingFile = "\(output)/\(ExperimentName.stem(source.experiment))/reading.md"
        let reading =
            FileManager.default.fileExists(atPath: readingFile)
            ? try text(ofFile: readingFile) : nil
        // Tables are kept beside the page.
        let formats: Set<ReportFormat> = [.csv, chosen]
        try write(
            ReportFormat.allCases.filter { formats.contains($0) && $0 != .markdown }
                .flatMap(report.files))
        removeStaleTables(beside: report.files(as: .csv).map(\.name))
        if figures {
            let drawn = try Figures(scripts: projectFolder("analysis/figures")).draw(
                report, reader, into: output)
            for path in drawn { StandardError.note("wrote \(path)") }
        }
        try write([page(of: report, reading), report.details])
        try show(shown, as: chosen)
    }

    /// What an earlier report wrote and this one has nothing to say of would pass for its own.
    private func removeStaleTables(beside written: [String]) {
        let folder = "\(ExperimentName.stem(source.experiment))/tables"
        for name in Report.tableNames.map({ "\(folder)/\($0).csv" })
        where !written.contains(name) {
            try? FileManager.default.removeItem(atPath: "\(output)/\(name)")
        }
    }

    /// With the figures that were ever drawn, and what somebody wrote after looking.
    private func page(of report: Report, _ reading: String?) -> ReportFile {
        let folder = "\(output)/\(ExperimentName.stem(source.experiment))"
        let files =
            (try? FileManager.default.contentsOfDirectory(atPath: folder + "/figures")) ?? []
        return report.page(
            reading: reading,
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
