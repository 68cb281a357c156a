import Foundation
import TestSupport
import Testing

@testable import ResultsStore

struct ResultsFolderTests {
    private func make(_ files: [String], in root: String) throws {
        for file in files {
            let url = URL(fileURLWithPath: "\(root)/\(file)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data().write(to: url)
        }
    }

    /// Databases live and packed and pages are experiments; labels, shards, other folders and logs are not.
    @Test func whatIsAnExperiment() throws {
        try withTemporaryDirectory { root in
            try make(
                [
                    "live.sqlite", "live.sqlite-wal", "packed/answers.sqlite.zst",
                    "page/README.md", "labels.sqlite", "live.shard-1-of-2.sqlite",
                    "site/index.html", "README.md", "-x.sqlite", "live.sqlite.lock",
                ], in: root)
            let folder = ResultsFolder(root)
            #expect(folder.experiments == ["live", "packed", "page"])
            #expect(folder.page(of: "page") == "\(root)/page/README.md")
            #expect(folder.page(of: "live") == nil)
            #expect(ResultsFolder(root + "/none").experiments == [])
        }
    }

    @Test func thePackedDatabaseIsReadElsewhere() throws {
        try withTemporaryDirectory { root in
            let folder = ResultsFolder(root + "/results")
            let live = folder.database(of: "a")
            #expect(try folder.reader(of: "a", scratch: root) == nil)
            let store = try ResultsStore(path: live)
            _ = try store.register(ExperimentRecord(name: "a", spec: ""))
            try store.close()
            #expect(try folder.reader(of: "a", scratch: root)?.experiments().count == 1)
            try FileManager.default.createDirectory(
                atPath: root + "/results/a", withIntermediateDirectories: true)
            try PackedDatabase(of: live).pack()
            for name in ["", "-wal", "-shm", ".lock"] {
                try? FileManager.default.removeItem(atPath: live + name)
            }
            #expect(folder.experiments == ["a"])
            #expect(try folder.reader(of: "a", scratch: root)?.experiments().count == 1)
            #expect(!FileManager.default.fileExists(atPath: live))
            #expect(FileManager.default.fileExists(atPath: root + "/a.sqlite"))
        }
    }
}
