import Hashing
import Inference
import ModelSupport
import Routing

@testable import Generation

/// Questions, lanes and two fakes; runs them and tells what should come of them.
struct Scenario {
    var small = FakeModel.Character(seed: 1)
    var large = FakeModel.Character(seed: 2)
    var requests: [Request] = []
    var maxTokens = 20
    var endTokens: Set<Int32> = [3]
    var batch = 8
    var passTokens = 256
    var smallMemory = Int.max
    var largeMemory = Int.max
    var poison: Int32?

    typealias Answer = Generator<FakeModel>.Outcome

    /// What a run left behind.
    struct Run {
        var outcomes: [[Int: Answer]]  // (request, lane)
        /// The requests in the order in which their lanes ended.
        let order: [Int]
        let small: FakeModel
        let large: FakeModel
        let throughput: Throughput

        /// A lane's trace, if it finished.
        func trace(_ request: Int, _ lane: Int) -> Trace? {
            guard case .finished(let trace)? = outcomes[request][lane] else { return nil }
            return trace
        }
    }

    struct ReportedTwice: Error {}

    func run(isCancelled: () -> Bool = { false }) throws -> Run {
        let small = FakeModel(small, memory: smallMemory, poison: poison)
        let large = FakeModel(large, memory: largeMemory)
        var options = Generator<FakeModel>.Options(
            maxTokens: maxTokens, endTokens: endTokens, batch: batch)
        options.passTokens = passTokens
        let generator = try Generator(Pair(slm: small, llm: large), options: options)
        var waiting = requests[...]
        var outcomes = [[Int: Answer]](repeating: [:], count: requests.count)
        var order: [Int] = []
        var rounds = 0
        try generator.run(
            next: { waiting.popFirst() },
            isCancelled: {
                // A run that gets nowhere ends without its traces, and so fails its test.
                rounds += 1
                return rounds > 50_000 || isCancelled()
            },
            report: { request, lane, outcome in
                if outcomes[request][lane] != nil { throw ReportedTwice() }
                outcomes[request][lane] = outcome
                order.append(request)
            })
        return Run(
            outcomes: outcomes, order: order, small: small, large: large,
            throughput: generator.throughput)
    }

    /// The trace of one lane by the plainest loop: every reading computed from the whole text, every
    /// cost from its definition.
    func expectedTrace(_ request: Request, _ policy: RoutingPolicy) -> Trace {
        if policy.verifies { return expectedVerifiedTrace(request, policy) }
        var tokens = request.prompt
        var decisions: [Decision] = []
        var cost = Cost()
        var unread = 0  // tokens of S since L was asked
        while true {
            let position = decisions.count
            var route = Route.llm
            var score: Float?
            var slm: Candidate?
            let runsSmall =
                switch policy.stop {
                case .always: false
                case .whole: decisions.first?.route != .llm
                default: unread < policy.drafts.longest ?? .max
                }
            if runsSmall {
                let reading = small.reading(after: tokens, over: policy.drafts.rows)
                slm = Candidate(token: reading.argmax, logProbability: reading.logProbability)
                // A cache keeps what was read: the prompt once, then what came since.
                cost.slmTokens = tokens.count
                cost.slmPasses += 1
                route = .slm
                if case .everywhere = policy.stop { route = .llm }
                if let (function, threshold, flips) = scoring(policy, at: position) {
                    let signals = Signals(
                        question: request.question, position: position,
                        logProbability: reading.logProbability,
                        secondLogProbability: reading.secondLogProbability,
                        entropy: reading.entropy,
                        hidden: function.needs.hidden ? [Float(tokens.count)] : [])
                    let value = function.score(signals)
                    score = value
                    route = function.route(score: value, threshold: threshold)
                    if let flips { route = flips.route(insteadOf: route, signals) }
                }
            }
            var llm: Candidate?
            if route == .llm {
                let reading = large.reading(after: tokens)
                llm = Candidate(token: reading.argmax, logProbability: reading.logProbability)
                cost.llmTokens = tokens.count  // whatever it had not read yet
                cost.llmPasses += 1
            }
            unread = llm == nil ? unread + 1 : 0
            let token = (llm ?? slm)?.token ?? -1
            if case .everywhere = policy.stop, slm?.token == llm?.token { route = .slm }
            decisions.append(
                Decision(token: token, route: route, score: score, slm: slm, llm: llm))
            tokens.append(token)
            if let finish = finish(after: token, tokens.count, decisions.count) {
                return Trace(
                    promptTokens: request.prompt.count, decisions: decisions, finish: finish,
                    cost: cost, rows: policy.drafts.rows?.count)
            }
        }
    }

