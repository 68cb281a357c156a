import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// The command is killed at random moments and started again until it is done; what it leaves must be
/// what an uninterrupted run leaves. `scripts/kill-test` does the same at length, with any models.
struct KillTests {
    /// Runs the command and kills it at a random moment within `limit`; whether it was killed.
    private func kill(
        _ fixture: SweepFixture, within limit: Double, _ arguments: [String]
    ) throws -> Bool {
        let command = try CiterCommand(
            arguments, in: fixture.root, environment: fixture.tiny.environment)
        usleep(UInt32(Double.random(in: 0...limit) * 1e6))
        command.send(SIGKILL)
        let result = command.finish()
        if !result.signalled { #expect(result.status == 0, "\(result.messages)") }
        return result.signalled
    }

    @Test(.timeLimit(.minutes(30)))
    func killedSweepsEqualAnUninterruptedOne() throws {
        var size = TinyExperiment.Size()
        size.questions = 12
        try SweepFixture.with(size: size) { fixture in
            let begin = ContinuousClock.now
            #expect(try fixture.citer("sweep", fixture.tiny.spec, "--db", "a.sqlite").status == 0)
            let whole = (ContinuousClock.now - begin) / .seconds(1)
            let expected = try resultRows(of: fixture.root + "/a.sqlite")

            var (kills, round) = (0, 0)
            while kills < 20 {
                let path = "\(fixture.root)/b\(round).sqlite"
                var seen = 0
                while try kill(
                    fixture, within: whole, ["sweep", fixture.tiny.spec, "--db", path])
                {
                    kills += 1
                    guard FileManager.default.fileExists(atPath: path) else { continue }
                    // Also puts back together what the kill has left, as the next run will.
                    let report = try ResultsStore(path: path).reader.check()
                    #expect(report.problems == [])
                    #expect(report.samples >= seen, "an answer was lost")
                    seen = report.samples
                    if kills >= 20 { break }
                }
                #expect(try fixture.citer("sweep", fixture.tiny.spec, "--db", path).status == 0)
                #expect(try resultRows(of: path) == expected)
                round += 1
            }
        }
    }

    /// Making the file, bringing its schema up to date and the merge itself: nothing or all.
    @Test(.timeLimit(.minutes(30)))
    func killedMergesAreAllOrNothing() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a")
            let expected = try fixture.rows("a")
            let all = try fixture.attempts("a").count
            let begin = ContinuousClock.now
            #expect(try fixture.citer("db", "merge", "c.sqlite", fixture.path("a")).status == 0)
            let whole = (ContinuousClock.now - begin) / .seconds(1)
            var (kills, round) = (0, 0)
            while kills < 10 {
                let path = "\(fixture.root)/d\(round).sqlite"
                while try kill(
                    fixture, within: whole, ["db", "merge", path, fixture.path("a")])
                {
                    kills += 1
                    guard FileManager.default.fileExists(atPath: path) else { continue }
                    let report = try ResultsStore(path: path).reader.check()
                    #expect(report.problems == [])
                    #expect([0, all].contains(report.samples))
                    if kills >= 10 { break }
                }
                #expect(try fixture.citer("db", "merge", path, fixture.path("a")).status == 0)
                #expect(try resultRows(of: path) == expected)
                round += 1
            }
        }
    }
}
