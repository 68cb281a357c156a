import Foundation
import ResultsStore
import Testing

@testable import Reporting

/// Joules are shown where they were measured, and nowhere else.
struct EnergyReportTests {
    @Test func measuredEnergyIsACurrency() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 36, joules: 2.5)
        let files = try report(synthetic).files(as: .csv)
        func table(_ name: String) throws -> [[String: String]] {
            let file = try #require(files.first { $0.name.hasSuffix("\(name).csv") })
            let rows = parseCSV(file.text)
            return rows.dropFirst().map { row in
                Dictionary(zip(rows[0], row)) { first, _ in first }
            }
        }
        let cells = try table("/cells")
        #expect(cells.allSatisfy { Double($0["joules_per_question"] ?? "") == 2.5 }, "\(cells)")
        #expect(try table("/methods").allSatisfy { $0["joules_per_question"] == "2.5" })
        #expect(try table("/curves").contains { $0["currency"] == "joules" })
        #expect(try table("/time").allSatisfy { Double($0["joules"] ?? "") ?? 0 > 0 })
    }

    @Test func whatIsNotMeasuredIsNoColumn() throws {
        let folder = try TemporaryFolder()
        let report = try report(Synthetic(folder: folder, questions: 24))
        for format in ReportFormat.allCases {
            let texts = report.files(as: format).map { $0.text.lowercased() }
            #expect(!texts.contains { $0.contains("joule") }, "\(format)")
        }
    }

    private func report(_ synthetic: Synthetic) throws -> Report {
        try Report(synthetic.reader, experiment: Synthetic.experimentName, resamples: 20)
    }

    @Test func eachCurrencyIsOneEntry() {
        #expect(Set(Currency.all.map(\.key)).count == Currency.all.count)
        #expect(Currency.shown(in: .pairs).allSatisfy { $0.basis == .counted })
        #expect(
            Currency.all.filter { $0.basis == .measured }.map(\.key)
                == ["seconds", "latency", "joules"])
    }
}
