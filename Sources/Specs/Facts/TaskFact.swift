import Schemas

/// What can be wrong with a file of a user's own task beyond its schema.
enum TaskFact: Fact {
    /// The file's name says another.
    case otherName(String, file: String)
    case builtIn
    /// The definition's reader refuses a key's value.
    case badValue(key: String, reason: String)
    /// The definition's reader refuses the whole.
    case badDefinition(String)

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .otherName(let found, let name):
            "the task in a file \(name).yaml must be named \"\(name)\", found \"\(found)\""
        case .builtIn: "there is a built-in task of this name; rename the file"
        case .badValue(let key, let reason): "\(key): \(reason)"
        case .badDefinition(let reason): reason
        }
    }
}
