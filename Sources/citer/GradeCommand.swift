import ArgumentParser
import Assets
import Schemas

struct GradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grade",
        abstract: "Grade answers: what each one says, by which rule, and whether it is right.",
        discussion: """
            Rows are JSON objects with "output" and "gold"; "choices" ([["A", "text"], ...]) for multiple \
            choice, "language" (de) where numbers are written another way, "cut" (true) for an output \
            that the limit of tokens ended. All rows are read before the first grade is printed.
            """)
    @Argument(help: "A task's name: its format, rules and markers.") var task: String?
    @Option(help: "A format instead: number, math, multiple-choice or text.") var format: String?
    @Option(help: "A JSON Lines file; the default is standard input.") var input: String?
    @Flag(help: "{\"correct\", \"extracted\", \"rule\"} for each row.") var json = false

    func validate() throws {
        guard (task == nil) != (format == nil) else {
            throw ValidationError(
                "give a task, or --format \(GradeVerb.formats.joined(separator: "|"))")
        }
    }

    func run() throws {
        try verb().run(file: input, json: json)
    }

    private func verb() throws -> GradeVerb {
        if let task { return try GradeVerb(task: task, catalog: openAssets().catalog) }
        guard let format, let verb = GradeVerb(format: format) else {
            throw ValidationError(
                "--format \(format ?? ""): expected one of "
                    + GradeVerb.formats.joined(separator: ", "))
        }
        return verb
    }
}
