import ResultsStore
import Statistics

/// All that a report says, in figures, each computed once; its tables and its sentences are made from these.
struct Results {
    let data: ReportData
    let equalities: [EqualityResult]
    let frontier: [FrontierResult]
    let gap: GapResult?
    let ablations: [AblationResult]
    let cut: CutAnswers
    let cells: [CellResult]
    let methods: [MethodResult]
    let curves: [CurveResult]
    let pairs: [PairResult]
    let differences: [DifferenceResult]
    let groups: GroupResults
    let drafts: [DraftResult]
    let latencies: [LatencyResult]
    let times: [TimeResult]
    let routerTimes: [RouterTime]
    let routers: [RouterQuality]
    let agreements: [LabelAgreement]
    let judges: [JudgeResult]
    let breakEven: [BreakEven]

    /// O(resamples x questions x cells).
    init(_ data: ReportData, _ bootstrap: Bootstrap) {
        self.data = data
        equalities = EqualityResult.all(data, bootstrap)
        frontier = FrontierResult.all(data, equalities)
        gap = GapResult(data, bootstrap)
        ablations = AblationResult.all(data, bootstrap)
        cut = CutAnswers(data)
        differences = DifferenceResult.all(data, bootstrap)
        cells = CellResult.all(data, differences: differences)
        methods = MethodResult.all(data, bootstrap)
        curves = CurveResult.all(data, bootstrap)
        pairs = PairResult.all(data, bootstrap)
        groups = GroupResults(data, bootstrap)
        drafts = DraftResult.all(data)
        latencies = LatencyResult.all(data, bootstrap)
        times = TimeResult.all(data)
        routerTimes = RouterTime.all(data)
        routers = RouterQuality.all(data, bootstrap)
        agreements = LabelAgreement.all(data, bootstrap)
        judges = JudgeResult.all(data)
        breakEven = BreakEven.all(data)
    }

    /// The experiment's name, which heads every table.
    var experiment: String { data.experiment.record.name }

    /// The tables of a report in their order, the main one first; those that say nothing are left out.
    var tables: [Table] {
        [
            mainTable, cellTable, frontierTable, methodTable, curveTable, pairTable,
            differenceTable, groupTable,
            draftTable,
            latencyTable, timeTable, trainingTable, routerTable, judgeTable, fidelityTable,
            breakEvenTable,
        ].compactMap(\.self)
    }

    /// What must be known before a figure is believed.
    var warnings: [String] { [cut.warning, groups.refusal?.description].compactMap(\.self) }
}
