import ArgumentParser
import Reporting
import ResultsStore

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Two cells on the same questions: differences, significance, what changed.")
    @OptionGroup var source: ExperimentOptions
    @Argument(help: "A cell: its policy, policy:setting, or the start of its key.") var left: String
    @Argument(help: "Another cell.") var right: String
    @Option(help: "The configuration in which cells are named, by number or key; the newest.")
    var configuration: String?
    @Option(help: "The other cell's configuration, if not the same.")
    var rightConfiguration: String?
    @Option(
        name: .customLong("right-db"), help: "The other cell's database, if not the same.",
        transform: givenPath)
    var rightDatabase: String?
    @Option(help: "What to print.") var format = ReportFormat.markdown

    func run() throws {
        let reader = try source.reader()
        let other = try rightDatabase.map { try ResultsReader(path: $0) } ?? reader
        let comparison = try Comparison(
            ComparisonSide(
                reader, experiment: source.experiment, cell: left, configuration: configuration),
            ComparisonSide(
                other, experiment: source.experiment, cell: right,
                configuration: rightConfiguration ?? (rightDatabase == nil ? configuration : nil)))
        try show(comparison.text(as: format), as: format)
    }
}
