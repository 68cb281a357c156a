import ResultsStore
import Statistics

/// What a cost is counted in (docs/method.md, 3).
///
/// A new currency is an entry of `all`, a column of the tables that it is kept in, and the migration that adds it.
struct Currency: Sendable {
    /// A place that shows costs, each in the currencies that say so.
    enum Place {
        /// Accuracy and cost of each cell.
        case cells
        /// Each method at the large model's accuracy.
        case methods
        /// Whole curves.
        case curves
        /// Methods against each other: costs that do not depend on the machine.
        case pairs
        /// Two cells on the same questions.
        case comparison
        /// Training, and when it is repaid.
        case training
    }

    /// Where it comes from.
    enum Basis {
        /// From what was done, alike on every machine.
        case counted
        /// By a clock or a meter.
        case measured
    }

    /// How a mean is shown.
    enum Form {
        case number(decimals: Int)
        /// Three digits and an SI prefix.
        case quantity
    }

    /// In a word.
    let name: String
    /// The name in CSV and JSON.
    let key: String
    /// Above a column.
    let heading: String
    /// In words, with the unit in which curves show it.
    let title: String
    /// What a cost in a curve is counted in.
    let scale: Double
    /// The same of one question, where two cells are compared.
    let questionTitle: String
    /// What it is, in a sentence.
    let meaning: String
    /// What a question's cost is counted in there.
    let questionScale: Double
    /// Decimals in both.
    let decimals: Int
    /// How the mean of questions is shown.
    let form: Form
    let basis: Basis
    /// Whether the area under a curve over this cost means something (docs/method.md, section 4): every method can choose its share of calls and of
    /// passes from none to all; what it costs otherwise it cannot.
    var hasArea = false
    /// Whether a method's cost is that share of all tokens.
    var isShare = false
    /// Whether some machines cannot measure it: then it has no column in tables of what they ran.
    var needsMeter = false
    let places: Set<Place>
    /// The cost of one question; nil where it was not measured.
    let cost: @Sendable (QuestionOutcome) -> Double?
    /// The mean of a cell's questions; nil where it is not known.
    var mean: @Sendable (CurveRow) -> Double? = { _ in nil }
    /// A round of training.
    var training: @Sendable (TrainingRecord) -> Double? = { _ in nil }
}

extension Currency {
    /// Tokens that the large model wrote, as a share of all: where it judges the small one's, those of its own.
    static let calls = Currency(
        name: "calls", key: "llm_calls", heading: "Calls %", title: "calls, %", scale: 0.01,
        questionTitle: "llm calls", meaning: "Calls: tokens that the llm wrote itself.",
        questionScale: 1, decimals: 1, form: .number(decimals: 1),
        basis: .counted, hasArea: true, isShare: true, places: [.curves, .pairs, .comparison],
        cost: { Double($0.llmCalls) }, mean: { mean(Double($0.llmCalls), $0) })

    /// Passes of the large model that had to wait for one another.
    static let passes = Currency(
        name: "passes", key: "llm_passes", heading: "L passes", title: "L passes", scale: 1,
        questionTitle: "llm passes", meaning: "Passes of the llm that had to wait for one another.",
        questionScale: 1, decimals: 1, form: .number(decimals: 1),
        basis: .counted, hasArea: true, places: [.cells, .methods, .curves, .comparison],
        cost: { Double($0.llmPasses) }, mean: { mean(Double($0.llmPasses), $0) })

    /// Floating-point operations of both models and the router.
    static let flops = Currency(
        name: "FLOPs", key: "flops", heading: "FLOPs", title: "FLOPs, G", scale: 1e9,
        questionTitle: "FLOPs, G",
        meaning: "Floating-point operations of both models and the router, in units of 10^9.",
        questionScale: 1e9, decimals: 1, form: .quantity,
        basis: .counted, places: [.cells, .methods, .curves, .pairs, .comparison, .training],
        cost: { $0.flops.map { Double($0) } }, mean: { mean($0.flops, $0) },
        training: { $0.flops.map { Double($0) } })

    /// Bytes moved at batch 1.
    static let bytes = Currency(
        name: "bytes", key: "bytes", heading: "Bytes", title: "bytes, G", scale: 1e9,
        questionTitle: "bytes, G",
        meaning: "Bytes of weights and caches moved, one text at a time, in units of 10^9.",
        questionScale: 1e9, decimals: 1, form: .quantity,
        basis: .counted, places: [.cells, .methods, .curves, .pairs, .comparison, .training],
        cost: { $0.bytes.map { Double($0) } }, mean: { mean($0.bytes, $0) },
        training: { $0.bytes.map { Double($0) } })

