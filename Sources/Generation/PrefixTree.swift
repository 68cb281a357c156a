public import Routing

/// One policy at one setting, on its way through a question.
public struct Lane: Sendable {
    /// Who writes.
    public let policy: RoutingPolicy

    /// A lane under `policy`.
    public init(_ policy: RoutingPolicy) { self.policy = policy }
}

/// A question to be answered by several lanes together.
public struct Request: Sendable {
    /// Names the question in keyed draws.
    public let question: String
    /// The prompt, as token ids.
    public let prompt: [Int32]
    /// Tokens at the prompt's end that belong to the answer: what is generated goes on from there.
    public let answered: Int
    /// The policies that answer it.
    public let lanes: [Lane]

    /// A question for all `lanes`.
    public init(question: String, prompt: [Int32], answered: Int = 0, lanes: [Lane]) {
        self.question = question
        self.prompt = prompt
        self.answered = answered
        self.lanes = lanes
    }

    /// Tokens before the answer.
    var answerStart: Int { prompt.count - answered }
}

/// A request on its way.
final class Question {
    let request: Request
    let number: Int  // in order of arrival

    init(_ request: Request, number: Int) {
        self.request = request
        self.number = number
    }
}

/// A lane's decisions and costs so far.
struct LaneState {
    let lane: Int
    var decisions: [Decision] = []
    var cost = Cost()
    /// Of an observed lane.
    var seen = SignalsMean()

    init(lane: Int) { self.lane = lane }
}

/// One distinct prefix of a question: the lanes whose texts agree so far, and both models' caches of it.
///
/// A node lives from step to step; where its lanes' next tokens differ it splits, and the caches are forked.
final class Node<Small: TokenSequence, Large: TokenSequence> {
    /// What S said of the next token.
    struct Pending {
        let slm: Candidate
        let scores: [Float?]  // of each lane
        let routes: [Route]
    }

    let question: Question
    var tokens: [Int32]  // prompt, then what was generated
    var small: Small?
    var large: Large?
    var lanes: [LaneState]
    var pending: Pending?
    /// The pass that it last took part in.
    var waitingSince = 0

    init(question: Question, tokens: [Int32], small: Small?, large: Large?, lanes: [LaneState]) {
        self.question = question
        self.tokens = tokens
        self.small = small
        self.large = large
        self.lanes = lanes
    }

    func policy(of state: LaneState) -> RoutingPolicy {
        question.request.lanes[state.lane].policy
    }

    /// Whether a lane needs S at this step.
    func runsSmall(_ state: LaneState) -> Bool {
        switch policy(of: state) {
        case .llm: false
        case .slm, .observed, .scored, .disagree: true
        case .whole: state.decisions.first?.route != .llm
        }
    }

    /// Whether L is next: S has spoken and someone calls, or nobody needs S.
    var needsLarge: Bool {
        if let pending { return pending.routes.contains(.llm) }
        return !lanes.contains(where: runsSmall)
    }

    /// What some lane looks at of S's step.
    var needs: SignalNeeds {
        lanes.reduce(.none) { runsSmall($1) ? $0.union(policy(of: $1).needs) : $0 }
    }

    /// Whether S is about to read the prompt for a lane that wants the mean of its states.
    var needsPromptMean: Bool {
        lanes.contains { policy(of: $0).needsPromptMean && $0.decisions.isEmpty }
    }

    /// The mean of what S saw on an observed lane.
    func observed(_ state: LaneState) -> Signals? {
        guard case .observed = policy(of: state) else { return nil }
        return state.seen.signals(of: question.request.question)
    }

    /// What a model has yet to read of the tokens.
    func unread(large useLarge: Bool) -> [Int32] {
        let read = useLarge ? large?.length ?? 0 : small?.length ?? 0
        return Array(tokens[read...])
    }

    /// S has spoken: every lane's score and route.
    func decide(_ slm: Candidate, signals: Signals) {
        var scores: [Float?] = []
        var routes: [Route] = []
        for (index, state) in lanes.enumerated() {
            switch policy(of: state) {
            case .observed:
                lanes[index].seen.add(signals)
                scores.append(nil)
                routes.append(.slm)
            case .slm:
                scores.append(nil)
                routes.append(.slm)
            case .llm:
                scores.append(nil)
                routes.append(.llm)
            case .disagree:
                // Asked at every step; who writes is known when L has spoken.
                scores.append(nil)
                routes.append(.llm)
            case .whole(let function, let threshold):
                if let first = state.decisions.first {
                    scores.append(nil)
                    routes.append(first.route)
                    continue
                }
                let score = function.score(signals)
                scores.append(score)
                routes.append(function.route(score: score, threshold: threshold))
            case .scored(let function, let threshold, let flips):
                let score = function.score(signals)
                scores.append(score)
                let route = function.route(score: score, threshold: threshold)
                routes.append(flips?.route(insteadOf: route, signals) ?? route)
            }
        }
        pending = Pending(slm: slm, scores: scores, routes: routes)
    }

    /// An S step of `tokens` tokens, on the account of every lane that runs S.
    func chargeSmall(tokens: Int, secondsPerToken: Double) {
        for index in lanes.indices where runsSmall(lanes[index]) {
            lanes[index].cost.slmTokens += tokens
            lanes[index].cost.slmPasses += 1
            lanes[index].cost.slmSeconds += Double(tokens) * secondsPerToken
        }
    }

    /// An L step, on the account of every lane that calls: alone, each would have had to read what it has not read yet.
    func chargeLarge(secondsPerToken: Double) {
        for index in lanes.indices where pending.map({ $0.routes[index] == .llm }) ?? true {
            let tokens = self.tokens.count - lanes[index].cost.llmTokens
            lanes[index].cost.llmTokens += tokens
            lanes[index].cost.llmPasses += 1
            lanes[index].cost.llmSeconds += Double(tokens) * secondsPerToken
        }
    }
}
