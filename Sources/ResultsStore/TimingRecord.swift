/// A part of decoding that is timed apart (docs/method.md, 3).
public struct Phase: RawRepresentable, Hashable, Sendable {
    /// The name in the database.
    public let rawValue: String

    /// A phase of any name, such as one a later program writes.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The small model reads the prompt.
    public static let slmPrefill = Phase(rawValue: "slm_prefill")
    /// The small model steps.
    public static let slmStep = Phase(rawValue: "slm_step")
    /// The router scores.
    public static let router = Phase(rawValue: "router")
    /// The large model reads the prompt and what the small one wrote.
    public static let llmCatchUp = Phase(rawValue: "llm_catch_up")
    /// The large model steps.
    public static let llmStep = Phase(rawValue: "llm_step")
    /// A token is chosen from logits.
    public static let sampling = Phase(rawValue: "sampling")
    /// Text to tokens and back.
    public static let tokenizing = Phase(rawValue: "tokenizing")
    /// Decisions and answers are stored.
    public static let logging = Phase(rawValue: "logging")
}

/// Wall-clock spent in a phase at one batch size; records of the same kind add up.
public struct TimingRecord: Equatable, Sendable {
    /// The part of decoding.
    public var phase: Phase
    /// Sequences per pass.
    public var batch: Int
    /// Wall-clock.
    public var seconds: Double
    /// Forward passes or calls.
    public var passes: Int
    /// Tokens processed.
    public var tokens: Int

    /// A measurement.
    public init(phase: Phase, batch: Int = 1, seconds: Double, passes: Int, tokens: Int) {
        self.phase = phase
        self.batch = batch
        self.seconds = seconds
        self.passes = passes
        self.tokens = tokens
    }
}
