/// Which model wrote a token.
package enum TokenAuthor: Int, Equatable, Sendable {
    /// The small model.
    case slm = 0
    /// The large model.
    case llm = 1
}

/// A model's own choice at a position.
package struct CandidateRecord: Equatable, Sendable {
    /// The token it would write.
    package var token: Int
    /// Its natural log-probability, finite; nil where the model does not tell.
    package var logprob: Double?

    /// A candidate token.
    package init(token: Int, logprob: Double?) {
        self.token = token
        self.logprob = logprob
    }
}

/// One routing decision; its position is its place in the array that is saved.
package struct DecisionRecord: Equatable, Sendable {
    /// The token written.
    package var token: Int
    /// Who wrote it.
    package var author: TokenAuthor
    /// The policy's score, finite; nil for a policy without one. Stored to a millionth.
    package var score: Double?
    /// The small model's choice; nil where it was not asked.
    package var slm: CandidateRecord?
    /// The large model's choice; nil where it was not asked.
    package var llm: CandidateRecord?

    /// A decision.
    package init(
        token: Int, author: TokenAuthor, score: Double? = nil, slm: CandidateRecord? = nil,
        llm: CandidateRecord? = nil
    ) {
        self.token = token
        self.author = author
        self.score = score
        self.slm = slm
        self.llm = llm
    }
}
