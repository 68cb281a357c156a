import Foundation
import GGUF
import Generation
import Inference
import Routing
import TestSupport
import Testing

@testable import Training

/// Walks and rollouts of two tiny decoders with random weights.
@Suite(.timeLimit(.minutes(30))) struct ReferenceWalkTests {
    private let prompt: [Int32] = [5, 17, 200, 31, 8]
    private let reference: [Int32] = [40, 41, 99, 3, 7, 250, 250, 12]

    private func withPair(_ body: (Model, Model) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            func load(_ layers: Int) throws -> Model {
                let path = directory + "/\(layers).gguf"
                try TinyModel.write(
                    to: path, layers: layers, context: 96, types: { _ in .q5_K }, seed: 5)
                return try Model(
                    GGUFFile(path: path), processor: Processor(threads: 1), cacheBytes: 1 << 26)
            }
            try body(load(1), load(2))
        }
    }

    @Test func everyStepIsWhatTheModelsSayOfThatPrefix() throws {
        try withPair { small, large in
            let walk = try ReferenceWalker(Pair(slm: small, llm: large)).walk(
                question: "q", prompt: prompt, reference: reference, asksLarge: true)
            #expect(walk.steps.count == reference.count)
            for (index, step) in walk.steps.enumerated() {
                let prefix = prompt + reference.prefix(index)
                let read = Read(.last, hidden: true)
                let alone = try small.read([Work(small.makeSequence(), prefix, read: read)])[0][0]
                #expect(step.slm.argmax == alone.argmax)
                #expect(step.slm.entropy == alone.entropy)
                #expect(step.slm.hidden == alone.hidden)
                let other = try large.read([Work(large.makeSequence(), prefix)])[0][0]
                #expect(step.llmToken == other.argmax)
                let reported = try #require(step.llmReference)
                #expect(reported <= other.logProbability)
            }
        }
    }

    /// Of L's own greedy text, not asking L gives what asking it gives.
    @Test func largeModelNeedNotBeAskedAboutItsOwnText() throws {
        try withPair { small, large in
            let options = Generator<Model>.Options(maxTokens: 12, endTokens: [1], batch: 4)
            var own: [Int32] = []
            var waiting = [Request(question: "q", prompt: prompt, lanes: [Lane(.llm)])][...]
            try Generator(Pair(slm: small, llm: large), options: options).run(
                next: { waiting.popFirst() },
                report: { _, _, outcome in
                    if case .finished(let trace) = outcome { own = trace.tokens }
                })
            #expect(!own.isEmpty)
            let walker = ReferenceWalker(Pair(slm: small, llm: large))
            let asked = try walker.walk(
                question: "q", prompt: prompt, reference: own, asksLarge: true)
            let spared = try walker.walk(
                question: "q", prompt: prompt, reference: own, asksLarge: false)
            #expect(asked.steps.map(\.llmToken) == spared.steps.map(\.llmToken))
            #expect(asked.steps.map(\.slm) == spared.steps.map(\.slm))
            #expect(asked.asksLarge && !spared.asksLarge)
            let again = try #require(ReferenceWalk(question: "q", data: spared.data))
            #expect(!again.asksLarge)
        }
    }

    @Test func survivesItsBytesButForTheHalvesOfHiddenStates() throws {
        try withPair { small, large in
            let walk = try ReferenceWalker(Pair(slm: small, llm: large)).walk(
                question: "q", prompt: prompt, reference: reference, asksLarge: true)
            let again = try #require(ReferenceWalk(question: "q", data: walk.data))
            #expect(again.data == walk.data)
            #expect(again.prompt == prompt && again.reference == reference)
            for (old, new) in zip(walk.steps, again.steps) {
                #expect(old.llmToken == new.llmToken && old.llmReference == new.llmReference)
                #expect(old.slm.hidden.map { Float(Float16($0)) } == new.slm.hidden)
            }
            for length in stride(from: 0, to: walk.data.count, by: 7) {
                #expect(ReferenceWalk(question: "q", data: walk.data.prefix(length)) == nil)
            }
        }
    }

    /// Middle layers and top probabilities are kept where they are asked for, and found again by who knows of them.
    @Test func keepsWhatIsAskedFor() throws {
        try withPair { small, large in
            // The larger one, which has a layer between two.
            let needs = SignalNeeds(hidden: true, layers: [1], top: 3)
            let walk = try ReferenceWalker(Pair(slm: large, llm: small), needs: needs).walk(
                question: "q", prompt: prompt, reference: reference, asksLarge: true)
            let again = try #require(
                ReferenceWalk(question: "q", data: walk.data, needs: needs))
            for (old, new) in zip(walk.steps, again.steps) {
                func halves(_ values: [Float]) -> [Float] { values.map { Float(Float16($0)) } }
                #expect(halves(old.slm.hidden) == new.slm.hidden)
                #expect(old.slm.layers.mapValues(halves) == new.slm.layers)
                #expect(halves(old.slm.top) == new.slm.top && new.slm.top.count == 3)
            }
        }
    }

    @Test func rolloutsEqualAnswersFromTheSamePrefix() throws {
        try withPair { small, large in
            let options = Generator<Model>.Options(maxTokens: 20, endTokens: [1], batch: 4)
            let policy = RoutingPolicy.scored(RandomDraw(seed: 3), threshold: 0.4)
            let branches = [0, 1, 4, 7].map { Branch(position: $0, token: 60) }
            var answers: [Branch: [Int32]] = [:]
            let prefix = try ReferenceWalker(Pair(slm: small, llm: large)).prefix(
                question: "q", prompt: prompt, reference: reference, count: 7)
            #expect(prefix.caches.slm.length == prompt.count + 7)
            #expect(prefix.caches.llm.length == prompt.count + 7)
            var work = [RolloutRunner<Model>.Work(prefix, branches)][...]
            _ = try RolloutRunner(Pair(slm: small, llm: large), options: options, policy: policy)
                .run(next: { work.popFirst() }) { _, branch, _, answer in answers[branch] = answer }
            #expect(answers.count == 4)
            for branch in branches {
                let answered = reference.prefix(branch.position) + [branch.token]
                let generator = try Generator(Pair(slm: small, llm: large), options: options)
                let request = Request(
                    question: "q", prompt: prompt + answered, answered: answered.count,
                    lanes: [Lane(policy)])
                var waiting = [request][...]
                try generator.run(
                    next: { waiting.popFirst() },
                    report: { _, _, outcome in
                        guard case .finished(let trace) = outcome else { return }
                        #expect(answers[branch] == Array(answered) + trace.tokens)
                        #expect(answered.count + trace.tokens.count <= 20)
                    })
            }
        }
    }

    @Test func drawsAreSeededNestedAndWeighted() {
        let branches = (0..<20).map { Branch(position: $0, token: Int32($0)) }
        let few = Branch.drawn(5, of: branches, question: "q", seed: 1)
        let more = Branch.drawn(9, of: branches, question: "q", seed: 1)
        #expect(few.branches.count == 5 && few.weight == 4)
        #expect(Set(few.branches).isSubset(of: more.branches))
        #expect(few.branches == Branch.drawn(5, of: branches, question: "q", seed: 1).branches)
        #expect(few.branches != Branch.drawn(5, of: branches, question: "r", seed: 1).branches)
        let all = Branch.drawn(30, of: branches, question: "q", seed: 1)
        #expect(all.branches == branches && all.weight == 1)
        #expect(Branch.drawn(0, of: branches, question: "q", seed: 1).branches.isEmpty)
    }
}
