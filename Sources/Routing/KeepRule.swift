import CKernels

/// Which of S's tokens stay after L's pass: the second of a policy's two decisions (docs/method.md, 2.8 and 2.9).
///
/// The first token that does not stay is replaced by L's own there, and what follows it is taken back. L's favourite always stays.
package struct KeepRule: Equatable, Sendable {
    /// What a token that is not L's favourite must pass; p is L's and q S's distribution at its place.
    package enum Test: Equatable, Sendable {
        /// Nothing: L is asked for the next token alone.
        case all
        /// It does not stay: the text is L's own (Leviathan et al. 2023, greedy).
        case strict
        /// -log p is at most so many nats (Kim et al. 2023, "Speculative Decoding with Big Little Decoder").
        case logProbability(atMost: Float)
        /// p is at least that share of the greatest one (AdaptiveSpec, 2609.02897).
        case ratio(atLeast: Float)
        /// It is among L's so many best.
        case top(Int)
        /// It is L's second choice, and its logit lies at most so much below the first's (MARS, 2601.15498).
        case gap(atMost: Float)
        /// KL(q, p), the mean of log q - log p under q, is at most so many nats (2601.04766).
        case kl(atMost: Float)
        /// The Jensen-Shannon divergence of both is at most so many nats (FSD, 2502.20704).
        case js(atMost: Float)
        /// L wavers between its three best, and agrees with S's next five tokens (FLy, 2511.22972).
        case fly
        /// A trained head gives the loss of the answer less than that probability (docs/method.md, 2.10).
        case judge(JudgeScore, below: Float)
    }

    /// What decides whether a draft stays.
    package let test: Test
    /// Natural logarithm of a probability; what L finds less likely never stays, whatever the test (PAD, 2511.00351).
    package let floor: Float

    /// `floor` is a natural logarithm; without it only the test decides.
    package init(_ test: Test, floor: Float = -.infinity) {
        self.test = test
        self.floor = floor
    }

    /// Everything that S wrote stays: routing.
    package static let all = KeepRule(.all)
    /// Only L's own favourite stays: L's text.
    package static let strict = KeepRule(.strict)

    /// Whether L judges S's tokens at all.
    package var verifies: Bool { self != .all }

    /// What L's readings must show for it, beside the two best tokens and the log-probability of S's.
    package var needs: SignalNeeds {
        switch test {
        case .all, .strict, .logProbability, .ratio, .gap: .none
        case .top(let count): SignalNeeds(top: count)
        case .fly: SignalNeeds(top: 3)
        case .kl, .js: SignalNeeds(divergence: true)
        case .judge(let score, _): score.needs.llm
        }
    }

    /// What S's readings must show for it, those after its drafts.
    package var slmNeeds: SignalNeeds {
        if case .judge(let score, _) = test { score.needs.slm } else { .none }
    }

    /// Whether S must have read its last draft, too, before L's pass.
    package var looksBehind: Bool { slmNeeds != .none }

    /// Whether `JudgedDraft.place` must be filled.
    package var isJudge: Bool { if case .judge = test { true } else { false } }

    /// Whether it looks at what L thinks of a token that is not its favourite.
    package var weighs: Bool {
        switch test {
        case .strict: false
        case .all: floor > -.infinity
        case .logProbability, .ratio, .top, .gap, .kl, .js, .fly, .judge: true
        }
    }

    /// Whether a draft stays, if all before it do.
    package func keeps(_ index: Int, of drafts: [JudgedDraft]) -> Bool {
        let draft = drafts[index]
        if draft.agrees { return true }
        guard draft.logProbability >= floor else { return false }
        switch test {
        case .all: return true
        case .strict: return false
        case .logProbability(let most): return -draft.logProbability <= most
        case .ratio(let least):
            return ck_exp(draft.logProbability - draft.favouriteLogProbability) >= least
        case .top(let count):
            // A token that is as likely as the last of them counts, too.
            return draft.top.count < count || draft.logProbability >= draft.top[count - 1]
        case .gap(let most):
            return draft.token == draft.second
                && draft.favouriteLogProbability - draft.logProbability <= most
        case .kl(let most): return draft.kl.map { $0 <= most } ?? false
        case .js(let most): return draft.js.map { $0 <= most } ?? false
        case .fly:
            // The last six are judged strictly: what L makes of what follows them is not known yet.
            return index < drafts.count - 6 && wavers(draft.top)
                && drafts[index + 1...index + 5].allSatisfy(\.agrees)
        case .judge(let score, let most):
            // Of a draft that S did not write, too little is known.
            guard var place = draft.place else { return false }
            place.agreements = drafts[(index + 1)...].prefix(JudgedPlace.lookahead).map(\.agrees)
            return score.score(place) < most
        }
    }

    /// Whether the entropy of three probabilities, taken for all there are, is at least 0.3 of what it can be.
    private func wavers(_ top: [Float]) -> Bool {
        guard let first = top.first, top.count == 3 else { return false }
        let shares = top.map { Double(ck_exp($0 - first)) }
        let sum = shares.reduce(0, +)
        let weighted = zip(shares, top).reduce(0) { $0 + $1.0 * Double($1.1 - first) }
        return ck_log(sum) - weighted / sum >= 0.3 * ck_log(3)
    }
}

extension KeepRule.Test {
    /// Whether both models' whole distributions are compared.
    var comparesDistributions: Bool {
        switch self {
        case .kl, .js: true
        case .judge(let score, _): score.needs.llm.divergence
        case .all, .strict, .logProbability, .ratio, .top, .gap, .fly: false
        }
    }
}

/// A token that S has drafted, and what L said at its place.
package struct JudgedDraft: Equatable, Sendable {
    /// What S wrote.
    package let token: Int32
    /// L's most probable token there.
    package let favourite: Int32
    /// L's second.
    package let second: Int32
    /// log p of the draft; -infinity where no rule asks for it.
    package let logProbability: Float
    /// log p of the favourite.
    package let favouriteLogProbability: Float
    /// L's largest log-probabilities, falling; as many as were asked for.
    package let top: [Float]
    /// How far S's distribution q lies from L's, p, in nats: the mean of log q - log p under q; nil where no rule asks for it.
    package let kl: Float?
    /// Half of KL(q, m) and half of KL(p, m), where m is the mean of both: at most log 2; nil where no rule asks for it.
    package let js: Float?
    /// What a judge looks at, but for what follows; nil where none asks for it.
    package let place: JudgedPlace?

    package init(
        token: Int32, favourite: Int32, second: Int32, logProbability: Float,
        favouriteLogProbability: Float, top: [Float] = [], kl: Float? = nil, js: Float? = nil,
        place: JudgedPlace? = nil
    ) {
        self.token = token
        self.favourite = favourite
        self.second = second
        self.logProbability = logProbability
        self.favouriteLogProbability = favouriteLogProbability
        self.top = top
        self.kl = kl
        self.js = js
        self.place = place
    }

    /// Whether L would have written it.
    package var agrees: Bool { token == favourite }
}
