import Grading
import Schemas

/// What can be wrong with a file of a user's own task beyond its schema.
enum TaskFact: Fact {
    /// The file's name says another.
    case otherName(String, file: String)
    case builtIn
    /// A rule of extraction that there is not.
    case unknownRule(key: String, found: String)
    /// A file that fits its schema and still lacks what every task has.
    case incomplete

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .otherName(let found, let name):
            "the task in a file \(name).yaml must be named \"\(name)\", found \"\(found)\""
        case .incomplete: "expected name, format and files, by which a task is one"
        case .builtIn: "there is a built-in task of this name; rename the file"
        case .unknownRule(let key, let found):
            "\(key): expected one of \(ExtractionRule.forms.joined(separator: ", ")), found \(found)"
        }
    }
}
