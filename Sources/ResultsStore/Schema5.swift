/// The fifth version: what a threshold was asked for.
enum Schema5 {
    /// A cell's `asked` is the share of decisions that were asked to be calls, 0...1: the ratio of a draw, or what a quantile of the calibration's scores leaves
    /// on the side that calls; NULL where nobody said how many, and of older cells until their sweep runs again.
    static let columns = "ALTER TABLE cell ADD COLUMN asked REAL;"

    /// `curve` with `asked`, the rest as in the fourth version.
    static let curve = Schema4.curve.replacing(
        "    cell.keep AS keep\n", with: "    cell.keep AS keep,\n    cell.asked AS asked\n")
}
