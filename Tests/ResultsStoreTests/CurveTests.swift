import ResultsStore
import Testing

struct CurveTests {
    /// Table I of R. G. Newcombe, "Two-sided confidence intervals for the single proportion",
    /// Statistics in Medicine 17 (1998), method 3, to four decimals; the last is n / (n + z^2).
    @Test(arguments: [
        (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1),
    ])
    func accuracyHasWilsonsInterval(right: Int, n: Int, low: Double, high: Double) throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let batch = (0..<n).map { question in
            FinishedQuestion(
                cell: fixture.cell, sample: sample("\(question)", correct: question < right),
                decisions: [])
        }
        try fixture.store.save(batch, by: fixture.attempt)
        let row = try #require(try fixture.store.reader.curve(of: fixture.experiment).first)
        #expect(row.accuracy == Double(right) / Double(n))
        #expect(abs((row.accuracyLow ?? -1) - low) < 5.1e-5)
        #expect(abs((row.accuracyHigh ?? -1) - high) < 5.1e-5)
    }

    @Test func sumsCostsAndLeavesFailuresOut() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        for (question, tokens) in [("1", 6), ("2", 30)] {
            try fixture.save(question, correct: question == "1", tokens: tokens)
        }
        try fixture.store.saveFailure(
            of: "3", reason: "no", in: fixture.cell, by: fixture.attempt)
        let row = try #require(try fixture.store.reader.curve(of: fixture.experiment).first)
        #expect((row.n, row.failed, row.noAnswer) == (2, 1, 0))
        #expect(row.accuracy == 0.5)
        #expect((row.tokens, row.llmCalls, row.llmPasses) == (36, 12, 12))
        #expect(row.callRatio == 12.0 / 36)
        #expect(row.callRatioMean == (2.0 / 6 + 10.0 / 30) / 2)
        #expect(row.bytes == 2 * Double(1 << 40))
        #expect((row.seconds, row.secondsMean, row.timed) == (1, 0.5, 2))
    }

    @Test func keepsAMissingTimeMissing() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.store.save(sample("1", seconds: 2), in: fixture.cell, by: fixture.attempt)
        try fixture.store.save(sample("2", seconds: nil), in: fixture.cell, by: fixture.attempt)
        let row = try #require(try fixture.store.reader.curve(of: fixture.experiment).first)
        #expect((row.seconds, row.secondsMean, row.timed) == (nil, 2, 1))
    }

    @Test func averagesScoresOfTasksWithoutVerdicts() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        for (question, score) in [("1", 0.25), ("2", 0.75)] {
            var scored = sample(question)
            scored.grade.correct = nil
            scored.grade.score = score
            try fixture.store.save(scored, in: fixture.cell, by: fixture.attempt)
        }
        let row = try #require(try fixture.store.reader.curve(of: fixture.experiment).first)
        #expect((row.n, row.score) == (2, 0.5))
        #expect((row.accuracy, row.accuracyLow, row.accuracyHigh) == (nil, nil, nil))
    }

    @Test func namesCells() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        let reader = fixture.store.reader
        let names = [
            "entropy", "entropy:threshold=0.5", "entropy threshold=0.5", "1", key(1),
            String(key(1).prefix(6)),
        ]
        for name in names {
            #expect(
                try reader.cell(named: name, in: fixture.experiment).id == fixture.cell, "\(name)")
        }
        let error = StoreError.notFound(
            what: "cell", name: "margin", candidates: ["entropy threshold=0.5"])
        #expect(throws: error) { try reader.cell(named: "margin", in: fixture.experiment) }
    }
}
