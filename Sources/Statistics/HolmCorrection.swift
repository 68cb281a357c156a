/// Holm's step-down correction for several comparisons at once: the chance of one false mark or more among all of them stays below the level.
///
/// Source: Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6, 1979 (docs/method.md, section 4).
package enum HolmCorrection {
    /// Adjusted p-values, in the order given: a comparison is significant at a level if its adjusted p-value is below it. O(n log n).
    package static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        // Equal p-values come out equal, since the largest so far is kept.
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        for (rank, place) in order.enumerated() {
            largest = max(largest, min(1, pValues[place] * Double(pValues.count - rank)))
            adjusted[place] = largest
        }
        return adjusted
    }
}
