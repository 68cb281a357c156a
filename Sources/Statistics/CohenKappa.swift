/// Cohen's kappa: how far two labellings agree beyond chance (Cohen 1960).
///
/// docs/method.md, 1.5, asks for it between shortcut labels and rollout labels.
package enum CohenKappa {
    /// 1 for full agreement, 0 for that of chance, negative below it.
    ///
    /// Nil for no items or none that weighs anything, and where both give one and the same label to all, so that chance alone
    /// agrees fully.
    /// - Parameter weights: how many items each one stands for, finite and not negative; nil: itself.
    package static func value<Label: Hashable>(
        _ first: [Label], _ second: [Label], weights: [Double]? = nil
    ) -> Double? {
        precondition(first.count == second.count, "both must label the same items")
        let weights = weights ?? [Double](repeating: 1, count: first.count)
        precondition(weights.count == first.count, "each item needs a weight")
        precondition(
            weights.allSatisfy { $0 >= 0 && $0.isFinite }, "weights are finite, and not negative")
        let count = weights.reduce(0, +)
        guard count > 0 else { return nil }
        let items = first.indices.filter { weights[$0] > 0 }
        let observed = items.reduce(0) { $0 + (first[$1] == second[$1] ? weights[$1] : 0) } / count
        let secondShares = items.reduce(into: [:] as [Label: Double]) {
            $0[second[$1], default: 0] += weights[$1] / count
        }
        if secondShares.count == 1, Set(items.map { first[$0] }) == Set(secondShares.keys) {
            return nil
        }
        // Summed in the items' order, not the dictionary's, which changes from run to run.
        let expected = items.reduce(0) {
            $0 + (secondShares[first[$1]] ?? 0) * weights[$1] / count
        }
        return (observed - expected) / (1 - expected)
    }
}
