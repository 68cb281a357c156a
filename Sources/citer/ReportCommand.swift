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
                reader, experiment: source.experiment, configuration: configuration, into: output)
            for path in drawn { StandardError.note("wrote \(path)") }
        }
        try write([page(of: report)])
        try show(report.text(as: chosen), as: chosen)
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
