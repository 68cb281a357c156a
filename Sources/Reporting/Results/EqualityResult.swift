import ResultsStore
import Routing
import Statistics

/// How a cell stands to the large model alone: whether it is as accurate (docs/method.md, section 4), and what it costs beside it.
struct EqualityResult {
    /// What decides who writes.
    enum Kind {
        /// The small model alone.
        case small
        /// S's tokens stay.
        case routed
        /// L judges S's tokens.
        case verified

        /// In the order in which they are shown.
        static let shown: [Kind] = [.routed, .verified, .small]
    }

    let cell: CellRow
    let kind: Kind
    /// On the questions that both finished.
    let accuracy: EqualAccuracy
    /// The cell's answers on those questions, and the large model's.
    let outcomes: [QuestionOutcome]
    let large: [QuestionOutcome]
    /// Both by themselves at batch 1; nil where that was not measured of one of them.
    let alone: [[QuestionOutcome]]?
    /// What seconds are told in: at batch 1 where a measurement of that is at hand, though it may lack this cell; else of the run.
    let clock: Currency
    /// What a choice between settings is made by, of all of them alike: seconds at batch 1 where those of any are known, else bytes.
    let mainCurrency: Currency

    /// The sum of its costs over the large model's; nil where some are not known.
    func share(in currency: Currency) -> Double? {
        guard currency.key != Currency.latency.key else {
            return alone.flatMap { Self.share(of: $0[0], in: $0[1], currency) }
        }
        return Self.share(of: outcomes, in: large, currency)
    }

    /// Of seconds, by the clock that all are told by; nil where it did not measure this cell.
    var secondsShare: Double? { share(in: clock) }

    /// Of what a choice between settings is made by; nil where that is not known of this one.
    var mainShare: Double? { share(in: mainCurrency) }

    /// The sum of costs over that of the large model's answers to the same questions; nil where some are not known.
    static func share(
        of outcomes: [QuestionOutcome], in large: [QuestionOutcome], _ currency: Currency
    ) -> Double? {
        guard let own = outcomes.mean(currency), let whole = large.mean(currency), whole > 0 else {
            return nil
        }
        return own / whole
    }

    /// Of all cells but the large model's own and those that need to know the answers or look at nothing; in the cells' order.
    static func all(_ data: ReportData, _ bootstrap: Bootstrap) -> [EqualityResult] {
        guard let llm = data.single(.llm), let large = data.outcomes[llm.id], !large.isEmpty else {
            return []
        }
        let found = data.cells.compactMap { cell -> (CellRow, Kind, [[QuestionOutcome]])? in
            guard let kind = Kind(cell), let outcomes = data.outcomes[cell.id] else { return nil }
            let both = paired([outcomes, large])
            return both[0].isEmpty ? nil : (cell, kind, both)
        }
        let alone = data.latency.map { latency in
            found.map { cell, _, _ in
                latency.outcomes[cell.record.key].flatMap { own in
                    latency.outcomes[llm.record.key].map { paired([own, $0]) }
                }
            }
        }
        let isClocked =
            alone.map { alone in
                zip(found, alone).contains { one, pair in
                    // The small model alone is no choice between settings.
                    one.1 != .small
                        && pair.flatMap { share(of: $0[0], in: $0[1], .latency) } != nil
                }
            } ?? false
        return found.enumerated().compactMap { index, one in
            let (cell, kind, both) = one
            let marks = both.map { $0.compactMap(\.mark) }
            guard marks.allSatisfy({ $0.count == both[0].count }),
                let accuracy = EqualAccuracy(
                    marks[0], marks[1], sameTexts: data.sameTexts.contains(cell.id),
                    comparisons: kind == .small ? 1 : found.count { $0.1 != .small },
                    bootstrap: bootstrap)
            else { return nil }
            return EqualityResult(
                cell: cell, kind: kind, accuracy: accuracy, outcomes: both[0], large: both[1],
                alone: alone?[index], clock: data.latency == nil ? .seconds : .latency,
                mainCurrency: isClocked ? .latency : .bytes)
        }
    }
}

extension EqualityResult.Kind {
    /// Nil for the large model alone, for what every method is measured against, and for what knows the answers.
    fileprivate init?(_ cell: CellRow) {
        switch cell.policy?.role {
        case .single(.slm) where cell.record.label == nil: self = .small
        case .single, .baseline: return nil
        case .method, nil:
            if cell.policy?.isOracle ?? false { return nil }
            self = cell.isJudged ? .verified : .routed
        }
    }
}

extension EqualityResult {
    /// How far it is from what is looked for: as accurate as the large model, at little cost. Less is better.
    private var distance: [Double] {
        // Costs that are not known come last.
        let cost = mainShare ?? .infinity
        if accuracy.isShown { return [0, cost] }
        let difference = accuracy.difference.estimate.value
        return difference >= -EqualAccuracy.margin ? [1, cost] : [2, -difference]
    }

    fileprivate static func isNearer(_ one: EqualityResult, _ other: EqualityResult) -> Bool {
        one.distance.lexicographicallyPrecedes(other.distance)
    }
}

extension [EqualityResult] {
    /// The cheapest of a kind, in `mainCurrency`, that is shown to be as accurate as the large model; else of those that the questions leave undecided
    /// within the margin; else the most accurate.
    func best(_ kind: EqualityResult.Kind) -> EqualityResult? {
        filter { $0.kind == kind }.min(by: EqualityResult.isNearer)
    }

    /// The best setting of each method of a kind, the best method first.
    func bestOfMethods(_ kind: EqualityResult.Kind) -> [EqualityResult] {
        var names: Set<String> = []
        // Equal ones stay in the spec's order, also where the sort would not keep it.
        let order = enumerated().filter { $0.element.kind == kind }.sorted { one, other in
            if EqualityResult.isNearer(one.element, other.element) { return true }
            return one.offset < other.offset
                && !EqualityResult.isNearer(other.element, one.element)
        }
        return order.map(\.element).filter { names.insert($0.cell.method).inserted }
    }
}

extension EqualAccuracy {
    /// Whether it is shown to be no worse than the margin allows.
    var isShown: Bool { verdict == .equal || verdict == .better }
}
