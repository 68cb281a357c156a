import ResultsStore
import Routing
import Statistics

/// Accuracy against each currency of cost.
struct AccuracyFigures {
    let results: Results
    let choice: FigureChoice

    /// In the order of the currencies; none for a currency in which nothing is known.
    var panels: [FigurePanel] {
        results.data.currencies(in: .curves).compactMap(panel)
    }

    /// Where `everything routed` lies below this share of the large model's cost, the axis ends there: the large model is told of, not drawn.
    static let zoomed = 0.5

    private func panel(_ currency: Currency) -> FigurePanel? {
        let data = results.data
        let series = data.methods.compactMap { self.series(of: $0, currency) }
        guard !series.isEmpty else { return nil }
        let small = single(.slm, currency)
        let large = single(.llm, currency)
        let settings = series.flatMap(\.points)
        var near = settings.map(\.x)
        if let small { near.append(small.x) }
        let isZoomed =
            large.map { large in near.allSatisfy { $0 < Self.zoomed * large.x } } ?? false
        let singles = [
            small.map { Self.series($0, .slm, "slm") },
            isZoomed ? nil : large.map { Self.series($0, .llm, "llm") },
        ].compactMap(\.self)
        let band = large.map { ($0.y - 100 * EqualAccuracy.margin)...$0.y }
        var heights = settings.map(\.y)
        for point in singles.flatMap(\.points) {
            heights += [point.y, point.low ?? point.y, point.high ?? point.y]
        }
        if let band { heights += [band.lowerBound, band.upperBound] }
        let levels = [
            large.map { point in
                FigurePanel.Level(
                    name: isZoomed
                        ? "llm (at \(Self.text(point.x))\(currency.isShare ? " %" : "") →)" : "llm",
                    y: point.y,
                    style: .llm)
            },
            small.map { FigurePanel.Level(name: "slm", y: $0.y, style: .slm) },
        ].compactMap(\.self)
        let (named, others) = choice.split(series)
        let inView = near + (isZoomed ? [] : [large?.x].compactMap(\.self))
        let x = FigureAxis(currency.axis, values: inView, count: 5)
        return FigurePanel(
            name: "accuracy-\(currency.figure)", x: x,
            y: FigureAxis(data.accuracyTitle, values: heights, limits: 0...100, least: 20),
            named: named, others: others, singles: singles, levels: levels, band: band,
            reference: Self.line(from: small, to: large, until: x.high),
            caption: caption(
                currency, others: others, isZoomed: isZoomed, hasSmall: small != nil,
                hasLarge: large != nil,
                hasIntervals: singles.contains { $0.points[0].low != nil }))
    }

    private func series(of method: Method, _ currency: Currency) -> FigurePanel.Series? {
        let cells = method.cells.compactMap { results.data.curve[$0.id] }
        let points = cells.compactMap { $0.point(currency) }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard !points.isEmpty else { return nil }
        return FigurePanel.Series(
            name: method.name, style: choice.style(of: method.name), points: points,
            isJoined: points.count > 1 && cells.allSatisfy { mayMark(questions: $0.n) })
    }

    private func single(_ model: Route, _ currency: Currency) -> FigurePanel.Point? {
        results.data.single(model).flatMap { results.data.curve[$0.id] }?
            .point(currency, hasInterval: true)
    }

    private static func series(
        _ point: FigurePanel.Point, _ style: MethodStyle, _ name: String
    ) -> FigurePanel.Series {
        FigurePanel.Series(name: name, style: style, points: [point], isJoined: false)
    }

    /// The straight line between the single models, as far as it is in view.
    private static func line(
        from small: FigurePanel.Point?, to large: FigurePanel.Point?, until end: Double
    ) -> [FigurePanel.Point] {
        guard let small, let large, large.x > small.x else { return [] }
        let share = min(1, (end - small.x) / (large.x - small.x))
        return [
            small,
            FigurePanel.Point(
                x: small.x + share * (large.x - small.x), y: small.y + share * (large.y - small.y)),
        ]
    }

    private static func text(_ value: Double) -> String {
        fixed(value, value < 10 ? 1 : 0)
    }

