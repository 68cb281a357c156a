import Routing
import Specs
import SweepSupport
import Testing

/// The `routers` of a spec.
struct SpecRouterTests {
    private func plans(_ text: String) throws -> [RouterPlan] {
        try SpecFixture.parse(SpecFixture.good + text)
            .routers
    }

    @Test func defaultsAreFilledIn() throws {
        let plans = try plans(
            """
            routers:
              - { name: a, kind: citer }
              - { name: b, kind: co-llm, reference: gold, seed: 3, limit: 7, split: dev }
              - { name: c, kind: r2r, architecture: mlp, inputs: [position], rollouts: 0 }

            """)
        #expect(plans.map(\.name) == ["a", "b", "c"])
        #expect(plans.map(\.architecture) == [.mlpSmall, .linear, .mlp])
        #expect(
            plans.map(\.inputs) == [
                [.hidden, .uncertainty], [.hidden, .uncertainty], [.position],
            ])
        #expect(plans.map(\.reference) == [.llm, .gold, .llm])
        #expect(plans.map(\.rollouts) == [8, 8, 0])
        #expect(plans[1].split == "dev" && plans[1].limit == 7 && plans[1].seed == 3)
        #expect(plans[0].split == "train" && plans[0].continuation == .slm && plans[0].rounds == 1)
    }

    @Test(arguments: [
        ("{ name: a, kind: citer, split: test }", "another split than the task's"),
        ("{ name: a, kind: citer, split: tran }", "did you mean \"train\""),
        ("{ name: a, kind: cither }", "did you mean \"citer\""),
        ("{ name: a, kind: citer, rounds: 0 }", "rounds must be"),
        ("{ name: ../a, kind: citer }", "the name of a router must be"),
        ("{ kind: citer }", "missing key \"name\""),
        ("{ name: a, kind: citer, inputs: [hiden] }", "did you mean \"hidden\""),
        (
            "{ name: a, kind: judge, rollouts: 3 }",
            "a router of kind judge has no \"rollouts\", which is of kinds that decide before a token"
        ),
        ("{ name: a, kind: r2r, question: same }", "a router of kind r2r has no \"question\""),
        ("{ name: a, kind: judge, inputs: [hidden] }", "kind judge does not see hidden; it sees"),
        ("{ name: a, kind: citer, inputs: [ratio] }", "kind citer does not see ratio; it sees"),
        ("{ name: a, kind: judge, split: test }", "another split than the task's"),
        ("{ name: a, kind: judge, question: wrong }", "question must be"),
        ("{ name: a, kind: judge, validation: 1 }", "validation must be"),
    ])
    func wrongOnesAreNamed(router: String, part: String) {
        let found = SpecFixture.errors(SpecFixture.good + "routers:\n  - \(router)\n")
        #expect(found.contains(part), "\(found)")
    }

    @Test func judgesHaveTheirOwnKeys() throws {
        let spec = try SpecFixture.parse(
            SpecFixture.good
                + """
                routers:
                  - { name: a, kind: judge }
                  - { name: b, kind: r2r }
                  - { name: c, kind: judge, question: same, substitution: isolated, architecture: mlp-small, inputs: [llm-middle, ratio],
                      layer: 3, limit: 600, validation: 0.5, step: 0.1, decay: 1, seed: 4, split: dev }

                """)
        #expect(spec.routers.map(\.name) == ["b"])
        #expect(
            spec.judges == [
                JudgePlan(name: "a"),
                JudgePlan(
                    name: "c", question: .same, substitution: .isolated, architecture: .mlpSmall,
                    inputs: [.llmMiddle, .ratio], layer: 3, split: "dev", limit: 600,
                    validation: 0.5, step: 0.1, decay: 1, seed: 4),
            ])
        #expect(spec.judges[0].architecture == .linear && spec.judges[0].question == .right)
    }

    /// A key of the other kind is told where it stands.
    @Test func foreignKeysHaveTheirPlace() {
        let text = SpecFixture.good + "routers:\n  - { name: a, kind: judge, rounds: 2 }\n"
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
        let found = SpecFixture.errors(text)
        #expect(found.contains(":\(line):"), "\(found)")
    }

    @Test func aNameIsGivenOnce() {
        let found = SpecFixture.errors(
            SpecFixture.good
                + "routers:\n  - { name: a, kind: citer }\n  - { name: a, kind: judge }\n")
        #expect(found.contains("router \"a\" is given twice"), "\(found)")
    }
}
