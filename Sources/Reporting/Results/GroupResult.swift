import ResultsStore
import Statistics

/// How the single models and every method fare on questions of one kind (docs/method.md, R11 to R13).
struct GroupResult {
    let group: QuestionGroup
    let small: Member
    let large: Member
    let methods: [(method: Method, result: Member)]

    /// One cell on the group's questions.
    struct Member {
        /// A single model's, or the middle one of a method's settings: chosen by its place, not by what it reached.
        let cell: CellRow
        let outcomes: [QuestionOutcome]
        /// APGR over calls, of all the method's settings; nil for a single model, and where the gap is not significant.
        let area: Bootstrap.Estimate?

        /// The mean score with Wilson's interval, if the questions are enough for one.
        var accuracy: (value: Double, interval: Interval?)? {
            let marks = outcomes.compactMap(\.mark)
            guard mayHaveInterval(questions: marks.count) else {
                return outcomes.accuracy.map { ($0, nil) }
            }
            let interval = WilsonInterval.around(successes: marks.reduce(0, +), of: marks.count)
            return outcomes.accuracy.map { ($0, interval) }
        }
    }

    /// The single models first.
    var members: [Member] { [small, large] + methods.map(\.result) }
}

/// All groups, and why there are no more.
struct GroupResults {
    /// Empty where a single model or every method with settings is missing, or there are too few questions for thirds.
    let groups: [GroupResult]
    /// A question's name that could not be read.
    let refusal: QuestionNameError?

    init(_ data: ReportData, _ bootstrap: Bootstrap) {
        let methods = data.methods.filter(\.hasSettings)
        guard let singles = data.singles, !methods.isEmpty else {
            (groups, refusal) = ([], nil)
            return
        }
        let common = paired([singles.small, singles.large] + methods.flatMap(\.outcomes))
        let (small, large) = (common[0], common[1])
        let groups: [QuestionGroup]
        do {
            groups = try QuestionGroup.all(of: large)
            refusal = nil
        } catch {
            groups = QuestionGroup.lengths(of: large)
            refusal = error
        }
        var next = 2
        let curves = methods.map { method in
            defer { next += method.cells.count }
            return Array(common[next..<next + method.cells.count])
        }
        self.groups = groups.map { group in
            func inside(_ outcomes: [QuestionOutcome]) -> [QuestionOutcome] {
                outcomes.filter { group.questions.contains($0.question) }
            }
            let areas = Self.areas(
                small: inside(small), large: inside(large),
                methods: curves.map { $0.map(inside) }, bootstrap)
            return GroupResult(
                group: group,
                small: .init(cell: singles.slm, outcomes: inside(small), area: nil),
                large: .init(cell: singles.llm, outcomes: inside(large), area: nil),
                methods: methods.indices.map { index in
                    let method = methods[index]
                    let middle = method.cells.count / 2
                    return (
                        method,
                        .init(
                            cell: method.cells[middle], outcomes: inside(curves[index][middle]),
                            area: areas[index])
                    )
                })
        }
    }

    private static func areas(
        small: [QuestionOutcome], large: [QuestionOutcome], methods: [[[QuestionOutcome]]],
        _ bootstrap: Bootstrap
    ) -> [Bootstrap.Estimate?] {
        let none = [Bootstrap.Estimate?](repeating: nil, count: methods.count)
        let cells = methods.map { $0.compactMap(Currency.calls.results) }
        guard !small.isEmpty, let small = Currency.calls.results(of: small),
            let large = Currency.calls.results(of: large),
            zip(cells, methods).allSatisfy({ $0.count == $1.count })
        else { return none }
        let comparison = CurveComparison(
            small: small, large: large, methods: cells, bootstrap: bootstrap)
        return comparison.estimates { $0.map(\.averagePerformanceGapRecovered) }
    }
}
