import Generation
import Hashing
import Routing
import SweepSupport
import Testing

@testable import Runs

/// Which tokens S drafts from, by hand.
struct DraftRowsTests {
    private let texts: [[Int32]] = [[9, 9, 4, 7], [7, 8, 9]]

    private func list(_ count: Int, always: Set<Int32> = [1, 8]) throws -> [Int32] {
        try DraftRows.list(of: count, in: texts, always: always, vocabulary: 12).ids
    }

    /// 9 is there three times, 7 twice, 4 once; 8 is listed anyway.
    @Test func theMostFrequentThenTheLowest() throws {
        #expect(try list(2) == [1, 8])
        #expect(try list(3) == [1, 8, 9])
        #expect(try list(4) == [1, 7, 8, 9])
        #expect(try list(5) == [1, 4, 7, 8, 9])
        #expect(try list(7) == [0, 1, 2, 4, 7, 8, 9])
        #expect(try list(12) == Array(0..<12))
        // Of equally frequent ones the lowest id.
        let ties = try DraftRows.list(
            of: 2, in: [[5, 3, 5, 3, 4]], always: [], vocabulary: 6)
        #expect(ties.ids == [3, 5])
        let one = try DraftRows.list(of: 2, in: [[5, 5, 3, 4]], always: [], vocabulary: 6)
        #expect(one.ids == [3, 5])
    }

    @Test func noListOfTooManyOrTooFew() {
        #expect(throws: DraftRows.Problem.tooMany(13, vocabulary: 12)) { try list(13) }
        #expect(throws: DraftRows.Problem.tooFew(1, least: 2)) { try list(1) }
        #expect(throws: DraftRows.Problem.tooFew(2, least: 3)) {
            try list(2, always: [1, 2, 3])
        }
        #expect(throws: DraftRows.Problem.tooFew(1, least: 2)) { try list(1, always: []) }
    }

    @Test func coverage() throws {
        let rows = try DraftRows.list(of: 3, in: texts, always: [1, 8], vocabulary: 12)
        // 9 three times and 8 once, of seven.
        #expect(DraftRows.coverage(of: texts, by: rows) == 4.0 / 7)
        #expect(DraftRows.coverage(of: [[Int32]](), by: rows) == nil)
    }

    /// The name is that of the content, whatever the order: SHA-256 of 01000000 08000000.
    @Test func theHashIsTheContents() {
        let rows = TokenRows([8, 1, 8])
        #expect(rows.ids == [1, 8] && rows == TokenRows([1, 8]))
        #expect(rows.hash == SHA256.hexadecimal(of: [1, 0, 0, 0, 8, 0, 0, 0] as [UInt8]))
        #expect(rows != TokenRows([1, 9]))
        #expect(rows.place(of: 8) == 1 && rows.place(of: 0) == nil && rows.place(of: 9) == nil)
    }

    /// A pair's list has all bytes, the tokens that end a text, and what its texts are made of.
    @Test func ofAPair() throws {
        try SweepFixture.with { fixture in
            let (small, large) = (try fixture.load("small"), try fixture.load("large"))
            let pair = try ModelPair(
                Pair(slm: small.participant, llm: large.participant), template: "raw")
            let texts = pair.draftTokens(of: ["the ring and the other"])
            let least = 256 + pair.endTokens.count
            let rows = try pair.draftRows(least + 3, of: texts)
            #expect(rows.count == least + 3)
            #expect(pair.endTokens.allSatisfy { rows.place(of: $0) != nil })
            #expect((0..<256).allSatisfy { rows.place(of: $0) != nil })
            let share = try #require(DraftRows.coverage(of: texts, by: rows))
            #expect(share > 0.5 && share <= 1)
            #expect(throws: DraftRows.Problem.tooFew(least - 1, least: least)) {
                try pair.draftRows(least - 1, of: texts)
            }
            #expect(throws: DraftRows.Problem.tooMany(281, vocabulary: 280)) {
                try pair.draftRows(281, of: texts)
            }
        }
    }
}
