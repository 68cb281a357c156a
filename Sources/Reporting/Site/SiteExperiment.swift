import Platform
package import ResultsStore
import Routing
import Statistics

/// An experiment's part of the overview page: what its list says of it, and what its chart shows.
package struct SiteExperiment {
    let data: ReportData
    let n: Int
    let slm: String?
    let llm: String?
    let verdicts: [FirstScreen.Verdict]
    let deciding: FirstScreen.Verdict?
    /// What must be known before a figure is believed.
    let warnings: [String]
    let cells: [CellResult]
    /// How each routed or judged cell stands to the large model.
    let equalities: [RowID<CellRecord>: EqualityResult]
    /// The methods that a chart begins with: the best of each kind, and what all are measured against.
    let shown: [String]

    /// So many methods of a kind can be told apart at a glance.
    private static let mostShown = 4

    /// Reads one configuration of the experiment named `name`: the newest, or the one that `configuration` names. O(resamples x questions x cells).
    package init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil,
        latency: ResultsReader? = nil, resamples: Int = 10_000
    ) throws(StoreError) {
        let data = try ReportData(
            reader, experiment: name, configuration: configuration, latency: latency)
        let screen = FirstScreen(data, Bootstrap(resamples: max(1, resamples)))
        self.data = data
        verdicts = screen.verdicts
        deciding = screen.deciding
        cells = CellResult.all(data, differences: []).filter { $0.curve.n > 0 }
        n = cells.map(\.curve.n).max() ?? 0
        let facts = data.configuration.choice.chosen.facts.all
        let names = data.configuration.names
        // A cell that two configurations share was last registered for one of them.
        slm = facts["slmSha256"].flatMap { names[$0] } ?? data.cells.lazy.compactMap(\.slm).first
        llm = facts["llmSha256"].flatMap { names[$0] } ?? data.cells.lazy.compactMap(\.llm).first
        warnings = [CutAnswers(data).warning].compactMap(\.self)
        equalities = Dictionary(
            screen.equalities.map { ($0.cell.id, $0) }, uniquingKeysWith: { first, _ in first })
        shown =
            [EqualityResult.Kind.routed, .verified].flatMap { kind in
                Self.shown(screen.equalities.bestOfMethods(kind))
            } + data.methods.filter(\.isBaseline).map(\.name)
    }

    /// The best method of each policy first: variants of one policy would fill the chart, and hide what else there is.
    private static func shown(_ methods: [EqualityResult]) -> [String] {
        var policies: Set<String> = []
        let first = methods.filter { policies.insert($0.cell.record.policy).inserted }
        let names = (first + methods).map(\.cell.method)
        return Array(
            names.enumerated().filter { !names[..<$0.offset].contains($0.element) }
                .map(\.element).prefix(mostShown))
    }

    /// Whether anything has been answered.
    package var hasAnswers: Bool { !cells.isEmpty }

    /// Whether answers are right or wrong; else they have scores.
    private var isGraded: Bool { cells.contains { $0.accuracy != nil } }

    /// Those in which some of its cells' costs are known.
    private var axes: [CostAxis] {
        CostAxis.all.filter { axis in cells.contains { axis.cost($0.cell, data) != nil } }
    }

    /// For the page's script; `tokens` is the page of its answers, beside the overview.
    func json(tokens: String?) -> JSONValue {
        let axes = axes
        var methods: [String] = []
        for cell in cells where !methods.contains(cell.cell.method) {
            methods.append(cell.cell.method)
        }
        let place = { (cell: CellRow?) -> JSONValue in
            let index = cell.flatMap { cell in cells.firstIndex { $0.cell.id == cell.id } }
            return index.map { .integer($0) } ?? .null
        }
        return .object([
            ("tokens", .text(tokens)),
            ("dataset", .text(data.cells.lazy.compactMap(\.dataset).first.map(visibleLine))),
            ("configuration", .text(data.configuration.sentence.map(visibleLine))),
            ("warnings", .array(warnings.map { .string(visibleLine($0)) })),
            ("verdicts", .array(verdicts.map { .string(visibleLine($0.sentence)) })),
            ("graded", .bool(isGraded)), ("margin", .number(EqualAccuracy.margin)),
            ("footer", .string(visibleLine(data.footer.joined(separator: " ")))),
            ("slm", place(data.single(.slm))), ("llm", place(data.single(.llm))),
            ("axes", .array(axes.map(json))),
            ("start", .string(start(axes).key)), ("methods", .array(json(methods))),
            (
                "cells",
                .array(
                    cells.map { cell in
                        json(cell, axes, method: methods.firstIndex(of: cell.cell.method) ?? 0)
                    })
            ),
        ])
    }

    /// What a chart begins with: seconds at batch 1 where they were measured, else the share of tokens that the large model wrote.
    private func start(_ axes: [CostAxis]) -> CostAxis {
        axes.first { $0.key == Currency.latency.key } ?? axes.first ?? CostAxis.all[0]
    }

    private func json(_ axis: CostAxis) -> JSONValue {
        let hasShares = cells.contains { axis.ofLarge?($0.cell, data) != nil }
        return .object([
            ("key", .string(axis.key)), ("title", .string(axis.title)),
            ("meaning", .string(axis.meaning)),
            ("scale", .number(axis.scale)), ("decimals", .integer(axis.decimals)),
            ("line", .bool(axis.hasLine)), ("shares", .bool(hasShares)),
        ])
    }

    private func json(_ methods: [String]) -> [JSONValue] {
        let styles = MethodStyle.styles(of: methods)
        return methods.map { name in
            let style = styles[name] ?? .other
            return .object([
                ("name", .string(visibleLine(name))), ("colour", .string(style.colour)),
                ("marker", .string(style.marker.rawValue)), ("dash", .string(style.dash.rawValue)),
                ("shown", .bool(shown.contains(name))),
            ])
        }
    }

    private func json(_ result: CellResult, _ axes: [CostAxis], method: Int) -> JSONValue {
        let cell = result.cell
        let number = { (value: Double?) -> JSONValue in value.map { .number($0) } ?? .null }
        return .object([
            ("key", .string(String(cell.record.key.prefix(Self.keyDigits)))),
            ("name", .string(visibleLine(cell.shortName))), ("method", .integer(method)),
            ("setting", .text(cell.record.setting.map(visibleLine))),
            ("n", .integer(result.curve.n)), ("failed", .integer(result.curve.failed)),
            ("y", number(result.accuracy?.value ?? result.curve.score)),
            ("low", number(result.accuracy?.interval?.low)),
            ("high", number(result.accuracy?.interval?.high)),
            ("cut", number(result.cutShare)),
            ("stands", .text(equalities[cell.id].map { Self.word($0.accuracy.verdict) })),
            ("costs", .array(axes.map { number($0.cost(cell, data)) })),
            ("shares", .array(axes.map { number($0.ofLarge?(cell, data)) })),
        ])
    }

    /// So much of a cell's key is in links to its answers.
    static let keyDigits = 12

    private static func word(_ verdict: EqualAccuracy.Verdict) -> String {
        switch verdict {
        case .equal: "equal"
        case .better: "better"
        case .worse: "worse"
        case .undecided: "undecided"
        }
    }
}
