import Foundation
import GRDB
import Testing

@testable import ResultsStore

struct ColumnTests {
    /// A column that a list forgets would be lost in every merge.
    @Test func listsNameEveryColumn() throws {
        let folder = try TemporaryFolder()
        let store = try ResultsStore(path: folder.file())
        let layouts: [TableLayout] = [
            ExperimentRecord.table.layout, VocabularyRecord.table.layout,
            StoredPiece.table.layout, ModelRecord.table.layout, RouterRecord.table.layout,
            DatasetRecord.table.layout, StoredQuestion.table.layout, CellRecord.table.layout,
            AttemptRow.table.layout, StoredSample.table.layout, StoredDecision.table.layout,
            TrainingRow.table.layout, StoredLabel.table.layout, TimingRow.table.layout,
            StoredProbe.table.layout, TrafficRow.table.layout,
        ]
        try store.reader.read { db in
            let tables = try String.fetchSet(
                db,
                sql: """
                    SELECT name FROM sqlite_schema
                    WHERE type = 'table' AND name <> 'grdb_migrations'
                    """)
            #expect(tables == Set(layouts.map(\.name)))
            for layout in layouts {
                let stored = try db.columns(in: layout.name)
                #expect(
                    Set(stored.map(\.name)).subtracting(["id"]) == Set(layout.columns.map(\.name)),
                    "\(layout.name)")
                for column in stored where column.name != "id" {
                    let listed = layout.columns.first { $0.name == column.name }
                    #expect(
                        listed?.isText == (column.type == "TEXT"), "\(layout.name) \(column.name)")
                }
                let references = try db.foreignKeys(on: layout.name)
                for column in layout.columns {
                    let target = references.first {
                        $0.mapping.map(\.origin) == [column.name]
                    }?.destinationTable
                    #expect(column.table == target, "\(layout.name) \(column.name)")
                }
            }
        }
    }

    @Test func aValueOfAnotherTypeIsRefusedByName() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.save("1")
        try fixture.store.transaction { db in
            try db.execute(sql: "UPDATE sample SET prompt_tokens = NULL")
        }
        let error = #expect(throws: StoreError.self) {
            try fixture.store.reader.samples(of: fixture.cell)
        }
        #expect("\(error as Any)".contains("sample.prompt_tokens"))
    }

    @Test func energyIsStoredOrUnknown() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        var measured = sample("1")
        measured.usage.joules = 2.5
        let saved = [measured, sample("2")]
        for sample in saved {
            try fixture.store.save(sample, in: fixture.cell, by: fixture.attempt)
        }
        let reader = fixture.store.reader
        #expect(try reader.samples(of: fixture.cell).map(\.sample?.usage.joules) == [2.5, nil])
        #expect(try reader.outcomes(of: fixture.cell).map(\.joules) == [2.5, nil])
        #expect(try reader.curve(of: fixture.experiment).map(\.joulesMean) == [2.5])
        func timing(_ phase: Phase, _ joules: Double?) -> TimingRecord {
            TimingRecord(phase: phase, seconds: 1, passes: 1, tokens: 1, joules: joules)
        }
        try fixture.store.record(
            [
                timing(.slmStep, 1), timing(.slmStep, 2), timing(.llmStep, 1),
                timing(.llmStep, nil), timing(.router, nil), timing(.router, 1),
            ], by: fixture.attempt)
        let sums = try reader.timings().map { ($0.record.phase, $0.record.joules) }
        #expect(sums.first { $0.0 == .slmStep }?.1 == 3)
        // A sum of which a part is unknown is unknown.
        #expect(sums.filter { $0.0 != .slmStep }.allSatisfy { $0.1 == nil } && sums.count == 3)
    }
}
