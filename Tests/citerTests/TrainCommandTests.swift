import Foundation
import ResultsStore
import SweepSupport
import TestSupport
import Testing

/// `citer train` and the policies that route with what it made.
struct TrainCommandTests {
    private static let routers = """
        routers:
          - { name: a, kind: citer, reference: gold, rollouts: 2, rounds: 2, limit: 5 }
          - { name: b, kind: co-llm, reference: gold, limit: 5 }
          - { name: c, kind: r2r, reference: gold, rollouts: 2, inputs: [uncertainty], limit: 5 }
          - { name: d, kind: query, inputs: [hidden, prompt], architecture: linear, limit: 8 }
          - { name: f, kind: citer, inputs: [middle, top], layer: 1, reference: gold, labels: dual, rollouts: 2, limit: 5 }
          - { name: e, kind: cascade, inputs: [uncertainty, position], architecture: linear, limit: 8 }

        """

    private func withSpec(_ body: (SweepFixture) throws -> Void) throws {
        try SweepFixture.with { fixture in
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            try fixture.tiny.write(spec + Self.routers, to: "experiments/train.yaml")
            try fixture.tiny.write(
                spec + """
                      - citer: { router: a, threshold: { quantiles: 2 } }
                      - co-llm: { router: b, threshold: [0.3, 0.6] }
                      - r2r: { router: c, threshold: 0.5 }
                      - citer: { router: f, threshold: { quantiles: 1 } }
                      - query: { router: d, threshold: { quantiles: 1 } }
                      - cascade: { router: e, threshold: { quantiles: 1 } }
                      - cascade: { router: e, threshold: [0, 1] }

                    """, to: "experiments/routed.yaml")
            try body(fixture)
        }
    }

