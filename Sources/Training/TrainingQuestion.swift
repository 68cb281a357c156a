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
    /// Tokens that S and L read, and the answer's share of measured time.
    package let slmTokens: Int
    package let llmTokens: Int
    /// The answer's share of measured time, in seconds.
    package let seconds: Double
    /// The share of its tokens that L wrote.
    package var callShare: Double?
}
