/// Why a generation ended.
public enum SampleFinish: String, Equatable, Sendable {
    /// The model ended it.
    case stop
    /// The token limit ended it.
    case length
}

/// What a grader made of an answer. At least one of `correct` and `score` is set.
public struct GradeRecord: Equatable, Sendable {
    /// The answer read from the output; nil when none was found.
    public var extracted: String?
    /// The extraction rule that found it.
    public var rule: String?
    /// Right or wrong; nil for tasks with a score only.
    public var correct: Bool?
    /// A score in 0...1, for tasks such as summaries.
    public var score: Double?
    /// The grader's version; another version may re-grade the stored output.
    public var version: String

    /// A grade.
    public init(
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
public struct UsageRecord: Equatable, Sendable {
    /// Tokens of the prompt.
    public var promptTokens: Int
    /// Tokens written.
    public var tokens: Int
    /// Tokens of those that the large model wrote.
    public var llmCalls: Int
    /// Serial forward passes of the large model.
    public var llmPasses: Int
    /// Tokens the small model read, prompt included.
    public var slmProcessed: Int
    /// Tokens the large model read, prompt and catch-up included.
    public var llmProcessed: Int
    /// Floating-point operations of both models and the router.
    public var flops: Int
    /// Bytes moved, at batch 1.
    public var bytes: Int
    /// Wall-clock as if run alone; nil where only a fused run was measured.
    public var seconds: Double?

    /// The cost of one answer.
    public init(
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
public struct SampleRecord: Equatable, Sendable {
    /// The question's name.
    public var question: String
    /// The generated text, whatever it holds.
    public var output: String
    /// Why it ended.
    public var finish: SampleFinish
    /// The reference answer.
    public var gold: String?
    /// The grader's verdict.
    public var grade: GradeRecord
    /// The cost.
    public var usage: UsageRecord

    /// A finished answer.
    public init(
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
