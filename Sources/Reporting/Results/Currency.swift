import ResultsStore
import Statistics

/// What a curve's cost is counted in (docs/method.md, 3).
enum Currency: String, CaseIterable {
    case calls
    case passes
    case flops
    case bytes
    case seconds

    /// In words, with the unit in which costs are shown.
    var title: String {
        switch self {
        case .calls: "calls, %"
        case .passes: "L passes"
        case .flops: "FLOPs, G"
        case .bytes: "bytes, G"
        case .seconds: "seconds"
        }
    }

    /// In a word.
    var name: String { self == .flops ? "FLOPs" : rawValue }

    /// What a shown cost is counted in.
    var scale: Double {
        switch self {
        case .calls: 0.01
        case .passes, .seconds: 1
        case .flops, .bytes: 1e9
        }
    }

    /// Decimals of shown costs.
    var decimals: Int { self == .seconds ? 2 : 1 }

    /// The cost of one question; nil where it was not measured.
    func cost(of outcome: QuestionOutcome) -> Double? {
        switch self {
        case .calls: Double(outcome.llmCalls)
        case .passes: Double(outcome.llmPasses)
        case .flops: outcome.flops.map { Double($0) }
        case .bytes: outcome.bytes.map { Double($0) }
        case .seconds: outcome.seconds
        }
    }

    /// Whether the area under a curve over this cost means something (docs/method.md, section 4): every method can choose its share of calls and of
    /// passes from none to all; what it costs otherwise it cannot.
    var hasArea: Bool { self == .calls || self == .passes }

    /// A cell's questions for the statistics; nil where some lack a score or this cost.
    func results(of outcomes: [QuestionOutcome]) -> CellResults? {
        let scores = outcomes.compactMap(\.mark)
        let costs = outcomes.compactMap(cost)
        guard scores.count == outcomes.count, costs.count == outcomes.count else { return nil }
        guard self == .calls else { return CellResults(scores: scores, costs: costs) }
        return CellResults(
            scores: scores, costs: costs, units: outcomes.map { Double($0.tokens) })
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
