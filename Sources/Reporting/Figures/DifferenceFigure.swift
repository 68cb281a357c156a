import ResultsStore
import Statistics

/// Each method's chosen setting against the large model on the same questions: how many points of accuracy it wins or loses, with intervals.
struct DifferenceFigure {
    struct Row {
        let name: String
        let style: MethodStyle
        /// In points.
        let value: Double
        let low: Double
        let high: Double
    }

    static let name = "differences"

    /// The largest first.
    let rows: [Row]
    let x: FigureAxis
    let caption: String

    /// Nil where there is nothing to compare, or too few questions for intervals.
    init?(_ results: Results, _ choice: FigureChoice) {
        var rows: [Row] = []
        var settings: [String] = []
        func add(_ name: String, _ style: MethodStyle, _ estimate: Bootstrap.Estimate) {
            rows.append(
                Row(
                    name: name, style: style, value: 100 * estimate.value,
                    low: 100 * estimate.interval.low, high: 100 * estimate.interval.high))
        }
        for method in results.methods {
            let setting: String? =
                switch method.choice {
                case .reached(let setting), .best(let setting): setting
                }
            let chosen = results.differences.first {
                $0.cell.method == method.name && $0.cell.record.setting == setting
            }
            guard let chosen, let estimate = chosen.minusLarge else { continue }
            add(method.name, choice.style(of: method.name), estimate)
            settings.append(chosen.cell.shortName)
        }
        if let gap = results.smallMinusLarge {
            add("slm", .slm, gap)
        }
        guard !rows.isEmpty else { return nil }
        self.rows = rows.enumerated().sorted {
            ($1.element.value, $0.offset) < ($0.element.value, $1.offset)
        }.map(\.element)
        let margin = 100 * EqualAccuracy.margin
        x = FigureAxis(
            "\(results.data.accuracyWord.lowercased()) minus llm's, points",
            values: rows.flatMap { [$0.low, $0.high] } + [-margin, 0], count: 6)
        caption = [
            "\(results.data.accuracyWord) minus llm's on the same questions, in points, with 95 % intervals by paired bootstrap over questions.",
            "Grey band: up to \(fixed(margin, 0)) points below llm, which counts as equal; shown to be equal is what lies right of its left edge with the whole interval.",
            "Of each method the cheapest setting (bytes) with at least llm's accuracy, else the most accurate, chosen on these questions, which the intervals do not allow for: "
                + settings.joined(separator: "; ") + ".",
            results.data.origin,
        ].joined(separator: " ")
    }
}

extension Results {
    /// The single models' difference, on the questions that both finished.
    fileprivate var smallMinusLarge: Bootstrap.Estimate? {
        guard let singles = data.singles else { return nil }
        let both = paired([singles.small, singles.large])
        let marks = both.map { $0.compactMap(\.mark) }
        guard mayHaveInterval(questions: both[0].count),
            marks.allSatisfy({ $0.count == both[0].count })
        else { return nil }
        return PairedDifference(marks[0], marks[1], bootstrap: Bootstrap())?.estimate
    }
}