    /// What followed the longest ending of a text, of at most `longest` tokens, that stood before: at its latest place.
    private func copied(from text: [Int32], longest: Int) -> Int32? {
        for length in stride(from: min(longest, text.count - 1), through: 1, by: -1) {
            for end in stride(from: text.count - 1, through: length, by: -1)
            where text[(end - length)..<end] == text.suffix(length) {
                return text[end]
            }
        }
        return nil
    }

    private func scoring(
        _ policy: RoutingPolicy, at position: Int
    ) -> (any ScoreFunction, Float, Flips?)? {
        switch policy.stop {
        case .scored(let function, let threshold, let flips): (function, threshold, flips)
        case .whole(let function, let threshold):
            position == 0 ? (function, threshold, nil) : nil
        default: nil
        }
    }

    private func finish(after token: Int32, _ length: Int, _ written: Int) -> Finish? {
        if endTokens.contains(token) { return .stop }
        if written >= maxTokens { return .length }
        return length >= min(small.context, large.context) ? .context : nil
    }

    /// The same where L judges S's tokens: a stretch of drafts, one pass of L, what stays of it.
    private func expectedVerifiedTrace(_ request: Request, _ policy: RoutingPolicy) -> Trace {
        var tokens = request.prompt
        var decisions: [Decision] = []
        var cost = Cost()
        var passes: [Pass] = []
        var read = Pair(both: 0)
        var unread = 0  // drafts that L has not judged
        func said(_ reading: Reading) -> Candidate {
            Candidate(token: reading.argmax, logProbability: reading.logProbability)
        }
        func pass(_ model: Route, to length: Int) {
            passes.append(
                Pass(
                    by: model, from: read[model], to: length,
                    readings: model == .llm ? unread + 1 : 1))
            cost.add(length - read[model], of: model, seconds: 0)
            read[model] = length
        }
        func trace(_ finish: Finish) -> Trace {
            Trace(
                promptTokens: request.prompt.count, decisions: decisions, finish: finish,
                cost: cost, passes: passes, rows: policy.drafts.rows?.count)
        }
        while true {
            let context = min(small.context, large.context)
            let room =
                min(maxTokens - decisions.count + unread, context - tokens.count + unread) - 1
            var most = policy.endsUnread ? Int.max : room
            most = min(most, policy.drafts.longest ?? .max)
            var unsure: (Candidate, Float)?
            var behind: (Candidate, Float?)?
            func score(_ reading: Reading) -> Float? {
                guard case .scored(let function, _, _) = policy.stop else { return nil }
                return function.score(
                    Signals(
                        question: request.question, position: decisions.count,
                        logProbability: reading.logProbability,
                        secondLogProbability: reading.secondLogProbability,
                        entropy: reading.entropy,
                        hidden: function.needs.hidden ? [Float(tokens.count)] : []))
            }
            while unread < most,
                policy.endsUnread || unread == 0 || !endTokens.contains(tokens[tokens.count - 1])
            {
                if let longest = policy.drafts.ngram,
                    let next = copied(from: tokens, longest: longest)
                {
                    tokens.append(next)
                    decisions.append(
                        Decision(token: next, route: .slm, score: nil, slm: nil, llm: nil))
                    cost.copied += 1
                    cost.drafts += 1
                    unread += 1
                    continue
                }
                let reading = small.reading(after: tokens, over: policy.drafts.rows)
                pass(.slm, to: tokens.count)
                let score = score(reading)
                if case .scored(let function, let threshold, _) = policy.stop, let score,
                    function.route(score: score, threshold: threshold) == .llm
                {
                    unsure = (said(reading), score)
                    break
                }
                tokens.append(reading.argmax)
                decisions.append(
                    Decision(
                        token: reading.argmax, route: .slm, score: score, slm: said(reading),
                        llm: nil))
                unread += 1
                cost.drafts += 1
                if policy.endsUnread,
                    let finish = finish(after: reading.argmax, tokens.count, decisions.count)
                {
                    return trace(finish)
                }
            }
            if policy.keep.looksBehind, unsure == nil, unread > 0 {
                // A judge of S's state wants that after the last draft, too.
                let reading = small.reading(after: tokens)
                pass(.slm, to: tokens.count)
                behind = (said(reading), score(reading))
            }
            pass(.llm, to: tokens.count)
            let start = tokens.count - unread
            let first = decisions.count - unread
            var kept = 0
            let judged = (0..<unread).map { index in
                let before = Array(tokens[..<(start + index)])
                let own = large.reading(after: before)
                let other = small.reading(after: before, over: policy.drafts.rows)
                var needs = policy.keep.needs
                // S has no word on what was copied.
                if decisions[first + index].slm == nil { needs.divergence = false }
                let divergence = Divergence.between(
                    (other.logProbability, other.entropy), (own.logProbability, own.entropy))
                let draft = tokens[start + index]
                return JudgedDraft(
                    token: draft, favourite: own.argmax, second: own.second,
                    logProbability: own.logProbability(of: draft),
                    favouriteLogProbability: own.logProbability, top: own.largest(needs.top),
                    kl: needs.divergence ? divergence.kl : nil,
                    js: needs.divergence ? divergence.js : nil,
                    place: JudgedPlace(
                        position: first + index, draft: draft, favourite: own.argmax,
                        previous: before.last ?? -1, logProbability: own.logProbability(of: draft),
                        favouriteLogProbability: own.logProbability, llmEntropy: own.entropy,
                        slmEntropy: other.entropy, slmLogProbability: other.logProbability,
                        slmSecondLogProbability: other.secondLogProbability, kl: divergence.kl,
                        js: divergence.js, slmHidden: [Float(start + index + 1)],
                        llmHidden: [Float(start + index + 1)]))
            }
            while kept < unread {
                let reading = large.reading(after: Array(tokens[..<(start + kept)]))
                let draft = tokens[start + kept]
                guard policy.keep.keeps(kept, of: judged) else { break }
                decisions[first + kept].llm = said(reading)
                kept += 1
                if endTokens.contains(draft) {
                    decisions.removeSubrange((first + kept)...)
                    return trace(.stop)
                }
            }
            let own = said(large.reading(after: Array(tokens[..<(start + kept)])))
            let slm = kept < unread ? decisions[first + kept].slm : unsure?.0 ?? behind?.0
            let shown = kept < unread ? nil : unsure?.1 ?? behind?.1
            decisions.removeSubrange((first + kept)...)
            tokens.removeSubrange((start + kept)...)
            read = read.map { min($0, tokens.count) }
            decisions.append(
                Decision(token: own.token, route: .llm, score: shown, slm: slm, llm: own))
            tokens.append(own.token)
            unread = 0
            if let finish = finish(after: own.token, tokens.count, decisions.count) {
                return trace(finish)
            }
        }
    }