    private func caption(
        _ currency: Currency, others: [FigurePanel.Series], isZoomed: Bool, hasSmall: Bool,
        hasLarge: Bool, hasIntervals: Bool
    ) -> String {
        var sentences = [
            "\(results.data.accuracyWord) against \(currency.axis), each sign a setting of a method."
        ]
        if currency.isShare {
            sentences = [
                "\(results.data.accuracyWord) against the share of tokens that llm wrote, each sign a setting of a method."
            ]
        }
        if hasLarge {
            sentences.append(
                "Line: llm's \(results.data.accuracyWord.lowercased()); grey band: what counts as equal to it, up to "
                    + "\(fixed(100 * EqualAccuracy.margin, 0)) points below.")
        }
        if hasSmall {
            sentences.append(
                hasLarge ? "Dotted: slm's; dashed: lots drawn between the two." : "Dotted: slm's.")
        }
        if hasIntervals {
            sentences.append(
                "Bars: 95 % intervals (Wilson) of the single models; those of the other settings are about as wide."
            )
        }
        if isZoomed {
            sentences.append(
                "All settings lie below \(fixed(100 * Self.zoomed, 0)) % of llm's cost, so the axis ends before it."
            )
        }
        sentences += [choice.sentence(others: others.map(\.name))].compactMap(\.self)
        return (sentences + [results.data.origin]).joined(separator: " ")
    }
}

extension FigureChoice {
    /// In the order of the experiment: those with a name, the others in grey.
    func split(
        _ series: [FigurePanel.Series]
    ) -> (named: [FigurePanel.Series], others: [FigurePanel.Series]) {
        let others = series.filter { !named.contains($0.name) }.map {
            FigurePanel.Series(
                name: $0.name, style: .other, points: $0.points, isJoined: $0.isJoined)
        }
        return (series.filter { named.contains($0.name) }, others)
    }

    /// What stayed grey, and why.
    func sentence(others: [String]) -> String? {
        guard !others.isEmpty else { return nil }
        return
            "Named are at most \(Self.most) methods: calls by lot and speculative decoding, then in turn the routed ones by the area under "
            + "their curve and the judged ones by their bytes at llm's accuracy; in grey: "
            + others.map(FigureText.short).joined(separator: "; ") + "."
    }
}

extension Currency {
    /// In the name of a figure.
    var figure: String { isShare ? "call-ratio" : key.replacing("_", with: "-") }

    /// Along an axis.
    var axis: String {
        if isShare { return "tokens written by llm, %" }
        let parts = title.split(separator: ", ", maxSplits: 1)
        return parts.count == 2 ? "\(parts[0]) a question, \(parts[1])" : "\(title) a question"
    }
}

extension CurveRow {
    /// Where a cell lies, in percent over the unit of curves; nil where its cost or its accuracy is not known.
    fileprivate func point(
        _ currency: Currency, hasInterval: Bool = false
    ) -> FigurePanel.Point? {
        let cost =
            currency.isShare
            ? callRatio.map { 100 * $0 } : currency.mean(self).map { $0 / currency.scale }
        guard n > 0, let cost, let mean = accuracy ?? score else { return nil }
        var point = FigurePanel.Point(x: cost, y: 100 * mean)
        if hasInterval, mayHaveInterval(questions: n), accuracy != nil {
            point.low = accuracyLow.map { 100 * $0 }
            point.high = accuracyHigh.map { 100 * $0 }
        }
        return point
    }
}

extension ReportData {
    /// What the mean of marks is called.
    var accuracyWord: String { curve.values.contains { $0.accuracy != nil } ? "Accuracy" : "Score" }

    var accuracyTitle: String { "\(accuracyWord.lowercased()), %" }

    /// Where a figure comes from; the programs that wrote the answers are named below the tables.
    var origin: String {
        let counts = curve.values.map(\.n)
        let (low, high) = (counts.min() ?? 0, counts.max() ?? 0)
        let facts = configuration.choice.chosen.facts.all
        let names = { (hash: String, own: KeyPath<CellRow, String?>) -> String in
            facts[hash].flatMap { configuration.names[$0] }
                ?? Set(cells.compactMap { $0[keyPath: own] }).sorted().joined(separator: ", ")
        }
        var parts = [
            (low == high ? "n = \(low)" : "n = \(low) to \(high)") + " questions"
                + Set(cells.compactMap(\.dataset)).sorted().map { " of \($0)" }
                .joined(separator: " and"),
            "slm: \(names("slmSha256", \.slm))", "llm: \(names("llmSha256", \.llm))",
        ]
        if let tokens = facts["generation.maxTokens"] { parts.append("at most \(tokens) tokens") }
        return (parts + ["greedy decoding"]).joined(separator: "; ") + "."
    }
}
