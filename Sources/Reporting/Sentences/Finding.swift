import Statistics

extension Results {
    /// The answer to an experiment's question, in words and computed: what there is to gain, which method gains most of it, and what the large
    /// model's accuracy costs (docs/method.md, section 4); then what else there is to say.
    ///
    /// Whatever the interval does not decide is called undecided. Nil where a single model or every method with settings is missing.
    var finding: String? {
        guard let gap else { return nil }
        let cut =
            "Of all answers \(percentText(cut.shareOfAll ?? 0)) were cut at the limit of \(cut.limitText)."
        return ([gapSentence(gap)] + routingSentences(gap) + [cut] + details)
            .joined(separator: " ")
    }

    private func gapSentence(_ gap: GapResult) -> String {
        let start =
            "On \(gap.n) questions the small model scores \(percentText(gap.small)) and the large one "
            + "\(percentText(gap.large)), a difference of \(pointsText(gap.difference.estimate))"
        guard case .noGap = gap.routing else { return start + "." }
        return start
            + ": undecided at this n, so there is no gap that routing could be seen to close."
    }

    private func routingSentences(_ gap: GapResult) -> [String] {
        switch gap.routing {
        case .noGap: []
        case .tooFew: ["Fewer than \(PairedDifference.leastQuestions) questions rank no methods."]
        case .ranked(let best, let cheapest):
            [best.map(bestSentence), cheapestSentence(cheapest)].compactMap(\.self)
        }
    }

    private func bestSentence(_ best: GapResult.BestCurve) -> String {
        let line = best.hasBaseline ? "random calls" : "the straight line"
        let gain = intervalText(best.gain, decimals: 2)
        let verdict =
            best.gain.interval.low > 0
            ? "above \(line) by \(gain)" : "which is not decidedly above \(line) (\(gain))"
        return
            "The best of \(best.methods) methods over its whole curve is "
            + "\(best.method), which recovers \(intervalText(best.area, scale: 100, decimals: 0)) % of the gap on "
            + "average over call ratios, \(verdict)."
    }

    private func cheapestSentence(_ cheapest: GapResult.CheapestSetting?) -> String {
        guard let cheapest else { return "None reaches the large model's score." }
        return "The fewest calls with the large model's score, seen on these very questions, are "
            + "\(percentText(cheapest.callRatio)) of the tokens (\(cheapest.method))."
    }
}