    /// Tokens that each model must read if every distinct prefix that some lane needs is read once.
    func distinctPrefixes() -> (slm: Int, llm: Int) {
        var (slm, llm) = (0, 0)
        for request in requests {
            var (small, large): (Set<[Int32]>, Set<[Int32]>) = ([], [])
            for lane in request.lanes {
                let trace = expectedTrace(request, lane.policy)
                let text = request.prompt + trace.tokens
                for length in stride(from: 1, through: trace.cost.slmTokens, by: 1) {
                    small.insert(Array(text.prefix(length)))
                }
                for length in stride(from: 1, through: trace.cost.llmTokens, by: 1) {
                    large.insert(Array(text.prefix(length)))
                }
            }
            slm += small.count
            llm += large.count
        }
        return (slm, llm)
    }
}

extension Scenario {
    /// Anything at all: many or few questions, lanes of all kinds, thresholds on, between and beyond
    /// the scores.
    static func random(
        verifying: Bool = false, using generator: inout SplitMix64
    ) -> Scenario {
        var scenario = Scenario()
        scenario.small.seed = generator.next()
        scenario.large.seed = generator.next()
        let dissent = Float.random(in: 0...0.8, using: &generator)
        scenario.small.dissent = dissent
        scenario.large.dissent = dissent
        scenario.small.context = Int.random(in: 12...60, using: &generator)
        scenario.maxTokens = Int.random(in: 1...40, using: &generator)
        scenario.endTokens = Set(
            (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                Int32.random(in: 0..<20, using: &generator)
            })
        scenario.batch = [1, 2, 5, 32].randomElement(using: &generator) ?? 1
        scenario.passTokens = [1, 10, 256].randomElement(using: &generator) ?? 1
        let functions: [any ScoreFunction] = [
            MaxProbability(), Entropy(), Margin(), RandomDraw(seed: generator.next()),
            PromptLength(),
        ]
        for question in 0..<Int.random(in: 1...6, using: &generator) {
            let lanes = (0..<Int.random(in: 1...12, using: &generator)).map { _ -> Lane in
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: return Lane(.slm)
                case 1: return Lane(.llm)
                case 2: return Lane(.disagree)
                case 3 where verifying:
                    return Lane(.speculative(draft: Int.random(in: 1...9, using: &generator)))
                case 4 where verifying:
                    return Lane(
                        .bigLittle(
                            fallback: Float.random(in: 0...1, using: &generator),
                            rollback: Float.random(in: 1...5, using: &generator),
                            drafts: DraftSource(
                                most: [nil, 1, 3, 8].randomElement(using: &generator) ?? nil)))
                case 5...7 where verifying:
                    let function = functions.randomElement(using: &generator) ?? Entropy()
                    let range: ClosedRange<Float> = function.calls == .above ? 0...4 : 0...1
                    let threshold = (Float.random(in: range, using: &generator) * 8).rounded() / 8
                    let stop: Stop =
                        Bool.random(using: &generator)
                        ? .scored(function, threshold: threshold)
                        : .never
                    let keep = KeepRule.random(using: &generator)
                    return Lane(
                        RoutingPolicy(
                            stop: stop, keep: keep, drafts: .random(under: keep, using: &generator))
                    )
                default:
                    let function = functions.randomElement(using: &generator) ?? Entropy()
                    let range: ClosedRange<Float> = function.calls == .above ? 0...4 : 0...1
                    let threshold = (Float.random(in: range, using: &generator) * 8).rounded() / 8
                    let isWhole = Int.random(in: 0..<4, using: &generator) == 0
                    return Lane(
                        isWhole
                            ? .whole(function, threshold: threshold)
                            : .scored(function, threshold: threshold))
                }
            }
            let prompt = (0..<Int.random(in: 1...10, using: &generator)).map { _ in
                Int32.random(in: 0..<20, using: &generator)
            }
            scenario.requests.append(
                Request(question: "q\(question)", prompt: prompt, lanes: lanes))
        }
        return scenario
    }
}

