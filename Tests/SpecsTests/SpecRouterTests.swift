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
    ])
    func wrongOnesAreNamed(router: String, part: String) {
        let found = SpecFixture.errors(SpecFixture.good + "routers:\n  - \(router)\n")
        #expect(found.contains(part), "\(found)")
    }

    @Test func aNameIsGivenOnce() {
        let found = SpecFixture.errors(
            SpecFixture.good
                + "routers:\n  - { name: a, kind: citer }\n  - { name: a, kind: r2r }\n")
        #expect(found.contains("router \"a\" is given twice"), "\(found)")
    }
}
