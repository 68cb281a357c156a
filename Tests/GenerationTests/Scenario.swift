import Inference
import Routing
import TestSupport

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

    typealias Answer = Generator<FakeModel, FakeModel>.Outcome

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
        var options = Generator<FakeModel, FakeModel>.Options(
            maxTokens: maxTokens, endTokens: endTokens, batch: batch)
        options.passTokens = passTokens
        let generator = try Generator(small: small, large: large, options: options)
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
        var tokens = request.prompt
        var decisions: [Decision] = []
        var cost = Cost()
        while true {
            let position = decisions.count
            var route = Route.llm
            var score: Float?
            var slm: Candidate?
            let runsSmall =
                switch policy {
                case .llm: false
                case .whole: decisions.first?.route != .llm
                default: true
                }
            if runsSmall {
                let reading = small.reading(after: tokens)
                slm = Candidate(token: reading.argmax, logProbability: reading.logProbability)
                // A cache keeps what was read: the prompt once, then a token a step.
                cost.slmTokens += position == 0 ? tokens.count : 1
                cost.slmPasses += 1
                route = .slm
                if case .disagree = policy { route = .llm }
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
            let token = (llm ?? slm)?.token ?? -1
            if case .disagree = policy, slm?.token == llm?.token { route = .slm }
            decisions.append(
                Decision(token: token, route: route, score: score, slm: slm, llm: llm))
            tokens.append(token)
            if let finish = finish(after: token, tokens.count, decisions.count) {
                return Trace(
                    promptTokens: request.prompt.count, decisions: decisions, finish: finish,
                    cost: cost)
            }
        }
    }

    private func scoring(
        _ policy: RoutingPolicy, at position: Int
    ) -> (any ScoreFunction, Float, Flips?)? {
        switch policy {
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
    static func random(using generator: inout SeededGenerator) -> Scenario {
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
