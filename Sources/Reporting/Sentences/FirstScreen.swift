import Platform
package import ResultsStore
import Routing
import Statistics

/// What a sweep says when it ends: whether routing and verification pay, in at most 15 lines of 100 columns.
package struct FirstScreen {
    private let data: ReportData
    let equalities: [EqualityResult]
    private let bootstrap: Bootstrap

    /// Of the newest configuration of the experiment named `name`. O(resamples x questions x cells).
    package init(
        _ reader: ResultsReader, experiment name: String, resamples: Int = 10_000
    ) throws(StoreError) {
        self.init(
            try ReportData(reader, experiment: name), Bootstrap(resamples: max(1, resamples)))
    }

    /// - Parameter equalities: those of the data, if they are known already.
    init(_ data: ReportData, _ bootstrap: Bootstrap, equalities: [EqualityResult]? = nil) {
        self.data = data
        self.bootstrap = bootstrap
        self.equalities = equalities ?? EqualityResult.all(data, bootstrap)
    }

    /// Nil where a single model has no answers, or nothing stands beside them.
    package var text: String? {
        guard let singles = data.singles, !singles.small.isEmpty, !singles.large.isEmpty else {
            return nil
        }
        let shown = EqualityResult.Kind.shown.compactMap(equalities.best)
        guard shown.contains(where: { $0.kind != .small }) else { return nil }
        let lines =
            title(singles) + rows(shown, singles) + verdicts.map { clipped($0.sentence) }
            + CharacterChart(data, equalities).lines
        return lines.joined(separator: "\n") + "\n"
    }

    /// Which it is, where the database holds several.
    private var configuration: String {
        let choice = data.configuration.choice
        guard choice.all.count > 1 else { return "" }
        return "; configuration \(choice.chosen.number) of \(choice.all.count)"
    }

    private func title(_ singles: SingleModels) -> [String] {
        let both = paired([singles.small, singles.large])
        let (slm, llm) = (singles.slm.slm ?? "slm", singles.llm.llm ?? "llm")
        let source = singles.llm.dataset.map { " of \($0)" } ?? ""
        let marks = both.map { $0.compactMap(\.mark) }
        let gap =
            marks[0].count == marks[1].count
            ? PairedDifference(marks[1], marks[0], bootstrap: bootstrap) : nil
        let cut = CutAnswers(data)
        let worst = cut.shares.map(\.share).max() ?? 0
        return [
            "\(data.experiment.record.name): \(both[0].count) question\(both[0].count == 1 ? "" : "s")\(source); slm \(slm)\(data.place(of: .slm)), llm \(llm)\(data.place(of: .llm))\(configuration)",
            "llm ahead by \(gap.map { pointsText($0.estimate) } ?? "–"); equal: within \(margin), 95 %; "
                + "cut at \(cut.limitText): up to \(percentText(worst))",
        ].map(clipped)
    }

    // MARK: Rows

    private static let widths = [44, 18, 9, 7, 9, 8]

    private func rows(_ shown: [EqualityResult], _ singles: SingleModels) -> [String] {
        let seconds = data.latency == nil ? "s batched" : "s alone"
        let head = row(["", "accuracy [95 %]", seconds, "bytes", "L passes", "L's own"])
        let large = row([
            "llm", accuracy(singles.llm), "100 %", "100 %", "100 %", "100 %",
        ])
        return [head, large]
            + shown.map { result in
                row([
                    name(result), accuracy(result.cell), percent(result.secondsShare),
                    percent(result.share(in: .bytes)), percent(result.share(in: .passes)),
                    percent(result.outcomes.callRatio),
                ])
            }
    }

    private func name(_ result: EqualityResult) -> String {
        switch result.kind {
        case .small: "slm"
        case .routed: "routed: \(result.cell.shortName)"
        case .verified: "judged: \(result.cell.shortName)"
        }
    }

    private func accuracy(_ cell: CellRow) -> String {
        guard let curve = data.curve[cell.id] else { return "–" }
        guard let value = curve.accuracy else { return curve.score.map { fixed($0, 3) } ?? "–" }
        guard let low = curve.accuracyLow, let high = curve.accuracyHigh,
            mayHaveInterval(questions: curve.n)
        else {
            return fixed(100 * value, 1)
        }
        return "\(fixed(100 * value, 1)) [\(fixed(100 * low, 1)), \(fixed(100 * high, 1))]"
    }

    private func percent(_ share: Double?) -> String {
        share.map { fixed(100 * $0, 0) + " %" } ?? "–"
    }

    /// The first cell flush left, the others flush right.
    private func row(_ cells: [String]) -> String {
        zip(cells, Self.widths).enumerated().map { index, cell in
            let (text, width) = cell
            let space = String(repeating: " ", count: max(0, width - text.count))
            return index == 0 ? clipped(text, to: width) + space : " " + space + text
        }.joined()
    }

    private func clipped(_ text: String) -> String { clipped(text, to: 100) }

    private func clipped(_ text: String, to width: Int) -> String {
        let line = visibleLine(text)
        return line.count > width ? line.prefix(width - 1) + "…" : line
    }

    // MARK: Verdicts

    /// Whether something is saved at the large model's accuracy, and what.
    struct Verdict: Equatable {
        enum Decision: String {
            case yes
            case no
            case undecided
        }

        let decision: Decision
        let sentence: String
        /// About how many questions would decide it, where the sentence says that.
        var needed: Int?

        /// What "would do" means, where there is room to say it; nil where none of them says so.
        static func note(on verdicts: [Verdict]) -> String? {
            verdicts.contains { $0.needed != nil }
                ? "So many questions would decide with a chance of \(fixed(100 * EqualAccuracy.power, 0)) %."
                : nil
        }
    }

    /// One for each cost, or that there is nothing to route; empty where nothing is routed.
    var verdicts: [Verdict] {
        let all = equalities
        guard all.contains(where: { $0.kind != .small }) else { return [] }
        if let small = all.best(.small), small.accuracy.isShown {
            return [
                Verdict(
                    decision: .no,
                    sentence:
                        "The small model alone is \(word(small.accuracy)): there is nothing to route."
                )
            ]
        }
        return [
            verdict("bytes", of: "of the bytes", all) { $0.share(in: .bytes) },
            verdict(
                "seconds",
                of: data.latency == nil ? "of the seconds, batched" : "of the seconds alone", all,
                \.secondsShare),
            verdict("L passes", of: "of the L passes", all) { $0.share(in: .passes) },
        ]
    }

    /// The verdict that counts in a list of experiments: of what settings are chosen by, seconds at batch 1 where those were measured, else the first, which is
    /// of bytes.
    var deciding: Verdict? {
        let all = verdicts
        let isClocked = equalities.first?.mainCurrency.key == Currency.latency.key
        return isClocked && all.count > 1 ? all[1] : all.first
    }

    private func word(_ accuracy: EqualAccuracy) -> String {
        let questions = "n = \(accuracy.questions)"
        return accuracy.verdict == .better
            ? "better than the large one (\(questions))"
            : "as accurate as the large one (within \(margin), \(questions))"
    }

    private var margin: String { "\(fixed(100 * EqualAccuracy.margin, 0)) points" }

    /// What may be saved of a cost at the large model's accuracy.
    private func verdict(
        _ cost: String, of all: String, _ results: [EqualityResult],
        _ share: (EqualityResult) -> Double?
    ) -> Verdict {
        let contenders = results.filter { $0.kind != .small }
        // What was not measured decides nothing.
        guard contenders.contains(where: { share($0) != nil }) else {
            return Verdict(decision: .undecided, sentence: "\(cost): not measured")
        }
        let cheaper = contenders.filter { share($0) ?? 1 < 1 }
            .sorted { (share($0) ?? 1) < (share($1) ?? 1) }
        func saves(_ result: EqualityResult) -> String {
            "\(fixed(100 * (1 - (share(result) ?? 1)), 0)) % \(all)"
        }
        if let shown = cheaper.first(where: \.accuracy.isShown) {
            return Verdict(
                decision: .yes,
                sentence:
                    "saves \(saves(shown)) at equal accuracy (n = \(shown.accuracy.questions)): \(shown.cell.shortName)"
            )
        }
        for result in cheaper
        where result.accuracy.difference.estimate.value >= -EqualAccuracy.margin {
            guard case .undecided(let needed) = result.accuracy.verdict else { continue }
            let would = needed.map { " (about n = \($0) would do)" } ?? ""
            return Verdict(
                decision: .undecided,
                sentence:
                    "\(cost): undecided\(would); \(saves(result)) less: \(result.cell.shortName)",
                needed: needed)
        }
        if cheaper.contains(where: { $0.accuracy.verdict != .worse }) {
            return Verdict(
                decision: .undecided,
                sentence:
                    "\(cost): undecided; what is cheaper was further below, too few questions to say"
            )
        }
        if contenders.contains(where: { share($0) == nil && $0.accuracy.verdict != .worse }) {
            return Verdict(
                decision: .undecided,
                sentence: "\(cost): undecided; not measured of all settings")
        }
        return Verdict(
            decision: .no, sentence: "\(cost): no, nothing cheaper keeps the large model's accuracy"
        )
    }
}
