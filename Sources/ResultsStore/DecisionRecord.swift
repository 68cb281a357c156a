/// Which model wrote a token.
public enum TokenAuthor: Int, Equatable, Sendable {
    /// The small model.
    case slm = 0
    /// The large model.
    case llm = 1
}

/// A model's own choice at a position.
public struct CandidateRecord: Equatable, Sendable {
    /// The token it would write.
    public var token: Int
    /// Its natural log-probability, finite; nil where the model does not tell.
    public var logprob: Double?

    /// A candidate token.
    public init(token: Int, logprob: Double?) {
        self.token = token
        self.logprob = logprob
    }
}

/// One routing decision; its position is its place in the array that is saved.
public struct DecisionRecord: Equatable, Sendable {
    /// The token written.
    public var token: Int
    /// Who wrote it.
    public var author: TokenAuthor
    /// The policy's score, finite; nil for a policy without one. Stored to a millionth.
    public var score: Double?
    /// The small model's choice; nil where it was not asked.
    public var slm: CandidateRecord?
    /// The large model's choice; nil where it was not asked.
    public var llm: CandidateRecord?

    /// A decision.
    public init(
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
