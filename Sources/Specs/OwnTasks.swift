import Foundation
package import Grading
package import Schemas

/// Tasks of a user's own, each a file `tasks/NAME.yaml` (or `.yml`) that says how rows become questions and how answers are graded.
///
/// Files of rows are found beside the task's own file. A file that is wrong is an error even where its task is not asked for: silence would
/// look like an unknown task.
package struct OwnTasks {
    /// The tasks, sorted by name.
    let definitions: [TaskDefinition]
    /// Tasks of one name in several folders, in words: which one counts.
    package let remarks: [String]
    /// Where each task's file is.
    private let directories: [String: String]

    /// The tasks in `tasks/` of each folder; of several with one name the first folder's counts.
    package init(folders: [String]) throws(Diagnostics) {
        var found: [String: (task: TaskDefinition, directory: String)] = [:]
        var problems: [Diagnostic] = []
        var remarks: [String] = []
        for directory in folders.map({ joined($0, "tasks") }) {
            let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
            let names = files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
                .map { String($0[..<($0.lastIndex(of: ".") ?? $0.endIndex)]) }
            for name in Set(names).sorted() {
                do throws(Diagnostics) {
                    guard let path = try YAMLFile.path(of: name, in: directory) else { continue }
                    let task = try Self.read(path, name: name)
                    if let first = found[name] {
                        guard first.task != task else { continue }
                        remarks.append(
                            "the task \(name) is that of \(first.directory), not of \(directory)")
                    } else {
                        found[name] = (task, directory)
                    }
                } catch {
                    problems += error.all
                }
            }
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        definitions = found.values.map(\.task).sorted { $0.name < $1.name }
        directories = found.mapValues(\.directory)
        self.remarks = remarks
    }

    /// The task of that name.
    package func definition(_ name: String) -> TaskDefinition? {
        definitions.first { $0.name == name }
    }

    /// The path of a file of a task's rows.
    package func path(_ file: String, of task: TaskDefinition) -> String {
        joined(directories[task.name] ?? ".", file)
    }

    private static func read(
        _ path: String, name: String
    ) throws(Diagnostics) -> TaskDefinition {
        let text: String
        do throws(YAMLFile.Unreadable) {
            text = try YAMLFile.text(at: path)
        } catch {
            throw Diagnostics([
                Diagnostic(YAMLFact.unreadable(error.reason), at: .top(of: path))
            ])
        }
        return try definition(text, name: name, path: path)
    }

    /// The task that the text of a file `name.yaml` defines; messages call the file `path`.
    package static func definition(
        _ text: String, name: String, path: String
    ) throws(Diagnostics) -> TaskDefinition {
        let (root, duplicates) = try YAMLReader.read(text, origin: .file(path))
        var problems = duplicates + schema.problems(in: root, path: "")
        if let node = root["name"], let given = node.text, given != name {
            problems.append(
                Diagnostic(
                    TaskFact.otherName(given, file: name),
                    at: node.location))
        }
        if Benchmarks.names.contains(name) {
            problems.append(
                Diagnostic(TaskFact.builtIn, at: .top(of: path)))
        }
        let task = TaskDefinition(root, problems: &problems)
        if task == nil, problems.isEmpty {
            problems = [Diagnostic(TaskFact.incomplete, at: .top(of: path))]
        }
        guard problems.isEmpty, let task else { throw Diagnostics(problems) }
        return task
    }

    private static let word = Schema.text(kind: "text")
    private static let rules = Schema.list(of: .text(kind: "an extraction rule"), least: 1)

    private static let schema = Schema.mapping([
        SchemaKey("name", word, required: true, "The task's name, as its file's"),
        SchemaKey(
            "format", .choice(TaskDefinition.Format.allCases.map(\.rawValue)), required: true,
            "What an answer is, and so how it is graded"),
        SchemaKey(
            "files", .dictionary(of: .text(kind: "a path"), kind: "a split's name"), required: true,
            "Each split's file, beside this one"),
        SchemaKey(
            "layout", .choice(TaskDefinition.Layout.allCases.map(\.rawValue)),
            "How files hold rows; jsonl if absent"),
        SchemaKey(
            "fields",
            .mapping(
                ["id", "question", "choices", "answer", "solution"].map {
                    SchemaKey($0, word, "The field of a row that holds it")
                }), "Which fields of a row hold what"),
        SchemaKey("prompt", word, "The user turn, with {question} and {choices}"),
        SchemaKey("system", word, "The system turn"),
        SchemaKey("extraction", rules, "How an answer is found in a text, tried in order"),
        SchemaKey("gold-extraction", rules, "How the gold answer is found in its field"),
        SchemaKey(
            "key", .choice(TaskDefinition.KeyForm.allCases.map(\.rawValue)),
            "What names the right option in a row; any if absent"),
        SchemaKey(
            "numbers", .choice(NumberConvention.allCases.map(\.rawValue)),
            "How separators in numbers are read"),
    ])
}
