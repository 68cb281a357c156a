/// Something that a model may be able to tell of a text, beyond its next token and that token's probability.
package enum Capability: Sendable, CaseIterable {
    /// The entropy of the next token's distribution, over the whole vocabulary.
    case entropy
    /// The state after the final norm, and those after middle layers.
    case hiddenStates
    /// Several of the most probable next tokens with their probabilities.
    case topTokens
    /// What it would write at each of several positions of a text, from one pass: what verification and walks along references need.
    case verification
    /// Its whole distribution, to be compared with another's.
    case distributions
    /// What it would write if it chose among some of its tokens alone.
    case trimmedOutput

    /// What a model with it does, after "must".
    package var phrase: String {
        switch self {
        case .entropy: "give the entropy of its next token"
        case .hiddenStates: "give its hidden states"
        case .topTokens: "give its most probable tokens"
        case .verification: "judge several positions of a text in one pass"
        case .distributions: "give its whole distributions"
        case .trimmedOutput: "choose among some of its tokens alone"
        }
    }
}

extension Capability {
    /// What labels are made from: walks of both models along references.
    package static let ofLabels: Set<Capability> = [.entropy, .hiddenStates, .verification]
}
