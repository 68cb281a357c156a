/// How two models write one text: two decisions (docs/method.md, 2.8).
package struct RoutingPolicy: Sendable {
    /// When L is asked.
    package let stop: Stop
    /// What of S's tokens stays when L has read them.
    package let keep: KeepRule
    /// Whether S may end the text with tokens that L has not read, though L judges them elsewhere: as the Big Little Decoder does.
    package let endsUnread: Bool
    /// What is kept, as its mean, of what S saw (`SignalsMean`), for who judges the whole answer; nil: nothing.
    package let observes: SignalNeeds?

    /// Two decisions.
    package init(
        stop: Stop, keep: KeepRule = .all, endsUnread: Bool = false, observes: SignalNeeds? = nil
    ) {
        self.stop = stop
        self.keep = keep
        self.endsUnread = endsUnread
        self.observes = observes
    }

    /// Whether L judges S's tokens.
    package var verifies: Bool { keep.verifies }

    /// What is looked at of the small model's steps.
    package var needs: SignalNeeds {
        var needs = (observes ?? stop.function?.needs ?? .none).union(keep.slmNeeds)
        needs.divergence = keep.needs.divergence
        return needs
    }

    /// Whether the mean of the small model's hidden states over the prompt is looked at.
    package var needsPromptMean: Bool {
        if case .whole(let function, _) = stop { function.needsPromptMean } else { false }
    }
}

extension RoutingPolicy {
    /// The small model alone.
    package static let slm = RoutingPolicy(stop: .never)
    /// The large model alone; the small one does not run.
    package static let llm = RoutingPolicy(stop: .always)
    /// Both models at every step, L's token where they differ: L's own text at the least calls, an upper bound (docs/method.md, 2.7).
    package static let disagree = RoutingPolicy(stop: .everywhere)

    /// The small model alone, with the mean of what it saw.
    package static func observed(_ needs: SignalNeeds) -> RoutingPolicy {
        RoutingPolicy(stop: .never, observes: needs)
    }

    /// The large model where the score is on its calling side of the threshold.
    package static func scored(
        _ function: any ScoreFunction, threshold: Float, flips: Flips? = nil
    ) -> RoutingPolicy {
        RoutingPolicy(stop: .scored(function, threshold: threshold, flips: flips))
    }

    /// One model for the whole answer.
    package static func whole(
        _ function: any ScoreFunction, threshold: Float
    ) -> RoutingPolicy {
        RoutingPolicy(stop: .whole(function, threshold: threshold))
    }

    /// S drafts, L keeps what it would have written: L's own text (Leviathan et al. 2023, greedy).
    package static func speculative(draft: Int) -> RoutingPolicy {
        RoutingPolicy(stop: .every(draft), keep: .strict)
    }

    /// L where S's largest probability is below `fallback`; tokens whose -log p_L is above `rollback`, in nats, are taken back (Kim et al., "Speculative
    /// Decoding with Big Little Decoder", 2023). What S writes after L's last call is not checked.
    package static func bigLittle(fallback: Float, rollback: Float) -> RoutingPolicy {
        RoutingPolicy(
            stop: .scored(MaxProbability(), threshold: fallback),
            keep: KeepRule(.logProbability(atMost: rollback)), endsUnread: true)
    }
}
