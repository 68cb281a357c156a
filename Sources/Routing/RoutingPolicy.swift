package import Hashing

/// How two models write one text: two decisions (docs/method.md, 2.8).
package struct RoutingPolicy: Sendable {
    /// When L is asked.
    package let stop: Stop
    /// What of S's tokens stays when L has read them.
    package let keep: KeepRule
    /// Where the tokens come from that L has not read.
    package let drafts: DraftSource
    /// Whether S may end the text with tokens that L has not read, though L judges them elsewhere: as the Big Little Decoder does.
    package let endsUnread: Bool
    /// What is kept, as its mean, of what S saw (`SignalsMean`), for who judges the whole answer; nil: nothing.
    package let observes: SignalNeeds?

    /// Two decisions. Drafts of another kind than plain ones need a stop that S draws near token by token: a score, or none; n-grams need L's word on every
    /// token.
    package init(
        stop: Stop, keep: KeepRule = .all, drafts: DraftSource = .plain, endsUnread: Bool = false,
        observes: SignalNeeds? = nil
    ) {
        precondition(
            drafts == .plain || stop.isByToken, "drafts of a text that S writes token by token")
        precondition(
            drafts.ngram == nil || keep.verifies && !endsUnread, "L reads what no model wrote")
        precondition(
            !keep.isJudge || drafts.ngram == nil && drafts.rows == nil,
            "a judge knows drafts of S over its whole vocabulary")
        self.stop = stop
        self.keep = keep
        self.drafts = drafts
        self.endsUnread = endsUnread
        self.observes = observes
    }

    /// The same stop with other drafts, of which another rule keeps some.
    package func keeping(_ keep: KeepRule, of drafts: DraftSource) -> RoutingPolicy {
        RoutingPolicy(
            stop: stop, keep: keep, drafts: drafts, endsUnread: endsUnread, observes: observes)
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

    /// Drafts of so many tokens, of which L keeps what it would have written: L's own text (Leviathan et al. 2023, greedy).
    package static func speculative(
        draft: Int, ngram: Int? = nil, rows: TokenRows? = nil
    ) -> RoutingPolicy {
        RoutingPolicy(
            stop: .never, keep: .strict,
            drafts: DraftSource(most: draft, ngram: ngram, rows: rows))
    }

    /// L where S's largest probability is below `fallback`; tokens whose -log p_L is above `rollback`, in nats, are taken back (Kim et al., "Speculative
    /// Decoding with Big Little Decoder", 2023). What S writes after L's last call is not checked.
    package static func bigLittle(
        fallback: Float, rollback: Float, drafts: DraftSource = .plain
    ) -> RoutingPolicy {
        RoutingPolicy(
            stop: .scored(MaxProbability(), threshold: fallback),
            keep: KeepRule(.logProbability(atMost: rollback)), drafts: drafts, endsUnread: true)
    }
}