extension DraftSource {
    /// Any that the rule allows; the fakes have twenty tokens.
    static func random(
        under keep: KeepRule, using generator: inout SplitMix64
    ) -> DraftSource {
        var drafts = DraftSource()
        if Int.random(in: 0..<3, using: &generator) > 0 {
            drafts.most = Int.random(in: 1...12, using: &generator)
        }
        // A judge knows whole drafts of S alone.
        if keep.isJudge { return drafts }
        if keep.verifies, Bool.random(using: &generator) {
            drafts.ngram = Int.random(in: 1...4, using: &generator)
        }
        if Int.random(in: 0..<3, using: &generator) == 0 {
            drafts.rows = Bool.random(using: &generator) ? few : many
        }
        return drafts
    }

    /// A few of the fakes' tokens, and most of them.
    static let few = TokenRows([2, 3, 5, 7, 11, 13, 17])
    static let many = TokenRows(0..<18)
}

extension KeepRule {
    /// Any rule with a parameter about which the fakes' numbers lie on both sides.
    static func random(using generator: inout SplitMix64) -> KeepRule {
        let tests: [Test] = [
            .all, .strict, .logProbability(atMost: 2), .logProbability(atMost: 1.2),
            .ratio(atLeast: 0.3), .ratio(atLeast: 0.6), .top(1), .top(2), .top(3),
            .gap(atMost: 0.5), .gap(atMost: 1), .kl(atMost: 0.4), .kl(atMost: 1),
            .js(atMost: 0.1), .js(atMost: 0.4), .fly, .judge(.light, below: 0.5),
            .judge(.comparing, below: 0.5), .judge(.heavy, below: 0.3), .judge(.heavy, below: 0.6),
        ]
        let floors: [Float] = [-.infinity, -3, -1.5]
        let floor = floors.randomElement(using: &generator) ?? -3
        return KeepRule(tests.randomElement(using: &generator) ?? .all, floor: floor)
    }
}

