import Foundation
import ResultsStore
import Statistics
import Testing

@testable import Reporting

/// How good routers and labels are, as reports say it.
struct LabelTableTests {
    /// Every cell by itself: each one's seconds as a share of the large model's, which is 1 of its own.
    @Test func latenciesAreShares() throws {
        let folder = try TemporaryFolder()
        let data = try ReportData(
            Synthetic(folder: folder, questions: 30).reader, experiment: Synthetic.experimentName)
        #expect(data.latency?.batch == 1...1)
        let results = Results(data, Bootstrap(resamples: 50))
        let table = try #require(
            results.latencyTable)
        #expect(table.title.hasSuffix("seconds at batch 1"))
        let own = try #require(table.values.first { $0[0] == .text("llm") })
        #expect(own[6] == .estimate(1, low: 1, high: 1, decimals: 2, defined: 1))
        // Nothing was drafted.
        #expect(table.values.allSatisfy { $0[7] == .missing })
        let finding = try #require(results.finding)
        #expect(finding.contains("Of the large model's time at batch 1"))
    }

    /// Asked for by name, seconds that are none are an error; of one's own database they are left out.
    @Test func sharedWorkHasNoLatencies() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("fused.sqlite")
        let store = try ResultsStore(path: path)
        _ = try store.register(ExperimentRecord(name: "fused", question: "q", spec: "s", seed: 0))
        try store.close()
        let reader = try ResultsReader(path: path)
        #expect(try ReportData(reader, experiment: "fused").latency == nil)
        #expect(throws: StoreError.sharedWork(path: path)) {
            try ReportData(reader, experiment: "fused", latency: reader)
        }
    }

    /// 40 positions were rolled out twice, every fifth of which L should write; of those, every fifth again was taken for S by the shortcut.
    @Test func labelsAreMeasured() throws {
        let folder = try TemporaryFolder()
        let data = try ReportData(
            Synthetic(folder: folder, questions: 4).reader, experiment: Synthetic.experimentName)
        let results = Results(data, Bootstrap(resamples: 100))
        let quality = try #require(results.routerTable?.values.first)
        #expect(
            Array(quality[0..<5]) == [
                .text("sums-citer"), .text("citer"), .count(6), .count(60), .percent(0.2),
            ])
        guard case .estimate(let area, _, _, _, _) = quality[5] else {
            Issue.record("no area: \(quality)")
            return
        }
        // Scores of wanted tokens are 0.2 to 0.75 and those of others 0.84 to 0.9.
        #expect(area == 1)
        let fidelity = try #require(results.fidelityTable?.values)
        #expect(fidelity.map { $0[1] } == [.text("1 and 2"), .text("1"), .text("2")])
        #expect(fidelity.map { $0[2] } == [.count(40), .count(34), .count(6)])
        func value(_ row: Int, _ column: Int) -> Double? {
            guard case .estimate(let value, _, _, _, _) = fidelity[row][column] else {
                return nil
            }
            return value
        }
        #expect(value(0, 4) == 95)
        #expect(abs((value(0, 6) ?? 0) - 100 * 2 / 34.0) < 1e-9)
        #expect(value(0, 7) == 0)
        #expect(fidelity[0][8] == .percent(0.8))
    }

    /// A report's data with these labels in place of its router's.
    private func data(
        with labels: [RouterLabelRecord], in folder: TemporaryFolder
    ) throws -> (data: ReportData, reader: ResultsReader) {
        let path = try Synthetic(folder: folder, questions: 4).path
        let store = try ResultsStore(path: path)
        let router = try store.register(
            RouterRecord(name: "sums-citer", kind: "citer", sha256: "r"))
        try store.record(labels, of: router)
        try store.close()
        let reader = try ResultsReader(path: path)
        return (try ReportData(reader, experiment: Synthetic.experimentName), reader)
    }

    /// Sixty labels of six questions, some of which stand for four tokens and one for two and a half; or for each as many labels as it stands for, in half tokens.
    private func labels(areRepeated: Bool) -> [RouterLabelRecord] {
        (0..<60).flatMap { number -> [RouterLabelRecord] in
            let wanted = number % 7 == 0 || number % 5 == 3
            let halves = number == 14 ? 5 : number % 3 == 0 ? 8 : 2
            return (0..<(areRepeated ? halves : 1)).map { copy in
                RouterLabelRecord(
                    question: "\(number / 10)", position: number % 10 + 10 * copy,
                    shortcut: number % 4 == 0 ? 2 : 1, label: wanted ? 0 : 1,
                    weight: areRepeated ? 1 : Double(halves) / 2,
                    score: Double((number * 37) % 60) / 60, isHeldOut: true,
                    slmRight: number % 2 == 0, llmRight: number % 3 != 1)
            }
        }
    }

    /// A label that was drawn among four says what four labels say: in the table of routers, in that of labels and in the curve.
    @Test func drawnLabelsCountAsWhatTheyStandFor() throws {
        let (weighted, repeated) = (try TemporaryFolder(), try TemporaryFolder())
        let bootstrap = Bootstrap(resamples: 100)
        let few = try data(with: labels(areRepeated: false), in: weighted)
        let many = try data(with: labels(areRepeated: true), in: repeated)
        let one = try #require(RouterQuality.all(few.data, bootstrap).first)
        let other = try #require(RouterQuality.all(many.data, bootstrap).first)
        #expect(one.labels == 60 && other.labels > 200)
        #expect(abs(one.forLarge - other.forLarge) < 1e-12)
        let areas = (try #require(one.area), try #require(other.area))
        #expect(abs(areas.0.value - areas.1.value) < 1e-12)
        #expect(abs(areas.0.interval.low - areas.1.interval.low) < 1e-12)
        let errors = (try #require(one.calibrationError), try #require(other.calibrationError))
        #expect(abs(errors.0 - errors.1) < 1e-12)
        let pairs = zip(
            LabelAgreement.all(few.data, bootstrap), LabelAgreement.all(many.data, bootstrap))
        #expect(Array(pairs).count == 3)
        for (one, other) in pairs {
            for figure in [
                \LabelAgreement.agreement, \.kappa, \.falseSmall, \.falseLarge,
            ] {
                let values = (one[keyPath: figure]?.value, other[keyPath: figure]?.value)
                #expect((values.0 == nil) == (values.1 == nil))
                #expect(abs((values.0 ?? 0) - (values.1 ?? 0)) < 1e-12)
            }
            let same = (try #require(one.sameOutcome), try #require(other.sameOutcome))
            #expect(abs(same.0 - same.1) < 1e-12)
        }
        let curves = (try figure("roc", few.reader), try figure("roc", many.reader))
        #expect(curves.0.count > 10 && curves.0.count == curves.1.count)
        for (one, other) in zip(curves.0, curves.1) {
            #expect(abs(one.x - other.x) < 1e-9 && abs(one.y - other.y) < 1e-9)
        }
    }

    /// Ten pairs of labels, next to each other in score: the lower one is 1 and stands for three tokens, the upper one 0 and for one.
    @Test func tenthsAreMeansOfTokens() throws {
        let folder = try TemporaryFolder()
        let labels = (0..<20).map { number -> RouterLabelRecord in
            let isLower = number % 2 == 0
            let score = 0.05 + 0.09 * Double(number / 2)
            return RouterLabelRecord(
                question: "\(number)", position: 0, shortcut: 1, label: isLower ? 1 : 0,
                weight: isLower ? 3 : 1, score: isLower ? score : score + 0.01, isHeldOut: true)
        }
        let points = try figure("reliability", data(with: labels, in: folder).reader)
        #expect(points.count == 10)
        for (number, point) in points.enumerated() {
            let mean = 5.25 + 9 * Double(number)
            #expect(abs(point.x - mean) < 1e-9)
            #expect(abs(point.y - 75) < 1e-9)
        }
    }

    /// A weight that no training writes is left out, not counted with.
    @Test func impossibleWeightsAreLeftOut() throws {
        let folder = try TemporaryFolder()
        var labels = labels(areRepeated: false)
        for (place, weight) in [(0, 0.0), (11, -2), (22, Double.infinity)] {
            labels[place].weight = weight
        }
        let (data, reader) = try data(with: labels, in: folder)
        let quality = try #require(RouterQuality.all(data, Bootstrap(resamples: 20)).first)
        #expect(quality.labels == 57 && (0...1).contains(quality.forLarge))
        #expect(LabelAgreement.all(data, Bootstrap(resamples: 20)).first?.positions == 57)
        for name in ["roc", "reliability"] {
            let points = try figure(name, reader)
            #expect(!points.isEmpty)
            #expect(points.allSatisfy { (0...100).contains($0.x) && (0...100).contains($0.y) })
        }
    }

    /// The points of one of analysis/figures.
    private func figure(
        _ name: String, _ reader: ResultsReader
    ) throws -> [(x: Double, y: Double)] {
        let path = AnalysisTests.folder.path + "/figures/\(name).sql"
        let result = try reader.query(
            String(contentsOfFile: path, encoding: .utf8),
            parameters: ["experiment": .text(Synthetic.experimentName), "routers": .null])
        let (x, y) = (
            try #require(result.columns.firstIndex(of: "x")),
            try #require(result.columns.firstIndex(of: "y"))
        )
        func number(_ value: QueryValue) -> Double {
            switch value {
            case .real(let number): number
            case .integer(let number): Double(number)
            default: .nan
            }
        }
        return result.rows.map { (number($0[x]), number($0[y])) }
    }
}