    @Test func trainsAndRoutes() throws {
        try withSpec { fixture in
            let untrained = try fixture.citer("sweep", "experiments/routed.yaml")
            #expect(untrained.status == 2)
            #expect(untrained.messages.contains("unknown router \"a\""))
            let trained = try fixture.citer("train", "experiments/train.yaml")
            #expect(trained.status == 0, "\(trained.messages)")
            #expect(trained.output.contains("a: ") && trained.output.contains("c: "))
            let swept = try fixture.citer(
                "sweep", "experiments/routed.yaml", "--db", "results/routed.sqlite", "--verbose")
            #expect(swept.status == 0, "\(swept.messages)")
            #expect(swept.output.contains("| citer") && swept.output.contains("| co-llm"))
            #expect(swept.output.contains("| query") && swept.output.contains("| cascade"))
            // A score lies between 0 and 1: above 0 is always, above 1 never.
            func texts(_ policy: String, _ setting: String? = nil) throws -> [String] {
                try fixture.outputs(of: policy, setting, in: "routed")
            }
            #expect(try texts("cascade", "threshold=1") == texts("slm"))
            #expect(try texts("cascade", "threshold=0") == texts("llm"))
            #expect(try texts("llm").count == 6)
            // Both answers are paid for: what each model alone reads, summed.
            let cost = "SELECT sum(flops) FROM sample JOIN cell ON cell.id = sample.cell WHERE "
            let (small, large, both) = (
                try fixture.count(cost + "policy = 'slm'", in: "routed"),
                try fixture.count(cost + "policy = 'llm'", in: "routed"),
                try fixture.count(
                    cost + "policy = 'cascade' AND setting = 'threshold=0'", in: "routed")
            )
            // The rest is the router's: a linear one over 7 numbers, once for each of 6 questions.
            #expect(both - small - large == 6 * 2 * 7)
            // Both tokens of a dual label were rolled out.
            let labels =
                "SELECT count(*) FROM router_label JOIN router ON router.id = router_label.router "
            #expect(
                try fixture.count(
                    labels + "WHERE name = 'f' AND llm_correct IS NOT NULL", in: "tiny") > 0)
            #expect(
                try fixture.count(
                    labels + "WHERE name = 'f' AND (slm_correct IS NULL) <> (llm_correct IS NULL)",
                    in: "tiny") == 0)
            #expect(try fixture.count(labels + "WHERE name = 'a' AND held_out", in: "tiny") > 0)
            // A router of other models is refused.
            try fixture.tiny.model("small", layers: 2, seed: 9)
            let other = try fixture.citer("sweep", "experiments/routed.yaml")
            #expect(other.status == 2)
            #expect(other.messages.contains("router a"))
        }
    }

    @Test func theSameBytesAgainAndAfterAnInterruption() throws {
        try withSpec { fixture in
            func files() throws -> [Data] {
                try ["a", "b", "c"].map {
                    try Data(
                        contentsOf: URL(
                            fileURLWithPath: "\(fixture.root)/experiments/routers/\($0).router"))
                }
            }
            let command = try fixture.start("train", "experiments/train.yaml")
            _ = command.wait { command.complaints.contains("rollouts") }
            command.send(SIGKILL)
            _ = command.finish()
            #expect(try fixture.citer("train", "experiments/train.yaml").status == 0)
            let resumed = try files()
            let again = try fixture.citer("train", "experiments/train.yaml")
            #expect(again.status == 0)
            // Nothing is asked of the models twice.
            #expect(!again.messages.contains("answers to go"))
            #expect(try files() == resumed)
            try FileManager.default.removeItem(atPath: "\(fixture.root)/results")
            let fresh = try fixture.citer("train", "experiments/train.yaml", "--threads", "1")
            #expect(fresh.status == 0, "\(fresh.messages)")
            #expect(try files() == resumed)
        }
    }

    @Test func roundsEndOnceLabelsSettle() throws {
        try SweepFixture.with { fixture in
            let most: Int64 = 6
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            let plan = "kind: citer, reference: gold, rollouts: 4, limit: 8"
            try fixture.tiny.write(
                spec + """
                    routers:
                      - { name: two, \(plan), rounds: 2 }
                      - { name: more, \(plan), rounds: \(most) }

                    """, to: "experiments/rounds.yaml")
            let trained = try fixture.citer("train", "experiments/rounds.yaml")
            #expect(trained.status == 0, "\(trained.messages)")
            func rounds(_ router: String, _ condition: String) throws -> Int64 {
                try fixture.count(
                    """
                    SELECT count(*) FROM training JOIN router ON router.id = training.router
                    WHERE name = '\(router)' AND \(condition)
                    """, in: "tiny")
            }
            #expect(try rounds("two", "TRUE") == 2)
            let last = try rounds("more", "TRUE")
            #expect((2...most).contains(last))
            #expect(try rounds("more", "round = 1 AND churn IS NULL") == 1)
            // No round follows a settled one, and only the most that was asked for ends unsettled.
            #expect(try rounds("more", "round BETWEEN 2 AND \(last - 1) AND churn < 0.05") == 0)
            if last < most { #expect(try rounds("more", "round = \(last) AND churn < 0.05") == 1) }
            // What the first router's rounds rolled out is not rolled out again for the second's.
            let rolledOut = trained.messages.split(separator: "\n").count {
                $0.hasPrefix("rollouts: ") && $0.hasSuffix(" to go")
            }
            #expect(rolledOut == last)
        }
    }

    /// Models of noise answer nothing, so there is nothing to lose: their walks are kept, and no judge is made.
    @Test func aJudgeNeedsHarmfulTokens() throws {
        try withSpec { fixture in
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            try fixture.tiny.write(
                spec + """
                    routers:
                      - { name: j, kind: judge, inputs: [ratio, slm-hidden, llm-middle], layer: 1, limit: 5 }

                    """, to: "experiments/judge.yaml")
            let first = try fixture.citer("train", "experiments/judge.yaml")
            #expect(first.status == 2)
            #expect(first.messages.contains("router j has nothing to learn"))
            #expect(first.messages.contains("rollouts of"))
            let again = try fixture.citer("train", "experiments/judge.yaml")
            #expect(again.status == 2 && !again.messages.contains("answers to go"))
            let deep = try fixture.citer(
                "train", "experiments/judge.yaml", "--set",
                "routers=[{name: j, kind: judge, "
                    + "inputs: [llm-middle], layer: 9}]")
            #expect(deep.status == 2 && deep.messages.contains("the large model after layer 9"))
        }
    }

    @Test func badInputIsRefused() throws {
        try withSpec { fixture in
            let none = try fixture.citer("train", "experiments/tiny.yaml")
            #expect(none.status == 2 && none.messages.contains("names no routers"))
            let unknown = try fixture.citer("train", "experiments/train.yaml", "--router", "z")
            #expect(unknown.status == 2 && unknown.messages.contains("a, b, c"))
        }
    }
}
