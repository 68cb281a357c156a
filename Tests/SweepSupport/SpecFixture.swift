import Schemas
package import Specs

/// Specs and names for the tests of `SweepSpec.parse`.
package enum SpecFixture {
    package static let good = """
        experiment: small
        question: Does it work?
        models: { slm: tiny, llm: large }
        task: { name: sums, split: test, limit: 10 }
        generation: { max_tokens: 32 }
        calibration: { split: train, limit: 5 }
        policies:
          - slm
          - llm
          - random: { ratio: [0.25, 0.5] }
          - entropy: { threshold: { quantiles: 2 } }
          - margin: { threshold: 0.75 }
          - citer: { router: sums-citer, threshold: [0.5, 0.9] }
          - speculative: { draft: 4 }
          - bild: { fallback: [0.5, 0.6], rollback: [2, 3] }
        ablations:
          - { name: short-sight, base: citer, router: sums-short }

        """

    package static let names = SpecNames(
        models: ["tiny", "large"],
        tasks: [
            SpecNames.Task(name: "sums", splits: ["train", "dev", "test"]),
            SpecNames.Task(name: "words", splits: ["test"], languages: ["de", "sw"]),
        ],
        routers: ["sums-citer", "sums-short"],
        fileExists: { $0 == "models/own.gguf" })

    /// `good` with one line replaced, or dropped if `replacement` is nil.
    package static func with(_ line: String, _ replacement: String?) -> String {
        var lines = good.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let index = lines.firstIndex(where: { $0.contains(line) }) else {
            return "no line of the fixture contains \(line)"
        }
        if let replacement { lines[index] = replacement } else { lines.remove(at: index) }
        return lines.joined(separator: "\n")
    }

    package static func parse(
        _ text: String, set overrides: [String] = [], files: [String: String] = [:]
    ) throws(SpecErrors) -> SweepSpec {
        try SweepSpec.parse(
            text: text, file: "s.yaml", overrides: overrides, known: names,
            include: { path in
                files[path].map { .success($0) }
                    ?? .failure(IncludeFailure(reason: "no such file"))
            })
    }

    /// The errors of a spec, or a remark that it has none.
    package static func errors(
        _ text: String, set overrides: [String] = [], files: [String: String] = [:]
    ) -> String {
        do throws(SpecErrors) {
            _ = try parse(text, set: overrides, files: files)
            return "no errors"
        } catch {
            return error.description
        }
    }
}
