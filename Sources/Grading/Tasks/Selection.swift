import Hashing

/// Which rows of a data set a run asks: all, the first n, or a seeded sample of n.
///
/// Samples are nested: those of a smaller limit begin those of a larger one with the same seed, so
/// a run can grow without repeating work. The order depends on nothing but seed and row number.
package struct Selection: Equatable, Sendable {
    /// The greatest number of rows; nil for all.
    package let limit: Int?
    /// The seed of a sample; nil for the file's own order.
    package let seed: UInt64?

    /// The first `limit` rows, or with a seed a sample of that many. A negative limit means none.
    package init(limit: Int? = nil, seed: UInt64? = nil) {
        self.limit = limit
        self.seed = seed
    }

    /// The row numbers chosen of `count` rows, in the order they are to be asked.
    /// O(count log count).
    package func indices(of count: Int) -> [Int] {
        let wanted = max(0, min(limit ?? count, count))
        guard let seed else { return Array(0..<wanted) }
        let order = (0..<count)
            .map { (key: SplitMix64.mixed(seed: seed, counter: UInt64($0)), row: $0) }
            .sorted { ($0.key, $0.row) < ($1.key, $1.row) }
        return order.prefix(wanted).map(\.row)
    }

    /// The rows chosen, in the order they are to be asked.
    package func rows<Row>(of rows: [Row]) -> [Row] {
        indices(of: rows.count).map { rows[$0] }
    }
}
