import Schemas

/// What a spec is called and what it asks, by its own words: for lists of experiments. Nothing else of it is looked at, and nothing checked.
package struct SpecHeading: Equatable, Sendable {
    /// The experiment's name.
    package let experiment: String
    package let question: String?

    /// Of the spec at `path`; nil for a catalogue, and for what is no YAML.
    package init?(path: String) {
        guard let text = try? YAMLFile.text(at: path) else { return nil }
        let joined = SpecInclusion.join(text: text, file: path) { path in
            (try? YAMLFile.text(at: path)).map { .success($0) }
                ?? .failure(IncludeFailure(reason: "it cannot be read"))
        }
        guard let name = joined.root?["experiment"]?.text else { return nil }
        experiment = name
        question = joined.root?["question"]?.text
    }
}
