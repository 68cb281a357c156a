package import Routing

/// One token and who wrote it.
package struct Decision: Equatable, Sendable {
    /// The token written.
    package let token: Int32
    /// Who wrote it.
    package let route: Route
    /// What the policy compared with its threshold; nil for policies without one.
    package let score: Float?
    /// S's most probable token and its log-probability; nil where S did not run, as for a token of its own that was copied (`DraftSource.ngram`).
    package let slm: Candidate?
    /// The same of L; nil where L was not asked.
    package internal(set) var llm: Candidate?

    /// A decision.
    package init(token: Int32, route: Route, score: Float?, slm: Candidate?, llm: Candidate?) {
        self.token = token
        self.route = route
        self.score = score
        self.slm = slm
        self.llm = llm
    }
}

/// What a model would write.
package struct Candidate: Equatable, Sendable {
    package let token: Int32
    /// Natural logarithm.
    package let logProbability: Float

    /// A candidate token.
    package init(token: Int32, logProbability: Float) {
        self.token = token
        self.logProbability = logProbability
    }
}

/// Why a text ended.
package enum Finish: String, Sendable {
    /// An end-of-generation token, which is the trace's last.
    case stop
    /// The limit of new tokens.
    case length
    /// The model's context.
    case context
}

/// One answer: every decision, and what it cost as if the policy had run alone.
package struct Trace: Equatable, Sendable {
    package let promptTokens: Int
    /// One a token written, in order.
    package let decisions: [Decision]
    /// Why it ended.
    package let finish: Finish
    /// What it took.
    package let cost: Cost
    /// The passes of a text that was drafted and checked; empty where the decisions tell them: a pass of S for each of its candidates, of L for
    /// each of its own.
    package let passes: [Pass]
    /// The mean of what S saw; only of a lane that is observed.
    package let observed: Signals?
    /// Rows of S's output matrix in its passes; nil: all.
    package let rows: Int?

    /// An answer; most need no list of passes.
    package init(
        promptTokens: Int, decisions: [Decision], finish: Finish, cost: Cost, passes: [Pass] = [],
        observed: Signals? = nil, rows: Int? = nil
    ) {
        self.promptTokens = promptTokens
        self.decisions = decisions
        self.finish = finish
        self.cost = cost
        self.passes = passes
        self.observed = observed
        self.rows = rows
    }

    /// The tokens written, the end token included.
    package var tokens: [Int32] { decisions.map(\.token) }
    /// Tokens that L wrote.
    package var llmCalls: Int { decisions.count { $0.route == .llm } }
}

/// One pass of a model over tokens `from ..< to` of a text.
package struct Pass: Equatable, Sendable {
    /// The model that made it.
    package let model: Route
    /// Tokens that were read before.
    package let from: Int
    /// Tokens that are read after it.
    package let to: Int

    /// A pass.
    package init(by model: Route, from: Int, to: Int) {
        self.model = model
        self.from = from
        self.to = to
    }
}

/// The work of one answer, as if the policy had run alone (fused runs share work; docs/method.md, section 3).
package struct Cost: Equatable, Sendable {
    /// Tokens that S, L processed: prompt, its own, and those it caught up on.
    package var slmTokens = 0
    /// The same of L.
    package var llmTokens = 0
    /// Forward passes of S, L that had to wait for one another.
    package var slmPasses = 0
    /// The same of L.
    package var llmPasses = 0
    /// Drafts that were copied from the text, kept or not: no model read them to write them.
    package var copied = 0
    /// This answer's share of the measured time of the passes it took part in, by tokens; in a batch, so not a latency.
    package var slmSeconds = 0.0
    /// The same of L.
    package var llmSeconds = 0.0

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
    package static func == (a: Cost, b: Cost) -> Bool {
        a.slmTokens == b.slmTokens && a.llmTokens == b.llmTokens && a.slmPasses == b.slmPasses
            && a.llmPasses == b.llmPasses && a.copied == b.copied
    }
}
