import Platform
import ResultsStore
import Specs
import SweepSupport
import Synchronization
import Testing

@testable import Runs

/// Where measured energy is kept: with every phase, and with an answer that was decoded by itself.
struct EnergyTests {
    private static let policies =
        "policies=[slm, llm, {random: {ratio: 0.5}}, {speculative: {draft: 2}}, query-oracle]"

    @Test func anAnswerByItselfHasItsPassesEnergy() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: [Self.policies]) { options in
                options.fused = false
                options.batch = 1
                options.energy = PassMeter()
            }
            func count(_ sql: String) throws -> Int64 { try fixture.count(sql, in: "a") }
            // Two texts of one answer: what of them counts is known too late.
            #expect(try count("SELECT count(*) FROM sample WHERE joules IS NULL") == 6)
            #expect(
                try count(
                    """
                    SELECT count(*) FROM sample JOIN cell ON cell.id = sample.cell
                    WHERE cell.policy = 'query-oracle' AND joules IS NULL
                    """) == 6)
            // A joule a pass, and nothing twice.
            let model = "phase IN ('slm_prefill', 'slm_step', 'llm_catch_up', 'llm_step')"
            let alone = """
                cell IN (SELECT id FROM cell WHERE policy <> 'query-oracle') AND \(model)
                """
            let passes = try count("SELECT sum(passes) FROM timing WHERE \(alone)")
            #expect(try count("SELECT CAST(sum(joules) AS INTEGER) FROM sample") == passes)
            #expect(
                try count("SELECT CAST(sum(joules) AS INTEGER) FROM timing WHERE \(alone)")
                    == passes)
            #expect(passes > 0)
            #expect(
                try count(
                    """
                    SELECT count(*) FROM timing
                    WHERE (joules IS NULL) <> (phase = 'router')
                    """) == 0)
        }
    }

    @Test func anAnswerAmongOthersHasNone() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: [Self.policies]) { $0.energy = PassMeter() }
            #expect(
                try fixture.count(
                    "SELECT count(*) FROM sample WHERE joules IS NOT NULL", in: "a") == 0)
            #expect(
                try fixture.count(
                    "SELECT count(*) FROM timing WHERE joules IS NOT NULL", in: "a") > 0)
            try fixture.run("b", set: [Self.policies]) { options in
                options.fused = false
                options.batch = 1
                options.energy = NoEnergyMeter()
            }
            for table in ["sample", "timing"] {
                #expect(
                    try fixture.count(
                        "SELECT count(*) FROM \(table) WHERE joules IS NOT NULL", in: "b") == 0)
            }
        }
    }

    /// The stored spec is the one that ran.
    @Test func theSpecIsStoredWithItsOverrides() throws {
        try SweepFixture.with { fixture in
            let sweep = try fixture.sweep("a", set: [Self.policies])
            try fixture.run("a", set: [Self.policies])
            let reader = try ResultsReader(path: fixture.path("a"))
            #expect(try reader.attempts().map(\.record.spec) == [sweep.spec.text])
            #expect(try reader.experiment(named: "tiny").record.spec == sweep.spec.text)
            #expect(sweep.spec.text.contains("query-oracle"))
        }
    }
}

/// A joule each time that it is asked, so one between the begin and the end of a pass.
private final class PassMeter: EnergyMeter {
    private let readings = Mutex(0.0)

    func joules() -> Double? {
        readings.withLock { count in
            count += 1
            return count
        }
    }
}

/// A machine without counters.
private struct NoEnergyMeter: EnergyMeter {
    func joules() -> Double? { nil }
}
