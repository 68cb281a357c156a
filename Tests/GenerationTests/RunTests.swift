import Hashing
import ModelSupport
import Routing
import Testing

@testable import Generation

/// What can come in the way of a run: memory, broken texts, long prompts, the user.
@Suite(.timeLimit(.minutes(30))) struct RunTests {
    private let lanes = [
        Lane(.slm), Lane(.scored(Entropy(), threshold: 2)),
        Lane(.scored(Margin(), threshold: 0.25)),
        Lane(.scored(Margin(), threshold: 0.25, flips: Flips(rate: 0.2, seed: 1))),
        Lane(.llm),
    ]

    private func requests(_ count: Int, lanes: [Lane]) -> [Request] {
        (0..<count).map {
            Request(question: "q\($0)", prompt: [Int32($0 % 19), 4, 11], lanes: lanes)
        }
    }

    private func expectAllTraces(
        _ scenario: Scenario, _ run: Scenario.Run,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (index, request) in scenario.requests.enumerated() {
            for (lane, policy) in request.lanes.map(\.policy).enumerated() {
                #expect(
                    run.trace(index, lane) == scenario.expectedTrace(request, policy),
                    "question \(index), lane \(lane)", sourceLocation: sourceLocation)
            }
        }
    }

    // MARK: - Fairness

    /// One text that waits for L among many that keep S's batch the fuller one: it is served every `patience` passes, not at the end.
    @Test func fewTextsOfOneModelAreNotLeftToTheEnd() throws {
        var scenario = Scenario()
        scenario.requests = requests(1, lanes: [Lane(.llm)]) + requests(1000, lanes: [Lane(.slm)])
        scenario.endTokens = []
        scenario.maxTokens = 4
        let run = try scenario.run()
        expectAllTraces(scenario, run)
        let ended = try #require(run.order.firstIndex(of: 0))
        // Four waits of 32 passes, in which the other seven places answer a question each in four.
        #expect(ended < 300, "ended as number \(ended) of \(run.order.count)")
    }

    // MARK: - Memory

    /// Room for one question's lanes, hardly for two: questions are put back and start again.
    @Test(arguments: [120, 150, 200, 400], [1, 3, 16])
    func littleMemory(memory: Int, batch: Int) throws {
        for (small, large) in [(memory, Int.max), (.max, memory), (memory, memory)] {
            var scenario = Scenario()
            scenario.requests = requests(10, lanes: lanes)
            scenario.endTokens = []
            scenario.batch = batch
            scenario.smallMemory = small
            scenario.largeMemory = large
            let run = try scenario.run()
            expectAllTraces(scenario, run)
            #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
            if batch == 16 && memory <= 200 { #expect(run.throughput.preemptions > 0) }
        }
    }

    /// Room for one text only, less than the branches of a single question need together: its
    /// lanes wait for one another.
    @Test(arguments: [1, 8])
    func memoryForOneText(batch: Int) throws {
        var scenario = Scenario()
        scenario.requests = requests(3, lanes: lanes)
        scenario.endTokens = []
        scenario.batch = batch
        scenario.smallMemory = 23
        scenario.largeMemory = 23
        expectAllTraces(scenario, try scenario.run())
    }

    @Test(arguments: 0..<20)
    func anyMemory(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var scenario = Scenario.random(using: &generator)
        // The longest text, and up to four times that.
        scenario.smallMemory = Int.random(in: 60...240, using: &generator)
        scenario.largeMemory = Int.random(in: 60...240, using: &generator)
        expectAllTraces(scenario, try scenario.run())
    }

    /// A text that does not fit even alone ends the run: its answer would depend on the machine.
    @Test func notEvenOneText() throws {
        var scenario = Scenario()
        scenario.requests = requests(2, lanes: [Lane(.slm)])
        scenario.endTokens = []
        scenario.smallMemory = 10
        #expect(throws: GenerationError.memoryFull("room for 10 tokens")) { try scenario.run() }
    }

    // MARK: - Failures

    /// The model fails whenever it reads a certain token, which one prompt holds and no answer.
    @Test(arguments: [1, 4, 32])
    func oneBrokenQuestionFailsAlone(batch: Int) throws {
        var scenario = Scenario()
        scenario.requests = requests(7, lanes: lanes)
        scenario.requests[3] = Request(question: "bad", prompt: [1, 99, 2], lanes: lanes)
        scenario.batch = batch
        scenario.poison = 99
        let run = try scenario.run()
        for lane in 0..<3 {
            guard case .failed(let error)? = run.outcomes[3][lane] else {
                Issue.record("lane \(lane) did not fail")
                continue
            }
            #expect(error as? FakeModel.Broken == FakeModel.Broken())
        }
        var others = scenario
        others.requests.remove(at: 3)
        for (index, request) in scenario.requests.enumerated() where index != 3 {
            for (lane, policy) in lanes.map(\.policy).enumerated() {
                #expect(run.trace(index, lane) == scenario.expectedTrace(request, policy))
            }
        }
    }

    /// A failure in one branch of a question leaves the question's other branches alone, though
    /// memory is full while they are tried one by one.
    @Test func brokenBranchesAndFullMemory() throws {
        for poison in Int32(0)..<20 {
            var scenario = Scenario()
            scenario.requests = requests(6, lanes: lanes)
            scenario.endTokens = []
            scenario.batch = 16
            scenario.poison = poison
            scenario.smallMemory = 130
            let run = try scenario.run()
            for (index, request) in scenario.requests.enumerated() {
                for (lane, policy) in lanes.map(\.policy).enumerated() {
                    let expected = scenario.expectedTrace(request, policy)
                    // S reads all but the last token of the lanes that run it; a lane that does not
                    // fails where one that does shares its prefix.
                    let text = request.prompt + expected.tokens.dropLast()
                    if let trace = run.trace(index, lane) {
                        #expect(trace == expected)
                        #expect(expected.cost.slmPasses == 0 || !text.contains(poison))
                    } else {
                        #expect(run.outcomes[index][lane] != nil, "never reported")
                        #expect(text.contains(poison))
                    }
                }
            }
        }
    }

    @Test func promptTooLong() throws {
        var scenario = Scenario()
        scenario.large.context = 12
        scenario.requests = requests(3, lanes: lanes)
        let long = [Int32](repeating: 1, count: 12)
        scenario.requests.append(Request(question: "long", prompt: long, lanes: lanes))
        scenario.requests.append(Request(question: "empty", prompt: [], lanes: [Lane(.slm)]))
        scenario.requests += requests(1, lanes: lanes)
        let run = try scenario.run()
        for (request, tokens) in [(3, 12), (4, 0)] {
            for lane in scenario.requests[request].lanes.indices {
                guard case .failed(let error)? = run.outcomes[request][lane] else {
                    Issue.record("request \(request), lane \(lane) did not fail")
                    continue
                }
                let expected: GenerationError =
                    tokens == 0 ? .promptEmpty : .promptTooLong(tokens: tokens, context: 12)
                #expect(error as? GenerationError == expected)
            }
        }
        for index in [0, 1, 2, 5] {
            let finished = (0..<4).count { run.trace(index, $0) != nil }
            #expect(finished == 4)
        }
    }

    @Test func vocabulariesThatDiffer() {
        let small = FakeModel(.init(vocabulary: 20))
        let large = FakeModel(.init(vocabulary: 21))
        let error = GenerationError.vocabulariesDiffer(slm: 20, llm: 21)
        #expect(throws: error) {
            try Generator(Pair(slm: small, llm: large), options: .init(maxTokens: 1, endTokens: []))
        }
        #expect(error.description.contains("20") && error.description.contains("21"))
    }

    // MARK: - Cancellation

    @Test func cancelledRunsReportOnlyWhatIsFinished() throws {
        var scenario = Scenario()
        scenario.requests = requests(30, lanes: lanes)
        scenario.batch = 4
        var asked = 0
        let run = try scenario.run(isCancelled: {
            asked += 1
            return asked > 25
        })
        let reported = run.outcomes.reduce(0) { $0 + $1.count }
        #expect(reported > 0 && reported < 30 * 4)
        for (index, request) in scenario.requests.enumerated() {
            for lane in run.outcomes[index].keys {
                let policy = request.lanes[lane].policy
                #expect(run.trace(index, lane) == scenario.expectedTrace(request, policy))
            }
        }
        #expect(run.small.tokensHeld == 0 && run.large.tokensHeld == 0)
    }

    @Test func cancelledBeforeTheStart() throws {
        var scenario = Scenario()
        scenario.requests = requests(2, lanes: lanes)
        let run = try scenario.run(isCancelled: { true })
        #expect(run.outcomes.count { !$0.isEmpty } == 0)
        #expect(run.small.passes == 0 && run.large.passes == 0)
    }

    /// A policy that waits for what a model does not tell is not read for again and again.
    @Test func whatIsReadInVainFails() throws {
        let generator = try Generator(
            Pair(slm: FakeModel(.init(seed: 1)), llm: FakeModel(.init(seed: 2), isMute: true)),
            options: .init(maxTokens: 30, endTokens: []))
        let weighing = RoutingPolicy(
            stop: .never, keep: KeepRule(.ratio(atLeast: 0.6)), drafts: DraftSource(most: 4))
        var waiting = [
            Request(question: "q", prompt: [1, 2, 3], lanes: [Lane(weighing), Lane(.llm)])
        ][...]
        var failed: [Int] = []
        var finished: [Int] = []
        try generator.run(
            next: { waiting.popFirst() },
            report: { _, lane, outcome in
                switch outcome {
                case .finished: finished.append(lane)
                case .failed(let error):
                    failed.append(lane)
                    guard case .readInVain(.llm, let tokens)? = error as? GenerationError else {
                        Issue.record(error)
                        return
                    }
                    #expect(tokens > 3)
                    #expect("\(error)".contains("large model"))
                }
            })
        #expect(failed == [0] && finished == [1])
    }

    /// An error of the report, such as a full disk, ends the run at once.
    @Test func errorsOfTheReportEndTheRun() throws {
        struct DiskFull: Error {}
        let generator = try Generator(
            Pair(slm: FakeModel(.init(seed: 1)), llm: FakeModel(.init(seed: 2))),
            options: .init(maxTokens: 5, endTokens: []))
        var waiting = requests(5, lanes: lanes)[...]
        var reports = 0
        #expect(throws: DiskFull.self) {
            try generator.run(
                next: { waiting.popFirst() },
                report: { _, _, _ in
                    reports += 1
                    throw DiskFull()
                })
        }
        #expect(reports == 1)
    }

    @Test func nothingToDo() throws {
        let run = try Scenario().run()
        #expect(run.small.passes == 0 && run.throughput == Throughput())
    }

    /// A request without lanes asks for nothing.
    @Test func requestsWithoutLanes() throws {
        var scenario = Scenario()
        scenario.requests = [Request(question: "q", prompt: [1], lanes: [])]
        let run = try scenario.run()
        #expect(run.small.passes == 0 && run.large.passes == 0)
    }
}
