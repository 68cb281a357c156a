/// A part of decoding that is timed apart (docs/method.md, 3).
package struct Phase: RawRepresentable, Hashable, Sendable {
    /// The name in the database.
    package let rawValue: String

    /// A phase of any name, such as one a later program writes.
    package init(rawValue: String) { self.rawValue = rawValue }

    /// The small model reads the prompt.
    package static let slmPrefill = Phase(rawValue: "slm_prefill")
    /// The small model steps.
    package static let slmStep = Phase(rawValue: "slm_step")
    /// The router scores.
    package static let router = Phase(rawValue: "router")
    /// The large model reads the prompt and what the small one wrote.
    package static let llmCatchUp = Phase(rawValue: "llm_catch_up")
    /// The large model steps.
    package static let llmStep = Phase(rawValue: "llm_step")
    /// Text to tokens and back.
    package static let tokenizing = Phase(rawValue: "tokenizing")
    /// Decisions and answers are stored.
    package static let logging = Phase(rawValue: "logging")
}

/// Wall-clock spent in a phase at one batch size; records of the same kind add up.
package struct TimingRecord: Equatable, Sendable {
    /// The part of decoding.
    package var phase: Phase
    /// Sequences per pass.
    package var batch: Int
    /// Wall-clock.
    package var seconds: Double
    /// Forward passes or calls.
    package var passes: Int
    /// Tokens processed.
    package var tokens: Int

    /// A measurement.
    package init(phase: Phase, batch: Int = 1, seconds: Double, passes: Int, tokens: Int) {
        self.phase = phase
        self.batch = batch
        self.seconds = seconds
        self.passes = passes
        self.tokens = tokens
    }
}
