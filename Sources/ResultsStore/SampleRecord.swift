/// Why a generation ended.
package enum SampleFinish: String, Equatable, Sendable {
    /// The model ended it.
    case stop
    /// The token limit ended it.
    case length
}

/// What a grader made of an answer. At least one of `correct` and `score` is set.
package struct GradeRecord: Equatable, Sendable {
    /// The answer read from the output; nil when none was found.
    package var extracted: String?
    /// The extraction rule that found it.
    package var rule: String?
    /// Right or wrong; nil for tasks with a score only.
    package var correct: Bool?
    /// A score in 0...1, for tasks such as summaries.
    package var score: Double?
    /// The grader's version; another version may re-grade the stored output.
    package var version: String

    /// A grade.
    package init(
        extracted: String?, rule: String?, correct: Bool?, score: Double? = nil, version: String
    ) {
        self.extracted = extracted
        self.rule = rule
        self.correct = correct
        self.score = score
        self.version = version
    }
}

/// What one answer cost, accounted as if its cell had run alone (docs/method.md, 3).
package struct UsageRecord: Equatable, Sendable {
    /// Tokens of the prompt.
    package var promptTokens: Int
    /// Tokens written.
    package var tokens: Int
    /// Tokens of those that the large model wrote.
    package var llmCalls: Int
    /// Serial forward passes of the large model.
    package var llmPasses: Int
    /// Tokens the small model read, prompt included.
    package var slmProcessed: Int
    /// Tokens the large model read, prompt and catch-up included.
    package var llmProcessed: Int
    /// Floating-point operations of both models and the router.
    package var flops: Int
    /// Bytes moved, at batch 1.
    package var bytes: Int
    /// Wall-clock as if run alone; nil where only a fused run was measured.
    package var seconds: Double?

    /// The cost of one answer.
    package init(
        promptTokens: Int, tokens: Int, llmCalls: Int, llmPasses: Int, slmProcessed: Int,
        llmProcessed: Int, flops: Int, bytes: Int, seconds: Double? = nil
    ) {
        self.promptTokens = promptTokens
        self.tokens = tokens
        self.llmCalls = llmCalls
        self.llmPasses = llmPasses
        self.slmProcessed = slmProcessed
        self.llmProcessed = llmProcessed
        self.flops = flops
        self.bytes = bytes
        self.seconds = seconds
    }
}

/// One finished answer of one cell.
package struct SampleRecord: Equatable, Sendable {
    /// The question's name.
    package var question: String
    /// The generated text, whatever it holds.
    package var output: String
    /// Why it ended.
    package var finish: SampleFinish
    /// The reference answer.
    package var gold: String?
    /// The grader's verdict.
    package var grade: GradeRecord
    /// The cost.
    package var usage: UsageRecord

    /// A finished answer.
    package init(
        question: String, output: String, finish: SampleFinish, gold: String?,
        grade: GradeRecord, usage: UsageRecord
    ) {
        self.question = question
        self.output = output
        self.finish = finish
        self.gold = gold
        self.grade = grade
        self.usage = usage
    }
}
