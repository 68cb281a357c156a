/// The routing policies a spec can name. docs/method.md, section 2, defines them.
public enum PolicyName: String, CaseIterable, Sendable {
    case slm
    case llm
    case random
    case maxProb = "max-prob"
    case entropy
    case margin
    case query
    case queryRandom = "query-random"
    case queryOracle = "query-oracle"
    case cascade
    case coLLM = "co-llm"
    case citer
    case r2r
    case disagree
    case speculative
    case bild

    /// Whether a score of each token decides who writes it, apart from `random`.
    var decidesByToken: Bool {
        switch self {
        case .maxProb, .entropy, .margin, .coLLM, .citer, .r2r: true
        default: false
        }
    }
}
