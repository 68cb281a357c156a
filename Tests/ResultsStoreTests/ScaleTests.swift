import Foundation
import GRDB
import Hashing
import Testing

@testable import ResultsStore

/// A million decisions, as a sweep of 25 cells with 200 questions of 200 tokens leaves them.
///
/// Slow in debug builds, so it runs only when asked for: `CITER_SCALE=1`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["CITER_SCALE"] != nil, "CITER_SCALE unset"))
struct ScaleTests {
    @Test func aMillionDecisionsStaySmallAndFast() throws {
        let folder = try TemporaryFolder()
        var random = SplitMix64(seed: 7)
        do {
            let fixture = try Fixture(path: folder.file())
            let vocabulary = try fixture.store.register(
                VocabularyRecord(sha256: "qwen", size: 151_936) { Array("piece\($0)".utf8) })
            let begin = ContinuousClock.now
            for number in 0..<25 {
                let threshold = Double(number) / 25
                let cell = try fixture.store.register(
                    CellRecord(
                        experiment: fixture.experiment, key: key(100 + number),
                        canonical: "{\"n\":\(number)}", policy: "entropy",
                        setting: "threshold=\(threshold)", threshold: threshold,
                        position: number, vocabulary: vocabulary))
                for question in 0..<200 {
                    let decisions = (0..<200).map { _ in random.decision(threshold) }
                    try fixture.store.save(
                        sample(
                            "\(question)", output: String(repeating: "word ", count: 160),
                            decisions: decisions),
                        decisions: decisions, in: cell, by: fixture.attempt)
                }
            }
            print("saved 1,000,000 decisions in \(ContinuousClock.now - begin)")
            try fixture.store.close()
        }
        let reader = try ResultsReader(path: folder.file())
        let decisionBytes = try reader.rows(
            "SELECT sum(pgsize) AS size FROM dbstat WHERE name = 'decision'"
        ) { $0["size"] as Int }
        print("bytes a decision: \(Double(decisionBytes[0]) / 1e6)")
        let file = try FileManager.default.attributesOfItem(atPath: folder.file())
        print("file: \(file[.size] ?? 0) bytes")
        #expect(decisionBytes[0] < 35_000_000)

        let clock = ContinuousClock()
        let experiment = try reader.experiment(named: "sums").id
        let curve = try clock.measure { _ = try reader.curve(of: experiment) }
        print("curve: \(curve)")
        #expect(curve < .seconds(1))
        let token = try clock.measure {
            let rows = try reader.rows(
                "SELECT * FROM token WHERE cell = 20 AND question = '150'", [],
                { $0["position"] as Int })
            #expect(rows.count == 200)
        }
        print("token view, one answer: \(token)")
        #expect(token < .milliseconds(50))
        let target = try ResultsStore(path: folder.file("merged.sqlite"))
        for _ in 0..<2 {
            var result: MergeResult?
            let merge = try clock.measure { result = try target.merge(from: folder.file()) }
            print("merge: \(merge) \(result.map { "\($0)" } ?? "")")
        }
        var report: CheckReport?
        let check = try clock.measure { report = try target.reader.check() }
        #expect(report == CheckReport(problems: [], samples: 5000, decisions: 1_000_000))
        print("check: \(check)")
        if let copy = ProcessInfo.processInfo.environment["CITER_SCALE_COPY"] {
            try FileManager.default.copyItem(atPath: folder.file(), toPath: copy)
        }
    }
}

/// Numbers as a real run has them: 3-byte token ids, entropies in 0...3, mostly sure tokens.
extension SplitMix64 {
    fileprivate mutating func decision(_ threshold: Double) -> DecisionRecord {
        let small = Int.random(in: 0..<151_936, using: &self)
        let score = pow(Double.random(in: 0..<1, using: &self), 3) * 3
        let logprob = -pow(Double.random(in: 0..<1, using: &self), 4) * 3
        guard score > threshold else {
            return DecisionRecord(
                token: small, author: .slm, score: score,
                slm: CandidateRecord(token: small, logprob: logprob))
        }
        let differs = Double.random(in: 0..<1, using: &self) < 0.3
        let token = differs ? Int.random(in: 0..<151_936, using: &self) : small
        return DecisionRecord(
            token: token, author: .llm, score: score,
            slm: CandidateRecord(token: small, logprob: logprob),
            llm: CandidateRecord(token: token, logprob: logprob / 2))
    }
}
