import Foundation
import GRDB
import Testing

@testable import ResultsStore

/// A packed database and the live one that it came from: what packing leaves out is no conflict, whatever is merged into what.
struct PackedMergeTests {
    private static let environment = [
        "CITER_DATA": "/home/someone/data", "fused": "no", "isa": "avx2/fma",
        "models": "/home/someone/a \"model\"", "note": "\u{FC}\n\\",
    ]

    @Test(arguments: [
        ["live", "packed"], ["packed", "live"], ["empty", "packed", "live"],
        ["empty", "live", "packed"], ["empty", "packed", "live", "packed", "live"],
        ["packed", "again", "live"], ["again", "live", "packed"],
    ])
    func theFullerStays(order: [String]) throws {
        let folder = try TemporaryFolder()
        var files = try files(in: folder)
        #expect(
            try environments(files["packed"])
                == [["fused": "no", "isa": "avx2/fma", "note": "\u{FC}\n\\"]])
        files["empty"] = folder.file("empty.sqlite")
        files["again"] = try repacked(try #require(files["packed"]), in: folder)
        let target = try #require(files[order[0]])
        do {
            let store = try ResultsStore(path: target)
            for name in order.dropFirst() {
                let source = try #require(files[name])
                #expect(try store.merge(from: source).differences == [])
            }
            try store.close()
        }
        #expect(try environments(target) == [Self.environment])
        // And a text equal to the live one's, so that the rows are, too.
        #expect(try texts(target) == texts(files["live"]))
    }

    /// Packed ones alone stay without places.
    @Test func packedOnesStayPacked() throws {
        let folder = try TemporaryFolder()
        let packed = try #require(try files(in: folder)["packed"])
        let again = try repacked(packed, in: folder)
        let before = try texts(packed)
        let store = try ResultsStore(path: packed)
        _ = try store.merge(from: again)
        try store.close()
        #expect(try texts(packed) == before)
    }

    /// Whatever packing does not do is a conflict, in both directions, and nothing is stored.
    @Test(arguments: [
        "json_set(environment, '$.fused', 'yes')", "json_set(environment, '$.more', 'text')",
        "json_remove(environment, '$.fused')", "json_set(environment, '$.CITER_DATA', '/other')",
        "'{}'", "'no JSON'",
    ])
    func otherDifferencesAreConflicts(change: String) throws {
        let folder = try TemporaryFolder()
        let files = try files(in: folder)
        let (live, packed) = (try #require(files["live"]), try #require(files["packed"]))
        do {
            let store = try ResultsStore(path: packed)
            try store.transaction {
                try $0.execute(
                    sql: "UPDATE attempt SET environment = \(change) WHERE environment <> '{}'")
            }
            try store.close()
        }
        let before = (try texts(live), try texts(packed))
        for (target, source) in [(live, packed), (packed, live)] {
            let store = try ResultsStore(path: target)
            do throws(StoreError) {
                _ = try store.merge(from: source)
                Issue.record("\(change) was merged")
            } catch {
                guard case .conflicts(_, 1, let rows) = error else { throw error }
                #expect(rows.map(\.table) == ["attempt"])
                #expect(rows.map(\.columns) == [["environment"]])
            }
            try store.close()
        }
        #expect(try texts(live) == before.0)
        #expect(try texts(packed) == before.1)
    }

    /// A live database and one unpacked from its packed form.
    private func files(in folder: borrowing TemporaryFolder) throws -> [String: String] {
        let live = folder.file("live.sqlite")
        let fixture = try Fixture(path: live)
        try fixture.save("1")
        let attempt = try fixture.store.beginAttempt(
            AttemptRecord(
                experiment: fixture.experiment, programVersion: "1.0", host: "here", cpu: "some",
                threads: 2, command: "citer sweep", environment: Self.environment))
        try fixture.store.endAttempt(attempt, .finished)
        try fixture.store.close()
        return ["live": live, "packed": try repacked(live, in: folder)]
    }

    private func repacked(
        _ database: String, in folder: borrowing TemporaryFolder
    ) throws -> String {
        let name = folder.file("\(UUID().uuidString).sqlite")
        let packed = PackedDatabase(of: database).with(path: name + ".zst", database: nil)
        try packed.pack()
        try packed.with(database: name).unpack()
        return name
    }

    /// Of the attempts that name one.
    private func environments(_ path: String?) throws -> [[String: String]] {
        try ResultsReader(path: try #require(path)).attempts().map(\.record.environment)
            .filter { !$0.isEmpty }
    }

    private func texts(_ path: String?) throws -> [String] {
        try ResultsReader(path: try #require(path)).rows(
            "SELECT uid || environment AS text FROM attempt ORDER BY uid"
        ) { $0["text"] as String }
    }
}
