import Hashing
import Inference
import Routing

/// A lane on its way through a question: its text, decisions and costs, and what it does next.
///
/// Knows no model, no cache and no other lane. It says what it does next, which may be to wait for a reading that the tree does not have; since a reading
/// depends on its prefix alone, what it writes does not depend on who else is there.
struct Writer<Sequence: TokenSequence> {
    typealias Tree = PrefixTree<Sequence>

    /// Readings of one model that a text can't go on without.
    struct Want: Equatable {
        let model: Route
        let prefix: Int
        /// Tokens before the first of the readings; the last is that of the prefix itself.
        var from: Int
    }

    /// What ends a text.
    struct Limits {
        let maxTokens: Int
        let endTokens: Set<Int32>
        /// Tokens that both models hold.
        let context: Int
    }

    /// What a lane does next.
    enum Move {
        /// Waits for readings.
        case wait(Want)
        /// Writes S's token.
        case small(Proposal)
        /// Writes what followed the same tokens before.
        case copy(Int32)
        /// Writes L's token.
        case large(Candidate)
        /// Writes L's token, which is S's where they agree.
        case both(Proposal, Candidate)
        /// Keeps what L's word on the drafts lets stay, and writes L's token behind it.
        case verify([Judgement])
    }

    /// What S said of the next token, and what the policy makes of it.
    struct Proposal {
        let candidate: Candidate
        let score: Float?
        let route: Route
    }

    /// L's own token at a place, and what it thinks of the draft there; of the place behind them there is no draft.
    struct Judgement {
        let said: Candidate
        let draft: JudgedDraft?
    }

    let lane: Int
    let policy: RoutingPolicy
    private let question: String
    private let answerStart: Int
    private let promptTokens: Int

    /// The end of the text.
    private(set) var end = Tree.root
    private(set) var decisions: [Decision] = []
    private var finish: Finish?
    /// Tokens at the end that S has written, or that were copied, since L was asked.
    private(set) var pending = 0
    /// What followed the text's last tokens before; nil where nothing is copied.
    private var ngrams: NGramIndex?
    private var proposal: Proposal?
    /// Tokens that each model has read, had the lane run alone.
    private var read: Pair<Int>
    private var cost = Cost()
    private var passes: [Pass] = []
    private var seen = SignalsMean()
    /// Wall-clock of scores and routes, in seconds.
    var scoring = 0.0

    init(_ request: Request, lane: Int) {
        self.lane = lane
        policy = request.lanes[lane].policy
        question = request.question
        answerStart = request.answerStart
        promptTokens = request.prompt.count
        read = request.known
        ngrams = policy.drafts.ngram.map { NGramIndex(of: request.prompt, longest: $0) }
    }

    /// The models that the lane may ask from here on.
    var models: [Route] {
        switch policy.stop {
        case .never: policy.verifies || policy.drafts.longest != nil ? [.slm, .llm] : [.slm]
        case .always: [.llm]
        case .scored, .everywhere: [.slm, .llm]
        case .whole: decisions.first.map { [$0.route] } ?? [.slm, .llm]
        }
    }

    /// What the lane looks at of S's next reading.
    var needs: SignalNeeds {
        if case .whole = policy.stop, !decisions.isEmpty { return .none }
        return policy.needs
    }

    /// Whether S's next reading is the prompt's, and the mean of its states is looked at.
    var needsPromptMean: Bool { policy.needsPromptMean && decisions.isEmpty }

    // MARK: - Going on

    /// What the lane does next, given what the tree knows.
    mutating func next(_ tree: Tree, _ limits: Limits) -> Move {
        switch policy.stop {
        case .always: return large(tree)
        case .whole where decisions.first?.route == .llm: return large(tree)
        case .never, .scored, .whole, .everywhere: break
        }
        if stretchIsFull(tree, limits) {
            guard policy.verifies else { return large(tree) }
            if policy.keep.looksBehind, pending > 0, propose(tree) == nil {
                return wait(.slm, tree)
            }
            return judged(tree)
        }
        if let next = ngrams?.next { return .copy(next) }
        guard let proposal = propose(tree) else { return wait(.slm, tree) }
        if case .everywhere = policy.stop {
            guard let said = said(.llm, tree) else { return wait(.llm, tree) }
            return .both(proposal, said)
        }
        if proposal.route == .slm { return .small(proposal) }
        return policy.verifies ? judged(tree) : large(tree)
    }

    private func large(_ tree: Tree) -> Move {
        said(.llm, tree).map { .large($0) } ?? wait(.llm, tree)
    }

    private func wait(_ model: Route, _ tree: Tree) -> Move {
        // A mean over the prompt is over all of it, whatever others have read.
        let isMean = model == .slm && needsPromptMean
        return .wait(Want(model: model, prefix: end, from: isMean ? 1 : tree.length(of: end)))
    }

