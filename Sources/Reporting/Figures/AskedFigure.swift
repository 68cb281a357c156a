import ResultsStore
import Routing

/// The share of calls that a setting's threshold was chosen for against the share that came of it: whether calibration carries over.
struct AskedFigure {
    static let name = "asked-calls"

    /// Nil where no cell's threshold was chosen by a share of calls.
    ///
    /// Only where the share of decisions is one of tokens: where L judges, or takes whole answers, the two are not alike.
    static func panel(_ results: Results, _ choice: FigureChoice) -> FigurePanel? {
        let data = results.data
        let series = data.methods.compactMap { method -> FigurePanel.Series? in
            let points = method.cells.compactMap { cell -> FigurePanel.Point? in
                guard !cell.isJudged, cell.policy?.scope == .token, let share = cell.record.asked,
                    let came = data.curve[cell.id]?.callRatio
                else { return nil }
                return FigurePanel.Point(x: 100 * share, y: 100 * came)
            }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
            guard !points.isEmpty else { return nil }
            return FigurePanel.Series(
                name: method.name, style: choice.style(of: method.name), points: points,
                isJoined: points.count > 1)
        }
        guard !series.isEmpty else { return nil }
        let (named, others) = choice.split(series)
        let shares = series.flatMap(\.points).flatMap { [$0.x, $0.y] }
        let axis = { (title: String) in
            FigureAxis(title, values: shares + [0], count: 5)
        }
        let (x, y) = (axis("calls asked for, %"), axis("calls that came, %"))
        return FigurePanel(
            name: name, x: x, y: y, named: named, others: others,
            reference: [
                FigurePanel.Point(x: x.low, y: x.low), FigurePanel.Point(x: x.high, y: x.high),
            ],
            caption: [
                "Share of tokens that llm wrote against the share that the threshold was chosen for on other questions; on the dashed line both are equal.",
                choice.sentence(others: others.map(\.name)), data.origin,
            ].compactMap(\.self).joined(separator: " "))
    }
}
