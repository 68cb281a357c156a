import Hashing
import ModelSupport
import Routing
import Testing

@testable import Generation

/// Texts do not depend on where a model runs, nor on the order in which answers come.
@Suite(.timeLimit(.minutes(30))) struct RemoteRunTests {
    /// Which of the pair is elsewhere.
    enum Away: CaseIterable {
        case slm, llm, both
    }

    typealias Answers = [[Int: Generator<AnyModel>.Outcome]]

    private func run(
        _ scenario: Scenario, _ away: Away, most: Int, seed: UInt64, poison: Int32? = nil
    ) throws -> (answers: Answers, models: Pair<AwayModel>) {
        let models = Pair(
            slm: AwayModel(
                FakeModel(scenario.small, memory: scenario.smallMemory), most: most, seed: seed,
                poison: poison),
            llm: AwayModel(
                FakeModel(scenario.large, memory: scenario.largeMemory), most: most,
                seed: seed + 1, poison: poison))
        func model(_ route: Route, _ isAway: Bool) -> AnyModel {
            isAway ? AnyModel(models[route]) : AnyModel(models[route].base)
        }
        var options = Generator<AnyModel>.Options(
            maxTokens: scenario.maxTokens, endTokens: scenario.endTokens, batch: scenario.batch)
        options.passTokens = scenario.passTokens
        let generator = try Generator(
            Pair(slm: model(.slm, away != .llm), llm: model(.llm, away != .slm)),
            options: options)
        var waiting = scenario.requests[...]
        var answers: Answers = .init(repeating: [:], count: scenario.requests.count)
        var rounds = 0
        try generator.run(
            next: { waiting.popFirst() },
            isCancelled: {
                rounds += 1
                return rounds > 200_000
            },
            report: { request, lane, outcome in
                if answers[request][lane] != nil { throw Scenario.ReportedTwice() }
                answers[request][lane] = outcome
            })
        return (answers, models)
    }

    @Test(arguments: 0..<40, Away.allCases)
    func everyLaneAsIfHere(seed: UInt64, away: Away) throws {
        var generator = SplitMix64(seed: seed)
        let scenario = Scenario.random(using: &generator)
        let (answers, models) = try run(scenario, away, most: Int(seed % 5) + 1, seed: seed)
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                guard case .finished(let trace)? = answers[index][lane] else {
                    Issue.record("request \(index), lane \(lane) has no text")
                    continue
                }
                #expect(trace == scenario.expectedTrace(request, policy), "\(index), \(lane)")
            }
        }
        if away != .slm { #expect(models.llm.mostAtOnce <= Int(seed % 5) + 1) }
    }

    /// Drafts that L judges: it reads several places of a text at once.
    @Test(arguments: 1000..<1040)
    func draftsAreJudgedElsewhere(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let scenario = Scenario.random(verifying: true, using: &generator)
        let (answers, _) = try run(scenario, .llm, most: 3, seed: seed)
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                guard case .finished(let trace)? = answers[index][lane] else {
                    Issue.record("request \(index), lane \(lane) has no text")
                    continue
                }
                #expect(trace == scenario.expectedTrace(request, policy), "\(index), \(lane)")
            }
        }
    }

    /// S's caches are given up and made anew while L is waited for.
    @Test(arguments: 2000..<2020)
    func littleMemoryHere(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var scenario = Scenario.random(using: &generator)
        let longest = scenario.requests.map { $0.prompt.count }.max() ?? 0
        scenario.smallMemory = 3 * (longest + scenario.maxTokens)
        let (answers, _) = try run(scenario, .llm, most: 4, seed: seed)
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                if case .finished(let trace)? = answers[index][lane] {
                    #expect(trace == scenario.expectedTrace(request, policy))
                } else {
                    Issue.record("request \(index), lane \(lane) has no text")
                }
            }
        }
    }

    /// A read that fails ends the lanes that waited for it, and no others.
    @Test(arguments: 3000..<3020)
    func aFailedReadFailsItsOwnLanes(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let scenario = Scenario.random(using: &generator)
        let poison: Int32 = 7
        let (answers, _) = try run(scenario, .llm, most: 4, seed: seed, poison: poison)
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                let expected = scenario.expectedTrace(request, policy)
                switch answers[index][lane] {
                case .finished(let trace)?: #expect(trace == expected)
                case .failed?:
                    #expect((request.prompt + expected.tokens).contains(poison))
                case nil: Issue.record("request \(index), lane \(lane) has no end")
                }
            }
        }
    }
}