    /// Makes a move other than to wait.
    mutating func make(_ move: Move, _ tree: inout Tree, _ limits: Limits) {
        switch move {
        case .wait: break
        case .small(let proposal):
            pending += 1
            if policy.verifies { cost.drafts += 1 }
            let slm = proposal.candidate
            write(slm.token, by: .slm, score: proposal.score, slm: slm, llm: nil, &tree, limits)
        case .copy(let token):
            pending += 1
            cost.copied += 1
            cost.drafts += 1
            write(token, by: .slm, score: nil, slm: nil, llm: nil, &tree, limits)
        case .large(let llm):
            account(.llm, tree)
            pending = 0
            write(
                llm.token, by: .llm, score: proposal?.score, slm: proposal?.candidate, llm: llm,
                &tree,
                limits)
        case .both(let proposal, let llm):
            account(.llm, tree)
            let slm = proposal.candidate
            write(
                llm.token, by: llm.token == slm.token ? .slm : .llm, score: nil, slm: slm, llm: llm,
                &tree, limits)
        case .verify(let judgements): verify(judgements, &tree, limits)
        }
    }

    /// The answer, at its end.
    var trace: Trace? {
        finish.map {
            Trace(
                promptTokens: promptTokens, decisions: decisions, finish: $0, cost: cost,
                passes: passes,
                observed: policy.observes == nil ? nil : seen.signals(of: question),
                rows: policy.drafts.rows?.count)
        }
    }

    // MARK: - Verification

    /// Whether L is next whatever S would say: the drafts are as many as may be, or the last of them ends the text.
    private func stretchIsFull(_ tree: Tree, _ limits: Limits) -> Bool {
        if let most = policy.drafts.longest, pending >= most { return true }
        if !policy.verifies || policy.endsUnread { return false }
        if pending > 0, let last = decisions.last, limits.endTokens.contains(last.token) {
            return true
        }
        // L's own token must find room behind them.
        return answered + decisions.count >= limits.maxTokens - 1
            || tree.length(of: end) >= limits.context - 1
    }

    /// L's word before each draft, with what it thinks of it, and after all of them.
    private func judged(_ tree: Tree) -> Move {
        var judgements: [Judgement] = []
        var at = end
        // The earliest reading that is not there.
        var missing: Int?
        if let own = said(.llm, tree) {
            judgements.append(Judgement(said: own, draft: nil))
        } else {
            missing = tree.length(of: end)
        }
        for decision in decisions.suffix(pending).reversed() {
            let before = tree.parent(of: at)
            if let judgement = judgement(
                of: at, after: before, isCopied: decision.slm == nil, tree)
            {
                judgements.append(judgement)
            } else {
                missing = tree.length(of: before)
            }
            at = before
        }
        if let missing { return .wait(Want(model: .llm, prefix: end, from: missing)) }
        return .verify(judgements.reversed())
    }

    /// What L says of one draft. There is no word of S on one that was copied, so that nothing is compared with it, whatever S says there to others.
    private func judgement(
        of draft: Tree.Prefix, after before: Tree.Prefix, isCopied: Bool, _ tree: Tree
    ) -> Judgement? {
        guard let opinion = tree.opinion(of: .llm, at: before),
            let token = tree.lastToken(of: draft)
        else { return nil }
        let (reading, said) = (opinion.reading, Candidate(opinion.reading))
        let divergence = isCopied ? nil : reading.divergence
        var logProbability = said.logProbability
        if token != said.token {
            var needs = policy.keep.needs
            if isCopied { needs.divergence = false }
            guard opinion.shows.holds(needs) else { return nil }
            // What is never weighed needs no number.
            guard let known = policy.keep.weighs ? tree.judgement(of: draft) : -.infinity else {
                return nil
            }
            logProbability = known
        }
        var place: JudgedPlace?
        if policy.keep.isJudge, token != said.token {
            // What L thinks when it has read the draft. Distributions are compared before it alone: S need not have read it.
            var needs = policy.keep.needs
            needs.divergence = false
            guard let after = tree.opinion(of: .llm, at: draft), after.shows.holds(needs)
            else { return nil }
            if !isCopied {
                place = self.place(
                    of: draft, token, reading, logProbability, after: after.reading, tree)
            }
        }
        return Judgement(
            said: said,
            draft: JudgedDraft(
                token: token, favourite: said.token, second: reading.second,
                logProbability: logProbability, favouriteLogProbability: said.logProbability,
                top: reading.top, kl: divergence?.kl, js: divergence?.js,
                place: place))
    }

    /// What a judge looks at of a draft, but for what follows; nil where S did not write it.
    private func place(
        of draft: Tree.Prefix, _ token: Int32, _ reading: Reading, _ logProbability: Float,
        after: Reading, _ tree: Tree
    ) -> JudgedPlace? {
        let before = tree.parent(of: draft)
        guard let slm = tree.opinion(of: .slm, at: before)?.reading, slm.argmax == token,
            let previous = tree.lastToken(of: before)
        else { return nil }
        var place = JudgedPlace(
            at: tree.length(of: before) - answerStart, after: previous, slm: slm, llm: reading,
            logProbability: logProbability)
        place.slmHidden = tree.opinion(of: .slm, at: draft)?.reading.hidden ?? []
        place.llmHidden = after.hidden
        place.llmLayers = after.layers
        return place
    }

