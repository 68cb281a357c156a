import Foundation
import TestSupport

/// Writes a tiny experiment, for scripts: `tiny-sweep DIRECTORY [QUESTIONS [TOKENS [WIDTH]]]`.
@main
enum TinySweep {
    static func main() throws {
        let arguments = CommandLine.arguments
        let numbers = arguments.dropFirst(2).map(Int.init)
        guard (2...5).contains(arguments.count), !numbers.contains(nil) else {
            print("usage: tiny-sweep DIRECTORY [QUESTIONS [TOKENS [WIDTH]]]")
            exit(2)
        }
        let given = numbers.compactMap(\.self)
        var size = TinyExperiment.Size()
        if given.count > 0 { size.questions = given[0] }
        if given.count > 1 { size.maxTokens = given[1] }
        if given.count > 2 { size.width = given[2] }
        size.context = 512 + size.maxTokens
        let tiny = try TinyExperiment(at: arguments[1], size: size)
        // Drafts of every kind, on top of what quick tests run.
        let spec = TinyExperiment.spec(models: tiny.root + "/models", size: size)
        try tiny.write(
            spec + """
                  - speculative: { draft: 3 }
                  - margin: { threshold: 0.01, keep: [strict, { kl: 1 }, { ratio: 0.5 }], drafts: { most: 4, ngram: 2 } }
                  - entropy: { threshold: { quantiles: 1 }, keep: { js: 0.3 }, floor: 0.001 }

                """, to: "experiments/tiny.yaml")
        print(tiny.spec)
    }
}
