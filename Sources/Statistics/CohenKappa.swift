/// Cohen's kappa: how far two labellings agree beyond chance (Cohen 1960).
///
/// docs/method.md, 1.5, asks for it between shortcut labels and rollout labels.
package enum CohenKappa {
    /// 1 for full agreement, 0 for that of chance, negative below it.
    ///
    /// Nil for no items, and where both give one and the same label to all, so that chance alone
    /// agrees fully.
    package static func value<Label: Hashable>(_ first: [Label], _ second: [Label]) -> Double? {
        precondition(first.count == second.count, "both must label the same items")
        guard !first.isEmpty else { return nil }
        let count = Double(first.count)
        let observed = Double(zip(first, second).count { $0 == $1 }) / count
        let shares: ([Label]) -> [Label: Double] = { labels in
            labels.reduce(into: [:]) { $0[$1, default: 0] += 1 / count }
        }
        let secondShares = shares(second)
        if secondShares.count == 1, Set(first) == Set(second) { return nil }
        // Summed in the items' order, not the dictionary's, which changes from run to run.
        let expected = first.reduce(0) { $0 + (secondShares[$1] ?? 0) / count }
        return (observed - expected) / (1 - expected)
    }
}
