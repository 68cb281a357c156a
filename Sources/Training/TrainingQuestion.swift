import Routing

/// A question to learn from.
package struct TrainingQuestion {
    /// The data set's own id.
    package let id: String
    /// The prompt, as token ids.
    package let prompt: [Int32]
    /// The data set's solution with the end token behind it; nil if it has none.
    package let solution: [Int32]?
    /// Whether an answer's tokens, the end token among them if it has one, come out right.
    package let isRight: ([Int32]) -> Bool
    /// What an answer's tokens come out as, as the grader reads it; nil where it finds no answer.
    package let extracted: ([Int32]) -> String?

    package init(
        id: String, prompt: [Int32], solution: [Int32]?, isRight: @escaping ([Int32]) -> Bool,
        extracted: @escaping ([Int32]) -> String? = { _ in nil }
    ) {
        self.id = id
        self.prompt = prompt
        self.solution = solution
        self.isRight = isRight
        self.extracted = extracted
    }
}

/// A generated answer, its grade and its cost.
package struct GradedAnswer: Codable {
    /// The end token included.
    package let tokens: [Int32]
    /// As graded now; stored answers are graded anew.
    package var correct: Bool
    /// Tokens that S read; of a continuation that tells its passes, only those from the branch on.
    package let slmTokens: Int
    /// The same of L.
    package let llmTokens: Int
    /// The answer's share of measured time, in seconds.
    package let seconds: Double
    /// The share of its tokens that L wrote; of a continuation, of what followed the branch.
    package var callShare: Double?
    /// Passes of S; nil in what was stored before they were kept.
    package var slmPasses: Int?
    /// The same of L.
    package var llmPasses: Int?

    /// Tokens that a model read.
    func tokens(of model: Route) -> Int { model == .slm ? slmTokens : llmTokens }

    /// Passes of a model over an answer of which so many tokens were written: where they were not kept, one a token, of L only for those that it wrote. That is what
    /// policies took that do not draft, and no other has made labels.
    func passes(of model: Route, written: Int) -> Int {
        switch model {
        case .slm: slmPasses ?? (slmTokens > 0 ? written : 0)
        case .llm:
            llmPasses
                ?? (llmTokens > 0 ? Int((Double(written) * (callShare ?? 1)).rounded()) : 0)
        }
    }
}
