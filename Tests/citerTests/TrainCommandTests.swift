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
          - { name: j, kind: judge, question: same, limit: 5 }
          - { name: k, kind: judge, question: same, substitution: isolated, inputs: [slm-hidden, llm-hidden, llm-middle], layer: 1, limit: 5 }

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
                "sweep", "experiments/routed.yaml", "--db", "results/routed.sqlite")
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
            // Judges keep what was put in and what came of it, and are no routers for policies.
            #expect(
                try fixture.count(
                    labels + "WHERE kind = 'judge' AND same_answer + 1 = label + 1 "
                        + "AND slm_token <> llm_token AND rollout_tokens >= 0", in: "tiny")
                    == fixture.count(labels + "WHERE kind = 'judge'", in: "tiny"))
            #expect(try fixture.count(labels + "WHERE name = 'j' AND held_out", in: "tiny") > 0)
            let spec = try String(contentsOfFile: fixture.tiny.spec, encoding: .utf8)
            try fixture.tiny.write(
                spec + "  - citer: { router: j, threshold: 0.5 }\n",
                to: "experiments/judged.yaml")
            let judged = try fixture.citer("sweep", "experiments/judged.yaml")
            #expect(judged.status == 2 && judged.messages.contains("name it in keep"))
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
                try ["a", "b", "c", "j", "k"].map {
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

    @Test func badInputIsRefused() throws {
        try withSpec { fixture in
            let none = try fixture.citer("train", "experiments/tiny.yaml")
            #expect(none.status == 2 && none.messages.contains("names no routers"))
            let unknown = try fixture.citer("train", "experiments/train.yaml", "--router", "z")
            #expect(unknown.status == 2 && unknown.messages.contains("a, b, c"))
        }
    }
}
