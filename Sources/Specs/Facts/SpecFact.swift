import ResultsStore
import Routing
import Schemas

/// What can be wrong with a spec beyond its schema.
enum SpecFact: Fact {
    /// `subject` becomes part of a path and may not.
    case badName(String, of: String)
    /// The experiment's database would stand in another's way.
    case takenName(conflict: String)
    case noModelFile(String)
    /// A server's address that is none, and why.
    case badAddress(String)
    case badKeyVariable
    /// A word of a launcher that would be more than its line of a batch script.
    case severalLines(key: String)
    case unknownModel(String, known: [String])
    case unknownTask(String, known: [String])
    case noLanguages(task: String)
    case unknownLanguage(String, task: String, known: [String])
    case unknownSplit(String, task: String, known: [String])
    case seedWithoutLimit
    case languageOfMixture
    /// Thresholds chosen on the questions that they are judged by would flatter them.
    case calibratedOnTask(split: String)
    /// Quantiles, and nobody says which questions they are of.
    case noCalibrationSplit(task: String)
    case routerTwice(String)
    /// A router judged by the questions that it learned from.
    case routerLearnsFromTask(String, split: String)
    case promptInput(router: String, kind: String)
    case tokenInput(router: String, kind: String)
    /// A key of `routers` that another kind has.
    case foreignRouterKey(String, kind: String)
    /// An input that another kind sees.
    case foreignInput(String, kind: String, expected: [String])
    /// Files that include each other.
    case circle([String])
    case tooManyFiles(most: Int)
    case notIncluded(path: String, reason: String)
    /// A file of a list or a text.
    case includedNoMapping(path: String, found: String)

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .badName(let name, let subject):
            "\(subject) must be \(ExperimentName.form), found \"\(name)\""
        case .takenName(let conflict): "experiment must have another name: \(conflict)"
        case .noModelFile(let path): "no model file at \(path)"
        case .badAddress(let reason): "a server's address: \(reason)"
        case .badKeyVariable:
            "key must be the name of an environment variable that holds the server's key, such as LLM_KEY: capital letters, digits and _"
        case .severalLines(let key):
            "\(key) becomes a part of one line of a script and must not have line breaks or other control characters"
        case .unknownModel(let name, let known):
            "unknown model \"\(name)\"; known are \(Self.list(known)); "
                + "for your own model give the path of its .gguf file"
        case .unknownTask(let name, let known):
            "unknown task \"\(name)\"; known are \(Self.list(known))"
        case .noLanguages(let task): "task \"\(task)\" has no languages"
        case .unknownLanguage(let code, let task, let known):
            "task \"\(task)\" has no language \"\(code)\"; it has \(known.joined(separator: ", "))"
        case .unknownSplit(let split, let task, let known):
            "task \"\(task)\" has no split \"\(split)\"; it has \(known.joined(separator: ", "))"
        case .seedWithoutLimit: "task.seed draws a sample and needs task.limit, its size"
        case .languageOfMixture: "a mixture's languages are those of its parts"
        case .calibratedOnTask(let split):
            "calibration must use another split than the task's, found \"\(split)\" for both"
        case .noCalibrationSplit(let task):
            "quantiles need calibration questions, and task \"\(task)\" has no "
                + "split \"train\": name another in calibration.split, or give the "
                + "thresholds as numbers"
        case .routerTwice(let name): "router \"\(name)\" is given twice"
        case .routerLearnsFromTask(let name, let split):
            "router \"\(name)\" must learn from another split than the task's, "
                + "found \"\(split)\" for both"
        case .promptInput(let router, let kind):
            "router \"\(router)\": only kind query, which decides before the first token, "
                + "sees the input prompt; found it for kind \(kind)"
        case .tokenInput(let router, let kind):
            "router \"\(router)\": the inputs middle, top and token are of one token; kind "
                + "\(kind) sees a whole question or answer"
        case .foreignRouterKey(let key, let kind):
            kind == Router.judgeKind
                ? "a router of kind judge has no \"\(key)\", which is of kinds that decide before a token"
                : "a router of kind \(kind) has no \"\(key)\", which is of kind judge"
        case .foreignInput(let input, let kind, let expected):
            "a router of kind \(kind) does not see \(input); it sees \(expected.joined(separator: ", "))"
        case .circle(let files): "a circle: \(files.joined(separator: " includes "))"
        case .tooManyFiles(let most): "more than \(most) files are included"
        case .notIncluded(let path, let reason): "cannot include \(path): \(reason)"
        case .includedNoMapping(let path, let found):
            "cannot include \(path): expected a mapping of a spec's keys, found \(found)"
        }
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
