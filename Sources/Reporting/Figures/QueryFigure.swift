import ResultsStore

/// A figure that a user may write: what `NAME.sql` selects, with what its first lines say of it.
///
/// The query's first columns are series, x, y. Its comment lines up to the first other line are the caption; among them
/// `-- x: TITLE`, `-- y: TITLE` (needed), `-- x range: 0 100`, `-- y range: 0 100`, `-- x numbers: whole`,
/// `-- reference: diagonal` and `-- signs: none` say how it is drawn.
struct QueryFigure {
    let name: String
    private let sql: String
    private var caption: [String] = []
    private var facts: [String: String] = [:]

    private static let keys = [
        "x", "y", "x range", "y range", "x numbers", "y numbers", "reference", "signs",
    ]

    init(name: String, sql: String) throws(FigureError) {
        self.name = name
        self.sql = sql
        for line in sql.split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("-- ") else { break }
            let text = String(line.dropFirst(3))
            let parts = text.split(separator: ": ", maxSplits: 1).map(String.init)
            if parts.count == 2, Self.keys.contains(parts[0]) {
                facts[parts[0]] = parts[1]
            } else {
                caption.append(text)
            }
        }
        for key in ["x", "y"] where facts[key] == nil {
            throw .query(
                script: "\(name).sql", message: "no line \"-- \(key): TITLE\" at its start")
        }
    }

    /// Nil where the query has no rows.
    ///
    /// - Parameter styles: the looks of the series.
    func panel(
        _ reader: ResultsReader, parameters: [String: QueryValue], origin: String,
        styles: (_ series: [String]) -> [String: MethodStyle]
    ) throws -> FigurePanel? {
        let result = try reader.query(sql, parameters: parameters)
        guard result.columns.count >= 3 else {
            throw FigureError.query(
                script: "\(name).sql",
                message: "\(result.columns.count) columns, and a figure needs series, x and y")
        }
        var names: [String] = []
        var points: [String: [FigurePanel.Point]] = [:]
        for row in result.rows {
            guard case .text(let series) = row[0], let x = row[1].number, let y = row[2].number
            else { continue }
            if points[series] == nil { names.append(series) }
            points[series, default: []].append(FigurePanel.Point(x: x, y: y))
        }
        guard !names.isEmpty else { return nil }
        let looks = styles(names)
        let series = names.map { name in
            FigurePanel.Series(
                name: name, style: looks[name] ?? .other, points: points[name] ?? [],
                isJoined: true, hasSigns: facts["signs"] != "none")
        }
        let drawn = points.values.flatMap(\.self)
        let x = try axis("x", drawn.map(\.x), count: 5)
        let y = try axis("y", drawn.map(\.y), count: 6)
        let named = Array(series.prefix(FigureChoice.most))
        let others = series.dropFirst(FigureChoice.most).map {
            FigurePanel.Series(
                name: $0.name, style: .other, points: $0.points, isJoined: true, hasSigns: false)
        }
        var sentences = [caption.joined(separator: " ")]
        if !others.isEmpty {
            sentences.append("In grey: \(others.map(\.name).joined(separator: "; ")).")
        }
        return FigurePanel(
            name: name, x: x, y: y, named: named, others: others,
            reference: facts["reference"] == "diagonal"
                ? [
                    FigurePanel.Point(x: max(x.low, y.low), y: max(x.low, y.low)),
                    FigurePanel.Point(x: min(x.high, y.high), y: min(x.high, y.high)),
                ] : [],
            caption: (sentences + [origin]).joined(separator: " "))
    }

    private func axis(
        _ key: String, _ values: [Double], count: Int
    ) throws(FigureError) -> FigureAxis {
        let title = facts[key] ?? key
        guard let range = facts["\(key) range"] else {
            return FigureAxis(
                title, values: values, count: count, isWhole: facts["\(key) numbers"] == "whole")
        }
        let ends = range.split(separator: " ").compactMap { Double($0) }
        guard ends.count == 2, ends[0] < ends[1] else {
            throw .query(
                script: "\(name).sql",
                message: "\"\(key) range: \(range)\" is not two numbers, the lower one first")
        }
        return FigureAxis(title, values: values, bounds: ends[0]...ends[1], count: count)
    }
}

extension QueryValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value.isFinite ? value : nil
        case .null, .text: nil
        }
    }
}
