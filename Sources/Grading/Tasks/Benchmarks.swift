/// The built-in benchmarks, by name.
package enum Benchmarks {
    /// A built-in benchmark as a list shows it.
    package struct Entry: Equatable, Sendable {
        package let name: String
        package let summary: String
        package let parameters: [String]
    }

    /// All built-in benchmarks, in the order they are documented.
    package static let all: [Entry] = builtIns.map(\.entry)

    package static var names: [String] { all.map(\.name) }

    /// The benchmark called `name`, set up with `parameters` (all of which have defaults).
    package static func named(
        _ name: String, parameters: [String: String] = [:]
    ) throws(BenchmarkError) -> any Benchmark {
        guard let builtIn = builtIns.first(where: { $0.entry.name == name }) else {
            throw .unknownBenchmark(name: name, known: names)
        }
        let known = builtIn.entry.parameters
        if let unknown = parameters.keys.filter({ !known.contains($0) }).min() {
            throw .unknownParameter(name: unknown, benchmark: name, known: known)
        }
        return try builtIn.make(parameters)
    }

    private struct BuiltIn: Sendable {
        let entry: Entry
        let make: @Sendable ([String: String]) throws(BenchmarkError) -> any Benchmark

        init(
            _ name: String, _ summary: String, parameters: [String] = [],
            make: @escaping @Sendable ([String: String]) throws(BenchmarkError) -> any Benchmark
        ) {
            entry = Entry(name: name, summary: summary, parameters: parameters)
            self.make = make
        }
    }

    private static let builtIns: [BuiltIn] = [
        BuiltIn("gsm8k", "Grade-school word problems; a number.") { _ in TaskDefinition.gsm8k },
        BuiltIn("math", "Competition mathematics; an answer in LaTeX.") { _ in
            TaskDefinition.math
        },
        BuiltIn("commonsense-qa", "Everyday knowledge; one of five options.") { _ in
            TaskDefinition.commonsenseQA
        },
        BuiltIn("arc-challenge", "School science; one of three to five options.") { _ in
            TaskDefinition.arcChallenge
        },
        BuiltIn("mmlu-professional-psychology", "Psychology; one of four options.") { _ in
            TaskDefinition.mmluProfessionalPsychology
        },
        BuiltIn(
            "mgsm", "Word problems in eleven languages; a number.", parameters: ["language"]
        ) { (parameters) throws(BenchmarkError) in
            try TaskDefinition.mgsm(language: parameters["language"] ?? "en")
        },
        BuiltIn("scitldr", "Abstracts of papers; a sentence, scored by ROUGE.") { _ in
            TaskDefinition.sciTLDR
        },
        BuiltIn(
            "arithmetic-chains", "Calculations of a chosen depth, made here; a number.",
            parameters: ["depths", "count", "seed"]
        ) { (parameters) throws(BenchmarkError) in
            try ArithmeticChains(parameters: parameters)
        },
    ]
}
