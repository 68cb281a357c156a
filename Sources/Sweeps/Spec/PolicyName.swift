/// The routing policies a spec can name. METHOD.md, section 2, defines them.
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
}
