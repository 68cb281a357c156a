import Statistics

extension Results {
    /// What the whole curve of each method with settings is worth, in every currency of cost; nil where there is none.
    var curveTable: Table? {
        guard !curves.isEmpty else { return nil }
        let over = data.methods.first { $0.hasSettings && $0.isBaseline }?.name ?? "the line"
        let costs = CurveResult.shares.enumerated().map { index, share in
            let percent = fixed(100 * share, 0)
            return ResultColumn<CurveResult>.estimate("CPT \(percent) %", "cpt_\(percent)") {
                $0.cost(index)
            }
        }
        return Table(
            name: "curves", title: "\(experiment): whole curves",
            columns: [
                .text("Policy", "policy") { $0.method },
                .text("Cost", "currency") { $0.currency.title },
                .count("Settings", "settings") { $0.settings }, .count("n", "n") { $0.n },
                .estimate("APGR [95 %]", "apgr", decimals: 3) { $0.area },
                .estimate(
                    "Over \(over) [95 %]", "apgr_gain", decimals: 3,
                    mark: { $0.gain.mark(questions: $0.n, onlyAbove: true) }, \.gain),
            ] + costs,
            results: curves,
            notes: [
                "APGR: the mean share of the gap between slm and llm that is recovered, over calls or passes "
                    + "from the slm's to the llm's; 0.5 is the straight line. In other costs there is no area: a "
                    + "method with no setting cheaper than the llm would get the line for nothing. CPT x: the least cost "
                    + "between the method's measured settings that recovers x, in the cost's unit. Intervals by paired bootstrap over "
                    + "questions; \"in 80 %\": in the other resamples it was not reached. "
                    + "Bold: significantly above \(over) (\(markNote)).",
                "Left out where the llm is not significantly better than the slm.",
            ])
    }
}

extension CurveResult {
    /// The least cost of one of the shares, in the currency's unit.
    fileprivate func cost(_ index: Int) -> Entry.Value? {
        guard hasGap else { return nil }
        guard let cost = costs[index] else { return .remark("not reached") }
        return .estimate(cost, unit: currency.scale, decimals: currency.decimals)
    }
}
