package import Routing

/// One policy at one setting, on its way through a question.
package struct Lane: Sendable {
    /// Who writes.
    package let policy: RoutingPolicy

    /// A lane under `policy`.
    package init(_ policy: RoutingPolicy) { self.policy = policy }
}

/// A question to be answered by several lanes together.
package struct Request: Sendable {
    /// Names the question in keyed draws.
    package let question: String
    /// The prompt, as token ids.
    package let prompt: [Int32]
    /// What a model reads in the prompt's place; nil for one that reads it as it is.
    package let openings: Pair<Opening?>
    /// Tokens at the prompt's end that belong to the answer: what is generated goes on from there.
    package let answered: Int
    /// Tokens of the prompt that each model has read already, for which nobody pays here: those of the caches that it starts from (`Generator.run`).
    package let known: Pair<Int>
    /// The policies that answer it.
    package let lanes: [Lane]

    /// A question for all `lanes`.
    package init(
        question: String, prompt: [Int32], openings: Pair<Opening?> = Pair(both: nil),
        answered: Int = 0, known: Pair<Int> = Pair(both: 0), lanes: [Lane]
    ) {
        self.question = question
        self.prompt = prompt
        self.openings = openings
        self.answered = answered
        self.known = known
        self.lanes = lanes
    }

    /// Tokens before the answer.
    var answerStart: Int { prompt.count - answered }
}
