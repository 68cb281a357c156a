import Schemas

/// What can be wrong with a `--set` before the spec's schema sees its value.
enum OverrideFact: Fact {
    case noAssignment
    case severalLines
    case emptyKey
    case badKey
    /// More keys within each other than any spec has.
    case tooDeep(keys: Int, most: Int)
    case include
    /// Nothing behind the sign; null is a value, and removes a key.
    case noText
    /// A text that YAML reads as nothing.
    case noValue
    case comment
    /// A key below a value that is no mapping.
    case noMapping(parent: String, found: String, key: String)
    /// The same key twice; `first` is the earlier one as it was written.
    case twice(key: String, first: String)
    /// A later one sets what holds the key of an earlier one.
    case takesBack(String)

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .noAssignment: "expected key=value, such as task.limit=20"
        case .severalLines: "the value must stand in one line"
        case .emptyKey: "a key is empty"
        case .badKey:
            "a key is a word; elements of lists are not set one by one: replace the list"
        case .tooDeep(let keys, let most):
            "\(keys) keys within each other; a spec has at most \(most)"
        case .include: "include cannot be set: it is read before --set is"
        case .noText: "the value is missing; null removes a key"
        case .noValue: "the value is missing"
        case .comment: "a comment has no place here; put a text with # in quotes"
        case .noMapping(let parent, let found, let key):
            "\(parent) is \(found) and has no key \"\(key)\"; replace it whole: \(parent)=…"
        case .twice(let key, let first): "\(key) is set twice, first by \(first)"
        case .takesBack(let first): "this takes back \(first); give it before that one"
        }
    }
}
