import ArgumentParser
import Platform
import Runs

struct TrainCommand: PollingCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train the routers that a spec names.",
        discussion: """
            What the models say of the training questions is kept in results/labels.sqlite, and \
            asked for only once. Each router becomes routers/NAME.router beside the spec.
            """)
    @OptionGroup var source: SpecOptions
    @Option(help: "Only this router; the default is all of the spec.") var router: String?
    @Flag(help: "Only routers that have no file yet.") var missing = false
    @OptionGroup var threading: ThreadOptions
    @Option(
        help: "Where the routers' files go; the default is routers/ beside the spec.",
        transform: givenPath)
    var output: String?

    func validate() throws {
        if router != nil, missing {
            throw ValidationError(
                "give --router, to train that one, or --missing, for all that have no file yet")
        }
    }

    func run() throws {
        var options = RouterTraining.Options()
        options.overrides = source.overrides
        options.database = source.database
        options.threads = threading.threads
        options.router = router
        options.missingOnly = missing
        options.directory = output
        do {
            let training = try RouterTraining(
                path: source.spec, assets: openAssets(spec: source.spec), options: options)
            for line in try training.run() { try StandardOutput.show(line) }
        } catch is Interrupted {
            StandardError.note(
                "interrupted; what was labelled is kept: run the same command to go on")
            throw ExitCode.interrupted
        }
    }
}
