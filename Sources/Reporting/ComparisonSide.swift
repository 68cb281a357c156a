package import ResultsStore

/// One side of a comparison: a cell of an experiment in a database.
package struct ComparisonSide {
    let reader: ResultsReader
    let experiment: String
    let cell: CellRow

    /// The cell that `cell` means in the experiment named `experiment`; throws `.notFound`.
    package init(
        _ reader: ResultsReader, experiment: String, cell: String, configuration: String? = nil
    ) throws(StoreError) {
        let found = try reader.experiment(named: experiment)
        self.reader = reader
        self.experiment = found.record.name
        self.cell = try reader.cell(named: cell, in: found.id, configuration: configuration)
    }
}
