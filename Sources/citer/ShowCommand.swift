import ArgumentParser
import Platform
import Reporting
import ResultsStore

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "One answer, token by token.")
    @OptionGroup var source: ExperimentOptions
    @Argument(help: "A cell: its policy, policy:setting, or the start of its key.") var cell: String
    @Argument(help: "The question's name.") var question: String
    @Option(help: "The configuration in which the cell is named, by number or key; the newest.")
    var configuration: String?

    func run() throws {
        let reader = try source.reader()
        let view = try TokenView(
            reader, experiment: source.experiment, cell: cell, question: question,
            configuration: configuration)
        try StandardOutput.write(view.text(colour: isColourful) + "\n")
    }
}
