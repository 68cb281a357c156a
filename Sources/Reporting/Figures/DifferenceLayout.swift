import Platform
import Statistics

/// The rows of a figure of differences on paper: names at the left, each beside its interval.
struct DifferenceLayout {
    let figure: DifferenceFigure
    let height: Double
    let plot: FigureBox
    let texts: [FigureText]
    /// The middle of each row.
    let middles: [Double]

    init(_ figure: DifferenceFigure) {
        self.figure = figure
        let (margin, leading) = (PanelLayout.margin, FigureText.leading)
        let wrapped = figure.rows.map {
            FigureText.lines(of: FigureText.short($0.name), width: 96, count: 3)
        }
        let names = wrapped.joined().map(FigureText.width).max() ?? 0
        let left = margin + names + 6
        // The last number may stand out by half.
        let right = PanelLayout.width - margin - 8
        let title = FigureText.lines(
            of: figure.x.title, width: PanelLayout.width - 2 * margin, count: 2)
        let bottom = margin + Double(title.count) * leading + 2 + leading + 4
        let heights = wrapped.map { Double($0.count) * leading + 3 }
        let plotHeight = heights.reduce(0, +) + 4
        plot = FigureBox(left: left, bottom: bottom, width: right - left, height: plotHeight)
        height = bottom + plotHeight + margin
        var texts: [FigureText] = []
        var middles: [Double] = []
        var top = bottom + plotHeight - 2
        for (lines, rowHeight) in zip(wrapped, heights) {
            let middle = top - rowHeight / 2
            middles.append(middle)
            let first = middle + Double(lines.count - 1) / 2 * leading
            for (row, line) in lines.enumerated() {
                texts.append(
                    FigureText(
                        text: line, x: left - 6, y: first - Double(row) * leading,
                        alignment: .right))
            }
            top -= rowHeight
        }
        texts += PanelLayout.numbers(
            along: figure.x, from: left, width: plot.width, y: bottom - 4 - leading / 2)
        for (row, line) in title.enumerated() {
            let half = FigureText.width(of: line) / 2
            texts.append(
                FigureText(
                    text: line,
                    x: min(
                        max(left + plot.width / 2, margin + half),
                        PanelLayout.width - margin - half),
                    y: margin + (Double(title.count - 1 - row) + 0.5) * leading,
                    alignment: .center))
        }
        self.texts = texts
        self.middles = middles
    }

    var gnuplot: GnuplotText {
        let page = FigureBox(left: 0, bottom: 0, width: PanelLayout.width, height: height)
        var lines = frame(of: plot, on: page, figure.x, nil)
        lines += ["set yrange [0:\(numberText(plot.height))]", "unset ytics"]
        lines += texts.map { $0.gnuplot(on: page) }
        lines += ["margin = \(numberText(100 * EqualAccuracy.margin))"]
        lines += looks(figure.rows.map(\.style), "rows")
        let rows = zip(figure.rows, middles).map { row, middle in
            "# \(visibleLine(row.name))\n"
                + [row.value, middle - plot.bottom, row.low, row.high].map(numberText)
                .joined(separator: "\t") + "\n"
        }
        return GnuplotText(
            settings: lines.joined(separator: "\n") + "\n",
            data: rows.joined(separator: "\n\n"), height: height)
    }
}
