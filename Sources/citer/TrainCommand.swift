import ArgumentParser
import Platform
import Runs

struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the routers that a spec names.",
        discussion: """
            What the models say of the training questions is kept in results/labels.sqlite, and \
            asked for only once. Each router becomes routers/NAME.router beside the spec.
            """)
    @Argument(help: "The spec, such as experiments/gsm8k.yaml.") var spec: String
    @Option(help: "Only this router; the default is all of the spec.") var router: String?
    @Flag(help: "Only routers that have no file yet.") var missing = false
    @Option(name: .customLong("set"), help: "Change the spec: task.limit=20. May be repeated.")
    var overrides: [String] = []
    @Option(
        name: .customLong("db"), help: "The database; the default is results/EXPERIMENT.sqlite.")
    var database: String?
    @Option(help: "Threads; the default is one a core.") var threads: Int?
    @Option(help: "Where the routers' files go; the default is routers/ beside the spec.")
    var output: String?

    func run() throws {
        var options = RouterTraining.Options()
        options.overrides = overrides
        options.database = database
        options.threads = threads
        options.router = router
        options.missingOnly = missing
        options.directory = output
        do {
            let training = try RouterTraining(
                path: spec, assets: openAssets(spec: spec), options: options)
            for line in try training.run() { try StandardOutput.show(line) }
        } catch is Interrupted {
            complain("interrupted; what was labelled is kept: run the same command to go on")
            throw ExitCode.interrupted
        }
    }
}