/// Looks at the hidden state, which the fakes fill with the text's length: calls at odd lengths.
struct PromptLength: ScoreFunction {
    let name = "length"
    let calls = CallSide.above
    let needs = SignalNeeds(hidden: true)
    func score(_ signals: Signals) -> Float {
        guard let length = signals.hidden.first else { return -1 }
        return Int(length).isMultiple(of: 2) ? 0 : 1
    }
}

extension JudgeScore {
    /// Looks at what every reading tells.
    static let light = JudgeScore(sha256: "light", needs: Pair(both: .none)) { place in
        let known = place.logProbability + place.llmEntropy + place.slmEntropy
        let behind = place.agreements.count { $0 } + place.agreements.prefix { $0 }.count
        let number = Int(known * 8) + 3 * behind + place.agreements.count + place.position
        return Float((number + Int(place.draft + place.favourite + place.previous)) % 10) / 10
    }

    /// Compares both models' distributions, and looks at no state: S need not read its last draft for it.
    static let comparing = JudgeScore(
        sha256: "comparing", needs: Pair(slm: .none, llm: SignalNeeds(divergence: true))
    ) { place in
        let number = Int((place.kl ?? 77) * 8) + Int((place.js ?? 77) * 40)
        return Float((number + place.agreements.count { $0 }) % 10) / 10
    }

    /// Looks at all there is.
    static let heavy = JudgeScore(
        sha256: "heavy",
        needs: Pair(
            slm: SignalNeeds(hidden: true), llm: SignalNeeds(hidden: true, divergence: true))
    ) { place in
        // What is missing counts as something that no text has.
        let length = Int(place.slmHidden.first ?? 0.5) + 2 * Int(place.llmHidden.first ?? -9)
        let divergence = (place.kl ?? 77) + (place.js ?? 77)
        let number = length + Int(divergence * 8) + place.agreements.count { $0 }
        return Float(abs(number) % 10) / 10
    }
}
