import ResultsStore
import Routing
import Statistics

/// The answer to an experiment's question, in words and computed: what there is to gain, which method gains most of it, and what the large
/// model's accuracy costs (docs/method.md, section 4).
///
/// Whatever the interval does not decide is called undecided.
struct Finding {
    let data: ReportData
    let bootstrap: Bootstrap
    private let tables: FindingTables
    private let words = FindingWords()

    init(data: ReportData, bootstrap: Bootstrap, tables: FindingTables? = nil) {
        self.data = data
        self.bootstrap = bootstrap
        self.tables = tables ?? FindingTables(data: data, bootstrap: bootstrap)
    }

    /// Nil where a single model or every method with settings is missing.
    var text: String? {
        guard let slm = data.single(.slm), let llm = data.single(.llm) else { return nil }
        let singles = [slm, llm].map { data.outcomes[$0.id] ?? [] }
        // Drafts are no routing, and a method that has hardly begun would take questions from all.
        let routed = data.families.filter { $0.hasSettings && !$0.isDrafted }
        let most = routed.map(\.questions).max() ?? 0
        let families = routed.filter { 4 * $0.questions >= 3 * most }
        let common = paired(singles + families.flatMap(\.outcomes))
        guard !families.isEmpty, let small = common.first, !small.isEmpty else { return nil }
        let marks = common.map { $0.compactMap(\.mark) }
        guard marks.allSatisfy({ $0.count == small.count }),
            let test = PairedDifference(marks[1], marks[0], bootstrap: bootstrap)
        else { return nil }
        let n = small.count
        let start =
            "On \(n) questions the small model scores \(words.percent(mean(marks[0]))) and the large one "
            + "\(words.percent(mean(marks[1]))), a difference of \(words.points(test.estimate))"
        let cut =
            " Of all answers \(words.percent(CutAnswers.share(common.flatMap(\.self)) ?? 0)) were cut at the limit of "
            + "\(CutAnswers(data: data).limit)."
        guard test.isSignificant, test.estimate.value > 0 else {
            return start
                + ": undecided at this n, so there is no gap that routing could be seen to close."
                + cut + details
        }
        guard n >= PairedDifference.leastQuestions else {
            return start
                + ". Fewer than \(PairedDifference.leastQuestions) questions rank no methods." + cut
                + details
        }
        var methods: [Method] = []
        var next = 2
        for family in families {
            let range = next..<next + family.outcomes.count
            methods.append(
                Method(
                    name: family.name, isBaseline: family.isBaseline,
                    outcomes: Array(common[range]), marks: Array(marks[range])))
            next = range.upperBound
        }
        return [
            start + ".", curves(methods, small: small, large: common[1]),
            cost(methods, of: marks[1]),
        ].compactMap(\.self).joined(separator: " ") + cut + details
    }

    private var details: String {
        FindingDetails(data: data, bootstrap: bootstrap, tables: tables)
            .sentences.map { " " + $0 }.joined()
    }

    private struct Method {
        let name: String
        let isBaseline: Bool
        let outcomes: [[QuestionOutcome]]
        let marks: [[Double]]
    }

    /// The method of the largest APGR over calls, and whether it is above random calls.
    private func curves(
        _ methods: [Method], small: [QuestionOutcome], large: [QuestionOutcome]
    ) -> String? {
        guard let small = Currency.calls.results(of: small),
            let large = Currency.calls.results(of: large)
        else { return nil }
        let cells = methods.map { $0.outcomes.compactMap(Currency.calls.results) }
        let comparison = CurveComparison(
            small: small, large: large, methods: cells, bootstrap: bootstrap)
        let random = methods.firstIndex(where: \.isBaseline)
        let estimates = comparison.estimates { curves in
            let line = random.map { curves[$0].averagePerformanceGapRecovered } ?? 0.5
            return curves.flatMap { curve -> [Double?] in
                let area = curve.averagePerformanceGapRecovered
                return [area, area.flatMap { area in line.map { area - $0 } }]
            }
        }
        let best = methods.indices.filter { $0 != random }
            .max { (estimates[2 * $0]?.value ?? -1) < (estimates[2 * $1]?.value ?? -1) }
        guard let best, let area = estimates[2 * best], let gain = estimates[2 * best + 1]
        else { return nil }
        let line = random == nil ? "the straight line" : "random calls"
        let verdict =
            gain.interval.low > 0
            ? "above \(line) by \(words.interval(gain, scale: 1, decimals: 2))"
            : "which is not decidedly above \(line) (\(words.interval(gain, scale: 1, decimals: 2)))"
        return
            "The best of \(methods.count - (random == nil ? 0 : 1)) methods over its whole curve is "
            + "\(methods[best].name), which recovers \(words.interval(area, scale: 100, decimals: 0)) % of the gap on "
            + "average over call ratios, \(verdict)."
    }

    /// The least call ratio at which a method scores as the large model does.
    private func cost(_ methods: [Method], of goal: [Double]) -> String {
        var least: (name: String, ratio: Double)?
        for method in methods where !method.isBaseline {
            for (outcomes, marks) in zip(method.outcomes, method.marks)
            where mean(marks) >= mean(goal) {
                let tokens = outcomes.reduce(0) { $0 + $1.tokens }
                let calls = outcomes.reduce(0) { $0 + $1.llmCalls }
                let ratio = Double(calls) / Double(max(tokens, 1))
                // A threshold that nothing or everything passes is a single model by another name.
                guard 0 < calls, calls < tokens else { continue }
                if ratio < least?.ratio ?? 2 { least = (method.name, ratio) }
            }
        }
        guard let least else { return "None reaches the large model's score." }
        return "The fewest calls with the large model's score, seen on these very questions, are "
            + "\(words.percent(least.ratio)) of the tokens (\(least.name))."
    }

    private func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(values.count, 1))
    }
}
