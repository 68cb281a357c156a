import Routing
import Schemas

/// What can be wrong with a spec's policies and ablations beyond their schema.
enum PolicyFact: Fact {
    /// Another ablation has the name; `first` is its place.
    case ablationTwice(String, first: String)
    /// A key by itself and in zip.
    case zippedTwice(String)
    /// Lists of several lengths in a zip, by key.
    case unequalLists(path: String, lengths: [Length])
    case unknownRouter(String, known: [String])
    /// A router that the spec itself says how to train.
    case untrainedRouter(String)
    case tooManyCells(most: Int)
    /// A cell that another element gave already; `first` is that element's place.
    case cellTwice(String, first: String)
    /// An ablation of a policy that the spec does not run.
    case unknownBase(String, path: String, listed: [String])
    /// A flip of a policy that does not decide token by token.
    case flipWithoutThreshold(policy: String)
    /// A setting that another policy has.
    case foreignSetting(String, policy: String, own: [String])

    /// A trimmed output matrix of more rows than the whole one.
    case tooManyRows(Int, vocabulary: Int)
    /// Options that do not go together.
    case conflict(String, policy: String)
    /// Something that a policy or a router needs, and a model of the pair cannot give.
    case lacks(Subject, model: String, Capability, because: String)

    /// Who needs it.
    enum Subject: Hashable {
        case policy(String)
        case router(String)

        fileprivate var words: String {
            switch self {
            case .policy(let name): "policy \(name)"
            case .router(let name): "router \"\(name)\""
            }
        }
    }

    /// How many values a key has.
    struct Length: Hashable {
        let key: String
        let count: Int
    }

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .ablationTwice(let name, let first):
            "ablation \"\(name)\" is given twice, first at \(first)"
        case .zippedTwice(let key): "\(key) is given both by itself and in zip"
        case .unequalLists(let path, let lengths):
            "\(path).zip pairs lists of one length, found "
                + lengths.map { "\($0.key) has \($0.count)" }.joined(separator: ", ")
        case .unknownRouter(let name, let known):
            "unknown router \"\(name)\"; known: "
                + (known.isEmpty ? "none is trained" : known.joined(separator: ", "))
        case .untrainedRouter(let name):
            "unknown router \"\(name)\": it is not trained yet; citer train with this spec makes it"
        case .tooManyCells(let most): "more than \(most) cells in one spec"
        case .cellTwice(let cell, let first):
            "two cells are the same: \(cell), first given at \(first)"
        case .unknownBase(let name, let path, let listed):
            "\(path).base must be a policy of this spec, found \"\(name)\"; it has "
                + listed.joined(separator: ", ")
        case .flipWithoutThreshold(let policy):
            "flip needs a policy that decides token by token with a threshold, found \(policy)"
        case .tooManyRows(let rows, let vocabulary):
            "rows must be at most \(vocabulary), the tokens of the small model, found \(rows)"
        case .conflict(let reason, let policy): "policy \(policy): \(reason)"
        case .lacks(let subject, let model, let capability, let reason):
            "\(subject.words) needs \(model) to \(capability.phrase), and \(reason)"
        case .foreignSetting(let key, let policy, let own):
            "policy \"\(policy)\" has no \"\(key)\"; it has "
                + (own.isEmpty ? "no settings" : own.joined(separator: ", "))
        }
    }
}
