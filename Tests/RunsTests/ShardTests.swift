import Foundation
import Grading
import Hashing
import ResultsStore
import SweepSupport
import Testing

@testable import Runs

struct ShardTests {
    static func questions(_ lengths: [Int]) -> [Grading.Question] {
        lengths.enumerated().map { index, length in
            Question(
                id: "\(index)", user: String(repeating: "x", count: length), gold: "1")
        }
    }

    static func random(_ count: Int, seed: UInt64) -> [Grading.Question] {
        var generator = SplitMix64(seed: seed)
        return questions((0..<count).map { _ in Int.random(in: 40...2000, using: &generator) })
    }

    @Test(arguments: ["1/1", "2/8", "10000/10000"])
    func partsAreRead(text: String) { #expect(Shard(text)?.description == text) }

    @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", "a/b", "1/10001", " 1/2"])
    func otherPartsAreRefused(text: String) { #expect(Shard(text) == nil) }

    @Test(arguments: [1, 2, 3, 7, 40, 100])
    func everyQuestionIsInExactlyOnePart(count: Int) throws {
        let all = Self.random(40, seed: 3)
        var names: [String] = []
        for index in 1...count {
            let part = try #require(Shard(index, of: count)).questions(of: all, maxTokens: 64)
            // In the order of the whole.
            #expect(part.map(\.id) == part.map(\.id).sorted { Int($0) ?? 0 < Int($1) ?? 0 })
            names += part.map(\.id)
        }
        #expect(Set(names) == Set(all.map(\.id)) && names.count == all.count)
    }

    /// A sweep that grows keeps every question where it was.
    @Test func aLargerLimitMovesNoQuestion() throws {
        let all = Self.random(200, seed: 4)
        for index in 1...5 {
            let shard = try #require(Shard(index, of: 5))
            let small = shard.questions(of: Array(all.prefix(60)), maxTokens: 64)
            let large = shard.questions(of: all, maxTokens: 64)
            #expect(small == Array(large.prefix(small.count)))
        }
    }

    /// No part has more than one question's work above another.
    @Test func partsAreBalancedByLength() throws {
        let all = Self.random(200, seed: 5)
        let loads = try (1...6).map { index in
            try #require(Shard(index, of: 6)).questions(of: all, maxTokens: 64)
                .reduce(0) { $0 + $1.user.utf8.count / 4 + 33 }
        }
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 2000 / 4 + 33)
        // Every other question is long: counting them alone would give one part all of these.
        let lengths = (0..<40).map { $0.isMultiple(of: 2) ? 4000 : 40 }
        let sums = try (1...2).map { index in
            try #require(Shard(index, of: 2)).questions(of: Self.questions(lengths), maxTokens: 2)
                .reduce(0) { $0 + $1.user.utf8.count }
        }
        #expect(abs(sums[0] - sums[1]) <= 4000)
    }

    @Test(arguments: [
        ("results/gsm8k.sqlite", "results/gsm8k.shard-2-of-8.sqlite"),
        ("/a.b/c", "/a.b/c.shard-2-of-8"), ("x.db", "x.shard-2-of-8.db"),
    ])
    func filesAreNamedAfterTheirPart(database: String, expected: String) throws {
        #expect(try #require(Shard(2, of: 8)).path(beside: database) == expected)
    }

    @Test(arguments: [
        ("tiny.shard-2-of-8.sqlite", "2/8"), ("tiny.shard-1-of-1.sqlite", "1/1"),
        // Saved answers, copies, parts of nothing, and names that this program does not write.
        ("tiny.shard-1-of-2.saved-20260101-000000.sqlite", nil),
        ("tiny.shard-1-of-2-copy-0.sqlite", nil), ("tiny.shard-1-of-0.sqlite", nil),
        ("tiny.shard-3-of-2.sqlite", nil), ("tiny.shard-0-of-2.sqlite", nil),
        ("tiny.shard-1-of-10001.sqlite", nil), ("tiny.shard-01-of-2.sqlite", nil),
        ("tiny.shard-+1-of-2.sqlite", nil), ("tiny.shard-1-in-2.sqlite", nil),
        ("tiny.shard-1-of-2.sqlite-wal", nil), ("tiny.shard-1-of-2.db", nil),
        ("tiny.shard-1-of-2", nil), ("tiny.shard-.sqlite", nil), ("tiny.sqlite", nil),
        ("other.shard-1-of-2.sqlite", nil), ("tiny.x.shard-1-of-2.sqlite", nil), ("", nil),
    ])
    func partsAreKnownByTheirFiles(name: String, part: String?) throws {
        #expect(Shard(file: name, beside: "results/tiny.sqlite")?.description == part)
    }

    @Test func mergedPartsEqualOneMachine() throws {
        try SweepFixture.with { fixture in
            try fixture.run("whole")
            for index in 1...3 {
                let outcome = try fixture.run("part\(index)") { $0.shard = Shard(index, of: 3) }
                #expect(outcome.isComplete && outcome.answers == 22)
            }
            let store = try ResultsStore(path: fixture.path("merged"))
            for index in [2, 3, 1, 2] { _ = try store.merge(from: fixture.path("part\(index)")) }
            #expect(try fixture.rows("merged") == fixture.rows("whole"))
            let shards = try store.reader.attempts().map(\.record.shard)
            #expect(Set(shards) == ["1/3", "2/3", "3/3"])
        }
    }

    @Test func answersThatAreKnownAreNotMadeAgain() throws {
        try SweepFixture.with { fixture in
            try fixture.run("main", set: ["task.limit=2"])
            let known = fixture.path("main")
            for index in 1...2 {
                let outcome = try fixture.run("part\(index)") {
                    $0.shard = Shard(index, of: 2)
                    $0.known = known
                }
                #expect(outcome.isComplete && outcome.answers == 22)
            }
            let store = try ResultsStore(path: fixture.path("main"))
            for index in 1...2 { _ = try store.merge(from: fixture.path("part\(index)")) }
            try fixture.run("whole")
            #expect(try fixture.rows("main") == fixture.rows("whole"))
        }
    }

    /// The file on the machine's own disk, and its copy where others see it.
    @Test func aScratchDirectoryIsPublished() throws {
        try SweepFixture.with { fixture in
            let scratch = fixture.root + "/scratch"
            try fixture.run("whole")
            try fixture.run("a", set: ["task.limit=3"]) { $0.scratch = scratch }
            let copy = fixture.path("a")
            #expect(try resultRows(of: copy) == resultRows(of: scratch + "/a.sqlite"))
            #expect(try ResultsReader(path: copy).attempts().map(\.outcome) == ["finished"])
            #expect(!FileManager.default.fileExists(atPath: copy + "-wal"))

            // Another machine, whose disk is empty, goes on from the copy.
            try FileManager.default.removeItem(atPath: scratch)
            let outcome = try fixture.run("a") { $0.scratch = scratch }
            #expect(outcome.isComplete && outcome.answers == 3 * 11)
            #expect(try fixture.rows("a") == fixture.rows("whole"))

            // The same machine, whose copy is older than its own file.
            try FileManager.default.removeItem(atPath: copy)
            #expect(try fixture.run("a") { $0.scratch = scratch }.answers == 0)
            #expect(try fixture.rows("a") == fixture.rows("whole"))
        }
    }
}
