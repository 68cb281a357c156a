import Routing
import Schemas
import Specs
import SweepSupport

/// Specs with what they include and values of `--set`: every error has its place in the text and words; one text says all of an accepted spec, and is read
/// as the same one.
///
/// An input is the spec, an included file `more.yaml`, then overrides, with zero bytes between.
package struct SpecTarget: FuzzTarget {
    package static let name = "spec"

    package init() {}

    package var seeds: [[UInt8]] {
        let good = SpecFixture.good
        let including = "include: more.yaml\npolicies: [slm, {entropy: {threshold: 0.5}}]\n"
        let server = """
            experiment: small
            models:
              slm: tiny
              llm: { server: "https://example.org/v1", api: vllm, model: m, tokenizer: large, identity: "m, q8" }
            task: { of: [{ name: words, language: de }, { name: sums, split: dev }], split: test }
            generation: { max_tokens: 8, seed: 3, template: raw }
            policies: &p
              - slm
              - llm
              - margin: { threshold: { quantiles: [0.1, 0.5] }, keep: strict }
              - citer: { router: sums-citer, threshold: 0.5, keep: { kl: [0.1, 0.3] }, drafts: { ngram: 3 } }
            calibration: { split: train, limit: 2, seed: 1 }

            """
        let texts = [
            [good], [good, "", "task.limit=3", "policies=[slm]"],
            [including, good, "question=a b"],
            [server], [good, "", "calibration=null", "run={fuse: false, batch: 1}"],
        ]
        return texts.map { Array($0.joined(separator: "\0").utf8) }
    }

    package var words: [String] {
        [
            "policies:", "ablations:", "routers:", "judges:", "models:", "task:", "generation:",
            "calibration:", "include: more.yaml", "keep:", "drafts:", "threshold:", "quantiles:",
            "kl:", "recall:", "judge:", "strict", "lossless", "random:", "entropy", "margin",
            "max-prob", "citer", "co-llm", "r2r", "query", "query-random", "query-oracle",
            "cascade", "speculative", "bild", "disagree", "base:", "label:", "flip:", "zip:",
            "slurm:", "launcher:", "options:", "run:", "fuse: false", "batch:", "seed:", "limit:",
            "split:", "language: de", "vocabulary: joint", "template: raw", "server:", "api: vllm",
            "&a ", "*a", "!!str ", "? ", "- ", "{", "}", "[", "]", ": ", "| ", "> ", "null", "~",
            "true", ".inf", ".nan", "1e999", "-0", "9223372036854775808", "\0", "\n  ",
            "\"\\u0000\"", "\u{FEFF}", "\u{2028}",
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        var input = ByteReader(bytes)
        let texts = input.texts()
        let text = texts[0]
        let files = texts.count > 1 ? ["more.yaml": texts[1]] : [:]
        let overrides = Array(texts.dropFirst(2))
        let spec: SweepSpec
        do {
            spec = try SpecFixture.parse(text, set: overrides, files: files)
        } catch {
            try check(error, ["s.yaml": text].merging(files) { own, _ in own })
            return
        }
        // A spec keeps its text; one of which something was overridden, be it by the same value, is written anew.
        let same = ["generation.seed=\(spec.generation.seed)"]
        try check(parsed(text, overrides + same, files), spec, "with its own seed")
        let written = try parsed(text, overrides + same, files).text
        let again = try parsed(written)
        try check(again, spec, "its text")
        try promise(again.text == written, "its text has another text")
        let names = spec.settings.map(\.description)
        try promise(Set(names).count == names.count, "two cells have one name: \(names)")
    }

    private func parsed(
        _ text: String, _ overrides: [String] = [], _ files: [String: String] = [:]
    ) throws(BrokenPromise) -> SweepSpec {
        do {
            return try SpecFixture.parse(text, set: overrides, files: files)
        } catch {
            throw BrokenPromise("what was accepted is refused: \(error)\n\(text)")
        }
    }

    private func check(
        _ again: SweepSpec, _ spec: SweepSpec, _ what: String
    ) throws(BrokenPromise) {
        try promise(
            again.settings == spec.settings && again.models == spec.models
                && again.task == spec.task && again.generation == spec.generation
                && again.calibration == spec.calibration && again.run == spec.run
                && again.routers == spec.routers && again.judges == spec.judges
                && again.launchers == spec.launchers && again.experiment == spec.experiment
                && again.question == spec.question && again.hypothesis == spec.hypothesis,
            "\(what) says something else:\n\(again.text)\n\(spec.text)")
    }

    private func check(
        _ errors: SpecErrors, _ texts: [String: String]
    ) throws(BrokenPromise) {
        try promise(!errors.all.isEmpty, "refused without an error")
        for problem in errors.all {
            let place = problem.location
            try promise(!problem.message.isEmpty, "an error without words")
            try promise(
                place.line >= 1 && place.column >= 1
                    && place.column <= place.text.unicodeScalars.count + 1,
                "line \(place.line), column \(place.column) of \(String(reflecting: place.text)): \(problem)"
            )
            // What an override holds is in no file.
            guard case .file(let path) = place.origin, let text = texts[path], !place.text.isEmpty
            else { continue }
            try promise(
                text.unicodeScalars.count >= place.text.unicodeScalars.count,
                "\(problem) is of another text")
        }
    }
}
