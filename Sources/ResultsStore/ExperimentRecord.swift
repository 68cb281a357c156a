/// What an experiment asks, and the spec that asks it.
public struct ExperimentRecord: Equatable, Sendable {
    /// The name on the command line.
    public var name: String
    /// The question in words.
    public var question: String?
    /// The spec's text as last run.
    public var spec: String
    /// The seed of every random choice, where the spec gives one.
    public var seed: Int?

    /// An experiment, known by its name.
    public init(name: String, question: String? = nil, spec: String, seed: Int? = nil) {
        self.name = name
        self.question = question
        self.spec = spec
        self.seed = seed
    }
}
