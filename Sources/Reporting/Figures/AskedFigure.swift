import ResultsStore

/// The share of calls that a setting's threshold was chosen for against the share that came of it: whether calibration carries over.
struct AskedFigure {
    static let name = "asked-calls"

    /// The shares asked for, by the cells' numbers; none where the database is older than the column that keeps them.
    static func shares(
        _ data: ReportData, _ reader: ResultsReader
    ) throws(StoreError) -> [Int64: Double] {
        let columns = try reader.query("SELECT name FROM pragma_table_xinfo('curve')").rows
        guard columns.contains([.text("asked")]) else { return [:] }
        let rows = try reader.query(
            "SELECT cell, asked FROM curve WHERE experiment = :experiment",
            parameters: ["experiment": .text(data.experiment.record.name)]
        ).rows
        var asked: [Int64: Double] = [:]
        for row in rows {
            guard case .integer(let cell) = row[0] else { continue }
            switch row[1] {
            case .real(let share): asked[cell] = share
            case .integer(let share): asked[cell] = Double(share)
            case .null, .text: continue
            }
        }
        return asked
    }

    /// Nil where no cell's threshold was chosen by a share of calls.
    static func panel(
        _ results: Results, _ choice: FigureChoice, asked: [Int64: Double]
    ) -> FigurePanel? {
        let data = results.data
        let series = data.methods.compactMap { method -> FigurePanel.Series? in
            let points = method.cells.compactMap { cell -> FigurePanel.Point? in
                guard let share = asked[cell.id.value], let came = data.curve[cell.id]?.callRatio
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
