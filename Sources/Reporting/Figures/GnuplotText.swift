import Platform

/// A figure as gnuplot reads it: settings to `load`, and a table of points.
struct GnuplotText: Equatable {
    /// Sizes, ranges, labels and looks.
    let settings: String
    /// Blocks of points: of each series of `others`, then `named`, then `singles`; the columns x, y, low, high.
    let data: String
    /// In points.
    let height: Double
}

extension MethodStyle {
    /// gnuplot's number of the sign.
    var pointType: Int {
        switch marker {
        case .plus: 1
        case .cross: 2
        case .star: 3
        case .openSquare: 4
        case .square: 5
        case .openCircle: 6
        case .circle: 7
        case .openTriangle: 8
        case .triangle: 9
        case .openInverted: 10
        case .inverted: 11
        case .openDiamond: 12
        case .diamond: 13
        case .openPentagon: 14
        case .pentagon: 15
        }
    }

    /// The number of the line's pattern, as `common.gp` sets it.
    var dashType: Int {
        switch dash {
        case .solid: 1
        case .dashed: 11
        case .dotted: 12
        }
    }
}

extension PanelLayout {
    var gnuplot: GnuplotText {
        let page = FigureBox(left: 0, bottom: 0, width: Self.width, height: height)
        var lines = frame(of: plot, on: page, panel.x, panel.y)
        lines += texts.map { $0.gnuplot(on: page) }
        for label in labels {
            if label.hasSign {
                lines.append(
                    "set label '' at \(page.place(label.signX, label.y)) point pointtype "
                        + "\(label.style.pointType) pointsize sign_size linecolor rgbcolor "
                        + "'\(label.style.colour)' front")
            }
            let start = page.place(label.hasSign ? label.signX - 3.5 : label.signX + 3.5, label.y)
            let colour = "linecolor rgbcolor '\(label.style.colour)'"
            if let end = label.end {
                lines.append(
                    "set arrow from first \(numberText(end.x)),\(numberText(end.y)) to \(start) "
                        + "nohead linewidth 0.5 dashtype (1,2) \(colour) back")
            }
            if label.end == nil, !label.hasSign {
                // Grey curves have no signs.
                lines.append(
                    "set arrow from \(page.place(label.signX - 5, label.y)) to \(start) nohead \(colour)"
                )
            }
            if let level = label.level {
                let y = numberText(level)
                let look =
                    "nohead linewidth 0.7 \(colour) dashtype "
                    + (label.style == .llm ? "1" : "12") + " back"
                lines.append("set arrow from graph 0, first \(y) to graph 1, first \(y) \(look)")
                lines.append("set arrow from graph 1, first \(y) to \(start) \(look)")
            }
        }
        if let band = panel.band {
            lines.append(
                "set object rectangle from graph 0, first \(numberText(band.lowerBound)) to graph 1, first "
                    + "\(numberText(band.upperBound)) fillstyle solid noborder fillcolor rgbcolor '#E6E6E6' behind"
            )
        }
        for (start, end) in zip(panel.reference, panel.reference.dropFirst()) {
            lines.append(
                "set arrow from first \(numberText(start.x)),\(numberText(start.y)) to first "
                    + "\(numberText(end.x)),\(numberText(end.y)) nohead linewidth 0.7 dashtype (4,4) "
                    + "linecolor rgbcolor '#888888' back")
        }
        lines += looks(panel.others, "others") + looks(panel.named, "named")
        lines += looks(panel.singles, "singles")
        let blocks = (panel.others + panel.named + panel.singles).map { series in
            "# \(visibleLine(series.name))\n"
                + series.points.map { point in
                    [point.x, point.y, point.low ?? point.y, point.high ?? point.y]
                        .map(numberText).joined(separator: "\t") + "\n"
                }.joined()
        }
        return GnuplotText(
            settings: lines.joined(separator: "\n") + "\n",
            data: blocks.joined(separator: "\n\n"), height: height)
    }

    private func looks(_ series: [FigurePanel.Series], _ name: String) -> [String] {
        Reporting.looks(
            series.map(\.style), name, hasSigns: series.map(\.hasSigns),
            isJoined: series.map(\.isJoined))
    }
}

/// `NAME`, a count, and arrays of what each looks like.
func looks(
    _ styles: [MethodStyle], _ name: String, hasSigns: [Bool]? = nil, isJoined: [Bool]? = nil
) -> [String] {
    let none = styles.map { _ in false }
    let array = { (what: String, values: [String]) in
        // gnuplot looks into arrays even where there is nothing to draw.
        "array \(name)_\(what)[\(max(1, values.count))] = "
            + "[\(values.isEmpty ? "0" : values.joined(separator: ", "))]"
    }
    let signs = zip(styles, hasSigns ?? none.map(!))
    return [
        "\(name) = \(styles.count)", array("colour", styles.map { "'\($0.colour)'" }),
        // A sign below 0 is none.
        array("sign", signs.map { style, isSigned in isSigned ? "\(style.pointType)" : "-1" }),
        array("dash", styles.map { "\($0.dashType)" }),
        array("joined", (isJoined ?? none).map { $0 ? "1" : "0" }),
    ]
}

/// The plot's place, ranges and ticks; the numbers beside them are texts like others.
func frame(
    of plot: FigureBox, on page: FigureBox, _ x: FigureAxis, _ y: FigureAxis?
) -> [String] {
    let ticks = { (axis: FigureAxis) in
        "(" + axis.ticks.map { "'' \(numberText($0.value))" }.joined(separator: ", ") + ")"
    }
    return [
        "width = \(numberText(page.width))", "height = \(numberText(page.height))",
        "set lmargin at screen \(share(plot.left, page.width))",
        "set rmargin at screen \(share(plot.right, page.width))",
        "set bmargin at screen \(share(plot.bottom, page.height))",
        "set tmargin at screen \(share(plot.top, page.height))",
        "set xrange [\(numberText(x.low)):\(numberText(x.high))]",
        "set xtics \(ticks(x))",
    ]
        + (y.map {
            [
                "set yrange [\(numberText($0.low)):\(numberText($0.high))]",
                "set ytics \(ticks($0))",
            ]
        } ?? [])
}

private func share(_ part: Double, _ whole: Double) -> String { fixed(part / whole, 6) }

extension FigureBox {
    /// A place on this page.
    func place(_ x: Double, _ y: Double) -> String {
        "screen \(share(x, width)), screen \(share(y, height))"
    }
}

extension FigureText {
    func gnuplot(on page: FigureBox) -> String {
        "set label \(quoted(text)) at \(page.place(x, y)) \(alignment.rawValue)"
            + (isUpright ? " rotate by 90" : "") + " front"
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