    /// Drafts that do not stay are taken back, and L's own token stands there; else at the end.
    private mutating func verify(
        _ judgements: [Judgement], _ tree: inout Tree, _ limits: Limits
    ) {
        account(.llm, tree)
        let drafts = pending
        let first = decisions.count - drafts
        pending = 0
        let judged = judgements.compactMap(\.draft)
        for (index, judgement) in judgements.dropLast().enumerated() {
            let draft = decisions[first + index]
            guard policy.keep.keeps(index, of: judged) else {
                takeBack(drafts - index, tree)
                return write(
                    judgement.said.token, by: .llm, score: nil, slm: draft.slm,
                    llm: judgement.said, &tree, limits)
            }
            decisions[first + index].llm = judgement.said
            if let reason = end(after: draft.token, count: first + index + 1, limits) {
                takeBack(drafts - index - 1, tree)
                finish = reason
                return
            }
        }
        if let own = judgements.last?.said {
            write(
                own.token, by: .llm, score: proposal?.score, slm: proposal?.candidate, llm: own,
                &tree, limits)
        }
    }

    /// Drops the last `count` tokens.
    private mutating func takeBack(_ count: Int, _ tree: Tree) {
        decisions.removeLast(count)
        end = tree.ancestor(of: end, up: count)
        ngrams?.rewind(to: tree.length(of: end))
        read = read.map { min($0, tree.length(of: end)) }
    }

    // MARK: - Readings

    /// A model's word on the next token; nil where it has not spoken.
    private func said(_ model: Route, _ tree: Tree) -> Candidate? {
        tree.opinion(of: model, at: end).map { Candidate($0.reading) }
    }

    /// S's word and what the policy makes of it, asked for once a token; nil where S has not spoken.
    private mutating func propose(_ tree: Tree) -> Proposal? {
        if let proposal { return proposal }
        guard let opinion = tree.opinion(of: .slm, at: end), opinion.shows.holds(needs),
            !needsPromptMean || tree.promptMean != nil
        else { return nil }
        account(.slm, tree)
        let made = proposal(from: opinion.reading, tree)
        proposal = made
        return made
    }

    private mutating func proposal(from reading: Reading, _ tree: Tree) -> Proposal {
        let candidate = Candidate(reading)
        let (function, threshold, flips): (any ScoreFunction, Float, Flips?)
        switch policy.stop {
        case .scored(let score, let limit, let flip):
            (function, threshold, flips) = (score, limit, flip)
        case .whole(let score, let limit) where decisions.isEmpty:
            (function, threshold, flips) = (score, limit, nil)
        default:
            if policy.observes != nil { seen.add(signals(reading, tree)) }
            return Proposal(candidate: candidate, score: nil, route: .slm)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let signals = signals(reading, tree)
        let score = function.score(signals)
        let route = function.route(score: score, threshold: threshold)
        let made = Proposal(
            candidate: candidate, score: score,
            route: flips?.route(insteadOf: route, signals) ?? route)
        scoring += (clock.now - start) / .seconds(1)
        return made
    }

    private func signals(_ reading: Reading, _ tree: Tree) -> Signals {
        Signals(
            reading, of: question, at: tree.length(of: end) - answerStart,
            after: tree.lastToken(of: end),
            promptMean: needsPromptMean ? tree.promptMean ?? [] : [])
    }

    // MARK: - Costs and the end

    /// A pass of a model over what it would not have read, had the lane run alone.
    private mutating func account(_ model: Route, _ tree: Tree) {
        let length = tree.length(of: end)
        let tokens = length - read[model]
        let seconds = Double(tokens) * (tree.opinion(of: model, at: end)?.secondsPerToken ?? 0)
        if policy.verifies {
            passes.append(
                Pass(
                    by: model, from: read[model], to: length,
                    readings: model == .llm ? pending + 1 : 1))
        }
        read[model] = length
        cost.add(tokens, of: model, seconds: seconds)
    }

    private mutating func write(
        _ token: Int32, by route: Route, score: Float?, slm: Candidate?, llm: Candidate?,
        _ tree: inout Tree, _ limits: Limits
    ) {
        decisions.append(
            Decision(token: token, route: route, score: score, slm: slm, llm: llm))
        proposal = nil
        end = tree.child(of: end, token: token)
        ngrams?.append(token)
        // A draft ends the text when L has read it, or will not.
        if pending == 0 || !policy.verifies || policy.endsUnread {
            finish = end(after: token, count: decisions.count, limits)
        }
    }

    /// Why the text ends after so many tokens of the answer, if it does.
    private func end(
        after token: Int32, count: Int, _ limits: Limits
    ) -> Finish? {
        if limits.endTokens.contains(token) { return .stop }
        if answered + count >= limits.maxTokens { return .length }
        return promptTokens + count >= limits.context ? .context : nil
    }

    /// Tokens of the answer that the prompt holds already.
    private var answered: Int { promptTokens - answerStart }
}

extension Candidate {
    init(_ reading: Reading) {
        self.init(token: reading.argmax, logProbability: reading.logProbability)
    }
}
