import ResultsStore

/// The router's time in a step of the small model, of a cell that ran by itself.
struct RouterTime {
    let cell: CellRow
    /// Of the small model's time a token.
    let share: Double

    /// Of the cells with a router whose phases were timed at batch 1.
    static func all(_ data: ReportData) -> [RouterTime] {
        data.cells.compactMap { cell in
            let own = data.timings.filter { $0.cell == cell.id && $0.record.batch == 1 }
                .map(\.record)
            func perToken(_ phase: Phase) -> Double? {
                let rows = own.filter { $0.phase == phase }
                let tokens = rows.reduce(0) { $0 + $1.tokens }
                return tokens > 0 ? rows.reduce(0) { $0 + $1.seconds } / Double(tokens) : nil
            }
            guard cell.router != nil, let router = perToken(.router), let step = perToken(.slmStep),
                step > 0
            else { return nil }
            return RouterTime(cell: cell, share: router / step)
        }
    }
}
