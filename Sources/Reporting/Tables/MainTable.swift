import ResultsStore
import Routing
import Statistics

extension Results {
    /// The table that one reads: each cell's accuracy, and its costs as shares of the large model's. At most 100 columns of text.
    var mainTable: Table {
        let large = data.single(.llm)
        func share(_ cell: CellResult, in currency: Currency) -> Double? {
            guard let whole = large.flatMap({ data.curve[$0.id] }).flatMap(currency.mean),
                whole > 0
            else { return nil }
            return currency.mean(cell.curve).map { $0 / whole }
        }
        func alone(_ cell: CellResult) -> Double? {
            guard let latency = data.latency, let whole = large.flatMap(latency.seconds(of:)),
                whole > 0
            else { return nil }
            return latency.seconds(of: cell.cell).map { $0 / whole }
        }
        // Most experiments have none.
        let marks: [ResultColumn<CellResult>] =
            data.remoteNote == nil
            ? [] : [.hidden("remote") { data.isRemote($0.cell) ? "yes" : "no" }]
        return Table(
            name: Self.mainName, title: "\(experiment): accuracy, and costs in % of the llm's",
            columns: marks + [
                .hidden("cell") { $0.cell.record.key },
                .hidden("policy") { $0.cell.method },
                .hidden("setting") { $0.cell.record.setting },
                .hiddenNumber("asked") { $0.cell.record.asked },
                .text("Policy", "name") {
                    clipped(
                        $0.cell.shortPolicy, mark: data.isRemote($0.cell) ? " \(remoteMark)" : "")
                },
                .text("Target", "target") { $0.cell.target },
                .percentInterval("Accuracy [95 %]", "accuracy", \.accuracy),
                .number("Score", "score", decimals: 3) { $0.curve.score },
                .share("Passes", "llm_passes_of_llm") { share($0, in: .passes) },
                .share("Own", "call_ratio") { $0.curve.callRatio },
                .share("Alone", "latency_of_llm", alone),
                .share("Bytes", "bytes_of_llm") { share($0, in: .bytes) },
            ] as [ResultColumn<CellResult>],
            results: cells,
            notes: [mainNote] + [data.remoteNote].compactMap(\.self) + data.footer)
    }

    /// The name by which it is asked for.
    static let mainName = "main"

    private var mainNote: String {
        let counts = Set(cells.map(\.curve.n)).sorted()
        let n =
            switch (counts.first, counts.last) {
            case (let low?, let high?) where low == high: "n = \(low). "
            case (let low?, let high?):
                "n = \(low) to \(high), so rows are not comparable until all are finished. "
            default: ""
            }
        return n
            + "Target: the share of calls that was asked for, of calibration questions; else the threshold. Passes of the llm that had to wait for one another; "
            + "own: tokens that the llm wrote, of all"
            + (data.latency == nil
                ? "; bytes moved at batch 1."
                : "; alone: seconds at batch 1; bytes moved at batch 1.")
            + " Accuracy with Wilson's interval."
    }

    /// As much as fits beside the figures.
    private func clipped(_ name: String, mark: String) -> String {
        let room = Self.mainNameWidth - mark.count
        return (name.count > room ? name.prefix(room - 1) + "…" : name) + mark
    }

    private static let mainNameWidth = 34
}

extension ResultColumn {
    /// A number for programs only.
    fileprivate static func hiddenNumber(
        _ key: String, _ number: @escaping (Result) -> Double?
    ) -> Self {
        Self(head: Column(title: nil, keys: [key], isNumeric: true)) {
            Entry(value: number($0).map { .percent($0) } ?? .missing)
        }
    }

    /// A share of one in whole percent.
    fileprivate static func share(
        _ title: String, _ key: String, _ share: @escaping (Result) -> Double?
    ) -> Self {
        value(title, key) { share($0).map { .percent($0, decimals: 0) } }
    }
}
