import ArgumentParser
import Reporting
import ResultsStore

struct OutlookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outlook",
        abstract: "How fast other pairs of models would be, from an experiment's database.",
        discussion: """
            Computed from the passes and agreement that were measured: nothing is run. Costs are shares of one decoding step of the large model, one text at a \
            time; `citer bench --model NAME --pass 1,2,4,8 --generate 32` measures them for a model that is here.
            """)
    @OptionGroup var source: ExperimentOptions
    @Option(help: "Which configuration, by number or key, if there are several; the newest.")
    var configuration: String?
    @Option(
        help: "What a step of the small model costs, as shares of the large one's.",
        transform: numbers)
    var slm: [Double] = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4]
    @Option(
        help: "What each further token of a pass costs, as a share of that model's step.")
    var token = 0.02
    @Option(help: "What to print.") var format = ReportFormat.markdown

    func run() throws {
        let outlook = try Outlook(
            source.reader(), experiment: source.experiment, configuration: configuration,
            at: costs())
        try show(outlook.text(as: format), as: format)
    }

    func validate() throws { _ = try costs() }

    private func costs() throws -> Outlook.Costs {
        guard let costs = Outlook.Costs(slmSteps: slm, token: token) else {
            throw ValidationError(
                "costs are shares of a step of the large model: --slm takes different numbers over 0 and up to 1, --token one from 0 to 1; "
                    + "found --slm \(slm.map { "\($0)" }.joined(separator: ",")) --token \(token)")
        }
        return costs
    }
}

/// `0.1,0.2` as it was written.
private func numbers(_ text: String) throws -> [Double] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let number = Double(word) else {
            throw ValidationError("expected numbers with commas between them, found \"\(text)\"")
        }
        return number
    }
}