    /// The answer's share of the wall-clock of the run's passes, in the batch it was decoded in. Like all seconds of answers it leaves out what is between
    /// passes: a router's scores, the choice of tokens, storing.
    static let seconds = Currency(
        name: "seconds", key: "seconds", heading: "Seconds", title: "seconds", scale: 1,
        questionTitle: "seconds",
        meaning:
            "Seconds: an answer's share of the time that the run's passes took, in the batch that it was decoded in.",
        questionScale: 1, decimals: 2, form: .number(decimals: 2),
        basis: .measured, places: [.cells, .methods, .curves, .comparison, .training],
        cost: \.seconds, mean: \.secondsMean, training: \.seconds)

    /// Wall-clock of the passes of an answer by itself: of outcomes of runs at batch 1 (`Latency`).
    static let latency = Currency(
        name: "seconds at batch 1", key: "latency", heading: "Seconds at batch 1",
        title: "seconds at batch 1", scale: 1, questionTitle: "seconds at batch 1",
        meaning:
            "Seconds at batch 1: time that the passes of an answer took, decoded by itself; what scores and stores tokens is not in it.",
        questionScale: 1, decimals: 2, form: .number(decimals: 2), basis: .measured, places: [],
        cost: \.seconds)

    /// Energy of the processor's packages while an answer was decoded by itself, in joules.
    static let joules = Currency(
        name: "joules", key: "joules", heading: "Joules", title: "joules", scale: 1,
        questionTitle: "joules",
        meaning:
            "Joules: energy of the processor's packages while an answer was decoded by itself.",
        questionScale: 1, decimals: 2, form: .number(decimals: 2),
        basis: .measured, needsMeter: true, places: [.cells, .methods, .curves, .comparison],
        cost: \.joules, mean: \.joulesMean)

    /// All, in the order in which they are shown.
    static let all: [Currency] = [
        .calls, .passes, .flops, .bytes, .seconds, .latency, .joules,
    ]

    /// Those that a place shows.
    static func shown(in place: Place) -> [Currency] { all.filter { $0.places.contains(place) } }

    private static func mean(_ sum: Double?, _ curve: CurveRow) -> Double? {
        curve.n > 0 ? sum.map { $0 / Double(curve.n) } : nil
    }

    /// A column of means a question.
    func column<Result>(_ mean: @escaping (Result) -> Double?) -> ResultColumn<Result> {
        column(heading, "\(key)_per_question", form, mean)
    }

    /// A column of what training cost.
    func trainingColumn<Result>(_ cost: @escaping (Result) -> Double?) -> ResultColumn<Result> {
        // Training takes minutes and more: a decimal is enough.
        column(heading, key, basis == .measured ? .number(decimals: 1) : form, cost)
    }

    private func column<Result>(
        _ heading: String, _ key: String, _ form: Form, _ value: @escaping (Result) -> Double?
    ) -> ResultColumn<Result> {
        switch form {
        case .number(let decimals): .number(heading, key, decimals: decimals, value)
        case .quantity: .quantity(heading, key, value)
        }
    }

    /// A cell's questions for the statistics; nil where some lack a score or this cost.
    func results(of outcomes: [QuestionOutcome]) -> CellResults? {
        let scores = outcomes.compactMap(\.mark)
        let costs = outcomes.compactMap(cost)
        guard scores.count == outcomes.count, costs.count == outcomes.count else { return nil }
        guard isShare else { return CellResults(scores: scores, costs: costs) }
        return CellResults(
            scores: scores, costs: costs, units: outcomes.map { Double($0.tokens) })
    }
}

extension ReportData {
    /// The currencies that a place shows; those that need a meter only where there was one.
    func currencies(in place: Currency.Place) -> [Currency] {
        Currency.shown(in: place).filter { currency in
            !currency.needsMeter || curve.values.contains { currency.mean($0) != nil }
        }
    }
}

extension QuestionOutcome {
    /// 1 or 0 for right or wrong, or the score.
    var mark: Double? { correct.map { $0 ? 1 : 0 } ?? score }
}

/// Several cells' outcomes on the questions that all of them finished, in one order.
func paired(_ cells: [[QuestionOutcome]]) -> [[QuestionOutcome]] {
    guard let first = cells.first else { return [] }
    // By bytes, as the database compares names.
    let names = cells.dropFirst().map { Set($0.map { Array($0.question.utf8) }) }
    let common = first.map(\.question).filter { question in
        names.allSatisfy { $0.contains(Array(question.utf8)) }
    }
    return cells.map { outcomes in
        let byName = Dictionary(
            outcomes.map { (Array($0.question.utf8), $0) }, uniquingKeysWith: { first, _ in first })
        return common.compactMap { byName[Array($0.utf8)] }
    }
}
