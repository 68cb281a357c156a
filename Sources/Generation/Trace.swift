public import Routing

/// One token and who wrote it.
public struct Decision: Equatable, Sendable {
    /// The token written.
    public let token: Int32
    /// Who wrote it.
    public let route: Route
    /// What the policy compared with its threshold; nil for policies without one.
    public let score: Float?
    /// S's most probable token and its log-probability; nil where S did not run.
    public let slm: Candidate?
    /// The same of L; nil where L was not asked.
    public internal(set) var llm: Candidate?

    /// A decision.
    public init(token: Int32, route: Route, score: Float?, slm: Candidate?, llm: Candidate?) {
        self.token = token
        self.route = route
        self.score = score
        self.slm = slm
        self.llm = llm
    }
}

/// What a model would write.
public struct Candidate: Equatable, Sendable {
    /// The token.
    public let token: Int32
    /// Natural logarithm.
    public let logProbability: Float

    /// A candidate token.
    public init(token: Int32, logProbability: Float) {
        self.token = token
        self.logProbability = logProbability
    }
}

/// Why a text ended.
public enum Finish: String, Sendable {
    /// An end-of-generation token, which is the trace's last.
    case stop
    /// The limit of new tokens.
    case length
    /// The model's context.
    case context
}

/// One answer: every decision, and what it cost as if the policy had run alone.
public struct Trace: Equatable, Sendable {
    /// Tokens of the prompt.
    public let promptTokens: Int
    /// One a token written, in order.
    public let decisions: [Decision]
    /// Why it ended.
    public let finish: Finish
    /// What it took.
    public let cost: Cost
    /// The passes of a text that was drafted and checked; empty where the decisions tell them: a pass of S for each of its candidates, of L for
    /// each of its own.
    public let passes: [Pass]
    /// The mean of what S saw; only of a lane that is observed.
    public let observed: Signals?

    /// An answer; most need no list of passes.
    public init(
        promptTokens: Int, decisions: [Decision], finish: Finish, cost: Cost, passes: [Pass] = [],
        observed: Signals? = nil
    ) {
        self.promptTokens = promptTokens
        self.decisions = decisions
        self.finish = finish
        self.cost = cost
        self.passes = passes
        self.observed = observed
    }

    /// The tokens written, the end token included.
    public var tokens: [Int32] { decisions.map(\.token) }
    /// Tokens that L wrote.
    public var llmCalls: Int { decisions.count { $0.route == .llm } }
}

/// One pass of a model over tokens `from ..< to` of a text.
public struct Pass: Equatable, Sendable {
    /// The model that made it.
    public let model: Route
    /// Tokens that were read before.
    public let from: Int
    /// Tokens that are read after it.
    public let to: Int

    /// A pass.
    public init(by model: Route, from: Int, to: Int) {
        self.model = model
        self.from = from
        self.to = to
    }
}

/// The work of one answer, as if the policy had run alone (fused runs share work; docs/method.md, section 3).
public struct Cost: Equatable, Sendable {
    /// Tokens that S, L processed: prompt, its own, and those it caught up on.
    public var slmTokens = 0
    /// The same of L.
    public var llmTokens = 0
    /// Forward passes of S, L that had to wait for one another.
    public var slmPasses = 0
    /// The same of L.
    public var llmPasses = 0
    /// This answer's share of the measured time of the passes it took part in, by tokens; in a batch, so not a latency.
    public var slmSeconds = 0.0
    /// The same of L.
    public var llmSeconds = 0.0

    /// Adds a pass of a model over so many tokens.
    mutating func add(_ tokens: Int, of model: Route, seconds: Double) {
        switch model {
        case .slm:
            slmTokens += tokens
            slmPasses += 1
            slmSeconds += seconds
        case .llm:
            llmTokens += tokens
            llmPasses += 1
            llmSeconds += seconds
        }
    }

    /// Equal work; times are measured and never equal.
    public static func == (a: Cost, b: Cost) -> Bool {
        a.slmTokens == b.slmTokens && a.llmTokens == b.llmTokens && a.slmPasses == b.slmPasses
            && a.llmPasses == b.llmPasses  // times are measured, never equal
    }
}
