import Generation
import Inference
import Routing

/// One labelled token: what a router sees of it, and whether S should write it.
struct TokenLabel {
    /// The question's place in the training questions, for splits by question.
    let group: Int
    let signals: Signals
    /// The share of trials in which writing S's token was right, 0...1.
    let label: Float
    /// How many tokens it stands for.
    let weight: Float
    /// Log-probabilities that S and L give the reference's token.
    let slmReference: Float
    let llmReference: Float
    /// Names the token between rounds.
    let place: Place
    /// Which case of docs/method.md, 1.3, it is; nil for a whole question.
    var shortcut: Shortcut?
    /// Whether the answers that go on from S's and from L's token are right, where they were rolled out.
    var slmRight: Bool?
    var llmRight: Bool?

    struct Place: Hashable {
        let question: String
        let position: Int
    }
}

/// What rollouts from one position gave.
struct RolledOut {
    let slmRight: Bool
    /// Nil if only S's token was rolled out.
    var llmRight: Bool?
    let prefersSmall: Bool
}

/// Counts of the three cases of docs/method.md, 1.3.
struct ShortcutCounts {
    var slmRight = 0
    var llmRight = 0
    var neither = 0
    var rollouts = 0

    var tokens: Int { slmRight + llmRight + neither }

    mutating func add(_ shortcut: Shortcut) {
        switch shortcut {
        case .slmRight: slmRight += 1
        case .llmRight: llmRight += 1
        case .neither: neither += 1
        }
    }
}

extension ReferenceWalk {
    /// What a router sees before the token at `position`.
    func signals(at position: Int) -> Signals {
        Signals(
            steps[position].slm, of: question, at: position,
            after: position > 0 ? reference[position - 1] : prompt.last)
    }

    /// Where a rollout decides: the models would write different tokens, and the shortcut knows no answer, or, along L's own solutions, only
    /// that L's token leads to a right one (docs/method.md, 1.3 and 1.5).
    ///
    /// For dual labels, wherever the models differ.
    func branches(
        along reference: RouterPlan.Reference, for labels: RouterPlan.Labels
    ) -> [Branch] {
        steps.indices.compactMap { position in
            guard steps[position].hasChoice else { return nil }
            if labels == .shortcut, reference == .gold, shortcut(at: position) != .neither {
                return nil
            }
            return Branch(position: position, token: steps[position].slm.argmax)
        }
    }

    /// The labels of all tokens that have one; `decided` holds what rollouts say of the positions that were drawn.
    ///
    /// Where both models want the same token no choice exists, and S is cheaper: S is preferred. With rollouts, a position that was open to one and
    /// not drawn has no label, and those drawn stand for it by their weight; without, the shortcut's label stands. `weak`: Co-LLM's labels of all
    /// tokens, L where only L is right (docs/method.md, 2.5).
    func labels(
        group: Int, along reference: RouterPlan.Reference, open: [Branch],
        decided: [Int: RolledOut], weight: Double, weak: Bool = false
    ) -> [TokenLabel] {
        let openPositions = Set(open.map(\.position))
        return steps.indices.compactMap { position in
            let step = steps[position]
            var label: Float
            var share: Float = 1
            if weak {
                label = shortcut(at: position) == .llmRight ? 0 : 1
            } else if !step.hasChoice {
                label = 1
            } else if !decided.isEmpty, openPositions.contains(position) {
                guard let outcome = decided[position] else { return nil }
                label = outcome.prefersSmall ? 1 : 0
                share = Float(weight)
            } else {
                switch shortcut(at: position) {
                case .slmRight: label = 1
                case .llmRight: label = 0
                case .neither: return nil
                }
            }
            return TokenLabel(
                group: group, signals: signals(at: position), label: label, weight: share,
                slmReference: step.slm.targetLogProbabilities.first ?? -.infinity,
                llmReference: step.llmReference ?? -.infinity,
                place: .init(question: question, position: position),
                shortcut: shortcut(at: position), slmRight: decided[position]?.slmRight,
                llmRight: decided[position]?.llmRight)
        }
    }
}
