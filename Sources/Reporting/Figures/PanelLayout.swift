/// A panel on paper: one column wide, the plot at the left, the names of its curves in a column at the right, each joined to the end of its curve.
///
/// Everything has its place here, so that a test can tell that nothing is covered or cut off; gnuplot only draws.
struct PanelLayout {
    /// One column of a paper, 85 mm.
    static let width = 241.0
    /// Kept free at all edges.
    static let margin = 2.0

    let panel: FigurePanel
    let height: Double
    /// The plot.
    let plot: FigureBox
    let texts: [FigureText]
    let labels: [Label]

    /// A name beside the plot.
    struct Label {
        /// The middle of its text.
        let y: Double
        let style: MethodStyle
        /// Where its sign is, left of its text.
        let signX: Double
        /// What it names, in the plot's coordinates: a curve that ends in a point, or a line at a height; neither for what has no one place.
        let end: (x: Double, y: Double)?
        let level: Double?
        /// Whether a sign stands beside it.
        var hasSign = true
    }

    init(_ panel: FigurePanel) {
        self.panel = panel
        let (margin, leading) = (Self.margin, FigureText.leading)
        // The column of names.
        let names = Self.names(panel)
        let wrapped = names.map { FigureText.lines(of: $0.text, width: 80, count: 3) }
        let labelWidth = wrapped.joined().map(FigureText.width).max() ?? 0
        let textX = Self.width - margin - labelWidth
        let signX = textX - 6
        let right = signX - 9
        // The axes' numbers and titles.
        let numbers = panel.y.ticks.map { FigureText.width(of: $0.text) }.max() ?? 0
        let left = margin + leading + 2 + numbers + 4
        let heights = wrapped.map { Double($0.count) * leading + 1.5 }
        let xTitle = FigureText.lines(
            of: panel.x.title, width: Self.width - 2 * margin, count: 2)
        let bottom = margin + Double(xTitle.count) * leading + 2 + leading + 4
        let plotHeight = max(132, heights.reduce(0, +))
        let plot = FigureBox(
            left: left, bottom: bottom, width: right - left, height: plotHeight)
        self.plot = plot
        height = bottom + plotHeight + leading / 2 + margin
        // From here on all is placed.
        let place = { (y: Double) in plot.bottom + panel.y.share(of: y) * plot.height }
        let middles = LabelSpread.middles(
            wanted: names.map { place($0.y) }, heights: heights,
            // Lines through the whole plot are sought at their own height.
            weights: names.map { $0.level == nil ? 1 : 8 }, in: plot.bottom...plot.top)
        labels = zip(names, middles).map { name, middle in
            Label(
                y: middle, style: name.style, signX: signX, end: name.end, level: name.level,
                hasSign: name.hasSign)
        }
        var texts: [FigureText] = []
        for (lines, middle) in zip(wrapped, middles) {
            let top = middle + Double(lines.count - 1) / 2 * leading
            for (row, line) in lines.enumerated() {
                texts.append(FigureText(text: line, x: textX, y: top - Double(row) * leading))
            }
        }
        for tick in panel.y.ticks {
            texts.append(
                FigureText(
                    text: tick.text, x: left - 4, y: place(tick.value), alignment: .right))
        }
        texts += Self.numbers(
            along: panel.x, from: left, width: plot.width, y: bottom - 4 - leading / 2)
        let middle = left + plot.width / 2
        for (row, line) in xTitle.enumerated() {
            let half = FigureText.width(of: line) / 2
            // A long title goes beyond the plot, not beyond the paper.
            let x = min(max(middle, margin + half), Self.width - margin - half)
            texts.append(
                FigureText(
                    text: line, x: x,
                    y: margin + (Double(xTitle.count - 1 - row) + 0.5) * leading,
                    alignment: .center))
        }
        let yTitle = FigureText.lines(of: panel.y.title, width: height - 2 * margin, count: 1)
        for line in yTitle {
            let half = FigureText.width(of: line) / 2
            texts.append(
                FigureText(
                    text: line, x: margin + leading / 2,
                    y: max(min(bottom + plotHeight / 2, height - margin - half), margin + half),
                    alignment: .center, isUpright: true))
        }
        self.texts = texts
    }

    /// The numbers of the horizontal axis, as many as fit beside each other.
    static func numbers(
        along axis: FigureAxis, from left: Double, width: Double, y: Double
    ) -> [FigureText] {
        var last: FigureBox?
        return axis.ticks.compactMap { tick in
            let text = FigureText(
                text: tick.text, x: left + axis.share(of: tick.value) * width, y: y,
                alignment: .center)
            if let last, text.box.left < last.right + 3 { return nil }
            last = text.box
            return text
        }
    }

    private struct Name {
        let text: String
        /// Where it would be best.
        let y: Double
        let style: MethodStyle
        var end: (x: Double, y: Double)?
        var level: Double?
        var hasSign = true
        /// Of the curve's heights.
        var mean = 0.0
    }

    /// What is named beside the plot, from below to above.
    private static func names(_ panel: FigurePanel) -> [Name] {
        let levels = panel.levels.map {
            Name(text: $0.name, y: $0.y, style: $0.style, level: $0.y)
        }
        let series = panel.named.compactMap { series -> Name? in
            let seen = series.points.filter { panel.x.holds($0.x) && panel.y.holds($0.y) }
            guard let end = seen.max(by: { $0.x < $1.x }) else { return nil }
            return Name(
                text: FigureText.short(series.name), y: end.y, style: series.style,
                end: (end.x, end.y),
                hasSign: series.hasSigns,
                mean: series.points.reduce(0) { $0 + $1.y } / Double(series.points.count))
        }
        // Without a place of its own: at the bottom.
        let others =
            panel.others.isEmpty
            ? []
            : [
                Name(
                    text: "others", y: panel.y.low, style: .other,
                    hasSign: !panel.others.allSatisfy(\.isJoined))
            ]
        let heights = Set((levels + series).map(\.y)).sorted()
        return others
            + heights.flatMap { height in
                let line = levels.filter { $0.y == height }
                let ends = series.filter { $0.y == height }
                let (below, above) = sides(ends, width: panel.x.high - panel.x.low)
                return below + line + above
            }
    }

    /// Names at one height, below and above its line, each from below to above.
    ///
    /// Where curves end in one point, in the order of the curves; else the ends that are farthest away go outside, so that what joins them to their names
    /// does not cross.
    private static func sides(
        _ names: [Name], width: Double
    ) -> (below: [Name], above: [Name]) {
        let ends = names.compactMap(\.end?.x)
        guard let first = ends.min(), let last = ends.max() else { return ([], names) }
        if last - first < 0.03 * width {
            let ordered = names.sorted { $0.mean < $1.mean }
            return (Array(ordered.prefix(names.count / 2)), Array(ordered[(names.count / 2)...]))
        }
        let ordered = names.sorted { ($0.end?.x ?? 0) < ($1.end?.x ?? 0) }.enumerated()
        return (
            ordered.filter { $0.offset % 2 == 1 }.map(\.element),
            ordered.filter { $0.offset % 2 == 0 }.reversed().map(\.element)
        )
    }
}
