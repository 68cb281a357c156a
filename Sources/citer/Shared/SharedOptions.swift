import ArgumentParser
import Platform
import ResultsStore

/// The spec of a sweep, as the command line changes it.
struct SpecOptions: ParsableArguments {
    @Argument(help: "The spec, such as experiments/gsm8k.yaml.") var spec: String
    @Option(name: .customLong("set"), help: "Change the spec: task.limit=20. May be repeated.")
    var overrides: [String] = []
    @Option(
        name: .customLong("db"), help: "The database; the default is results/EXPERIMENT.sqlite.",
        transform: givenPath)
    var database: String?
}

/// An experiment whose results are read.
struct ExperimentOptions: ParsableArguments {
    @Argument(help: "The experiment's name.") var experiment: String
    @Option(
        name: .customLong("db"), help: "The database; the default is results/EXPERIMENT.sqlite.",
        transform: givenPath)
    var database: String?

    /// Opens the database for reading; the experiment's own is unpacked first where only a packed one is there.
    func reader() throws -> ResultsReader { try openReader(of: experiment, at: database) }
}

/// An experiment that a report is of; none where it is of all.
struct ReportedExperiment: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The experiment's name; may be left out with --site.", valueName: "experiment"))
    var name: String?
    @Option(
        name: .customLong("db"), help: "The database; the default is results/EXPERIMENT.sqlite.",
        transform: givenPath)
    var database: String?

    /// The name, where one was given.
    var experiment: String { name ?? "" }

    /// Opens the database for reading; the experiment's own is unpacked first where only a packed one is there.
    func reader() throws -> ResultsReader { try openReader(of: experiment, at: database) }
}

private func openReader(of experiment: String, at database: String?) throws -> ResultsReader {
    if let database { return try ResultsReader(path: database) }
    let owner = ExperimentName.owner(of: experiment)
    guard ExperimentName.isRight(owner) else {
        throw ValidationError(
            "experiment \"\(experiment)\": expected \(ExperimentName.form); the database of an "
                + "experiment of another name is given with --db")
    }
    let folder = ResultsFolder("results")
    // What only may be read is unpacked where it leaves no trace.
    if !folder.isWritable,
        let reader = try folder.reader(of: owner, scratch: ScratchFolder.another())
    {
        return reader
    }
    let own = folder.database(of: owner)
    let packed = PackedDatabase(of: own)
    if try packed.restore() { StandardError.note("unpacked \(packed.path) to \(own)") }
    return try ResultsReader(path: own)
}

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
    @Option(help: "Threads; the default is one a core.") var threads: Int?
}

/// The one model that a command asks.
struct ModelOptions: ParsableArguments {
    @Option(help: "A model's name, or the path of a .gguf file.") var model: String
}
