/// What an experiment asks, and the spec that asks it.
package struct ExperimentRecord: Equatable, Sendable {
    /// The name on the command line.
    package var name: String
    /// The question in words.
    package var question: String?
    /// The spec's text as last run.
    package var spec: String
    /// The seed of every random choice, where the spec gives one.
    package var seed: Int?

    /// An experiment, known by its name.
    package init(name: String, question: String? = nil, spec: String, seed: Int? = nil) {
        self.name = name
        self.question = question
        self.spec = spec
        self.seed = seed
    }
}
