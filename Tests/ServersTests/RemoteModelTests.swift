import Foundation
import Generation
import Hashing
import Inference
import ModelSupport
import Routing
import ServerSupport
import Testing
import Tokenization

@testable import Servers

/// A model behind a fake of each server says what the same model says here.
@Suite(.timeLimit(.minutes(10))) struct RemoteModelTests {
    private let tokenizer: Tokenizer
    private let character: FakeModel.Character

    init() throws {
        tokenizer = try tinyTokenizer()
        // What the fake server is.
        character = FakeModel.Character(
            seed: 0, dissent: 0.3, vocabulary: Int32(tokenizer.vocabularyCount))
    }

    private func server(
        _ kind: ServerKind, slots: Int = 1, faults: [String] = [], _ arguments: [String] = []
    ) throws -> FakeServer {
        try FakeServer(
            kind, vocabulary: tokenizer.vocabularyCount, faults: faults,
            arguments: ["--slots", "\(slots)"] + arguments)
    }

    private func model(_ server: FakeServer, concurrency: Int = 1, timeout: Int = 10) throws
        -> RemoteModel
    {
        let connection = try ServerConnection(
            server.settings(concurrency: concurrency, timeout: timeout), tokenizer)
        return RemoteModel(
            connection, vocabulary: tokenizer.vocabularyCount, context: connection.context)
    }

    @Test(arguments: ServerKind.allCases)
    func readsAsHere(kind: ServerKind) throws {
        let server = try server(kind)
        let model = try model(server)
        #expect(model.contextLength == 1000)
        let texts: [[Int32]] = [[3], [3, 5, 7, 11], [3, 5, 7, 12], Array(0..<200)]
        for text in texts {
            let sequence = model.makeSequence(opening: nil)
            let read = Read(.last, top: 4)
            let readings = try model.read([Work(sequence, text, read: read)])
            let expected = character.reading(after: text)
            #expect(readings.count == 1 && readings[0].count == 1)
            let reading = try #require(readings.first?.first)
            #expect(reading.argmax == expected.argmax && reading.second == expected.second)
            #expect(reading.logProbability == expected.logProbability)
            #expect(reading.secondLogProbability == expected.secondLogProbability)
            #expect(reading.top == expected.largest(4))
            #expect(sequence.length == text.count)
        }
        // What was read is not asked again where the server keeps it; taken back, it is.
        let traffic = try #require(model.traffic)
        #expect(traffic.requests == texts.count && traffic.retries == 0 && traffic.failures == 0)
        #expect(traffic.sentBytes > 200 * texts.count)
        #expect(traffic.receivedBytes > 100 * texts.count)
    }

    @Test(arguments: [ServerKind.vllm, .sglang])
    func judgesDrafts(kind: ServerKind) throws {
        let server = try server(kind)
        let model = try model(server)
        let sequence = model.makeSequence(opening: nil)
        let text: [Int32] = [3, 5, 7, 11, 2, 4, 9]
        var read = Read(.from(2), top: 3)
        read.targets = [[], [], [5, 11], [2], [4, 8], [9], [1]]
        let readings = try model.read([Work(sequence, text, read: read)])[0]
        #expect(readings.count == 5)
        for (index, reading) in readings.enumerated() {
            let expected = character.reading(after: Array(text.prefix(3 + index)))
            #expect(reading.argmax == expected.argmax && reading.second == expected.second)
            #expect(reading.logProbability == expected.logProbability)
            #expect(reading.top == expected.largest(3))
            for (target, found) in zip(read.targets[2 + index], reading.targetLogProbabilities) {
                // Of the text's own tokens it is always known; of others if they are listed.
                let isOwn = index < 4 && text[3 + index] == target
                if isOwn || target == expected.argmax || target == expected.second {
                    #expect(found == expected.logProbability(of: target))
                } else {
                    #expect(found.isNaN || found == -4)
                }
            }
        }
    }

    /// Whole answers under routing, fused, many at a time: as of two models here.
    @Test(arguments: ServerKind.allCases, [UInt64(1), 2, 3])
    func answersAsHere(kind: ServerKind, seed: UInt64) throws {
        let server = try server(kind, slots: 4)
        let small = FakeModel.Character(
            seed: 7, dissent: 0.3, vocabulary: Int32(tokenizer.vocabularyCount))
        var random = SplitMix64(seed: seed)
        var policies: [RoutingPolicy] = [
            .llm, .slm, .scored(Margin(), threshold: 0.7),
            .scored(MaxProbability(), threshold: 0.6),
            .scored(RandomDraw(seed: 3), threshold: 0.4),
        ]
        if kind != .llamaServer {
            policies += [
                .speculative(draft: 4),
                RoutingPolicy(
                    stop: .scored(Margin(), threshold: 0.3),
                    keep: KeepRule(.top(3)), drafts: DraftSource(most: 5)),
            ]
        }
        let requests = (0..<4).map { question in
            Request(
                question: "q\(question)",
                prompt: (0..<10).map { _ in Int32.random(in: 0..<200, using: &random) },
                lanes: policies.map { Lane($0) })
        }
        func run(_ large: AnyModel) throws -> [[Trace]] {
            let options = Generator<AnyModel>.Options(maxTokens: 24, endTokens: [3], batch: 8)
            let generator = try Generator(
                Pair(slm: AnyModel(FakeModel(small)), llm: large), options: options)
            var traces = [[Int: Trace]](repeating: [:], count: requests.count)
            var waiting = requests[...]
            try generator.run(
                next: { waiting.popFirst() },
                report: { request, lane, outcome in
                    switch outcome {
                    case .finished(let trace): traces[request][lane] = trace
                    case .failed(let error): Issue.record(error)
                    }
                })
            return traces.map { lanes in policies.indices.compactMap { lanes[$0] } }
        }
        let here = try run(AnyModel(FakeModel(character)))
        let there = try run(AnyModel(model(server, concurrency: 4)))
        #expect(here == there)
        #expect(here.allSatisfy { $0.count == policies.count })
    }

    /// With fewer caches than texts, texts are finished one after the other: the server reads little twice.
    @Test func fewCachesAreNotFoughtFor() throws {
        let server = try server(.llamaServer, slots: 2)
        let model = try model(server, concurrency: 2)
        let requests = (0..<6).map { question in
            Request(
                question: "q\(question)",
                prompt: (0..<50).map { Int32((question * 31 + $0) % 200) },
                lanes: [Lane(.llm), Lane(.scored(Margin(), threshold: 0.7))])
        }
        let options = Generator<AnyModel>.Options(maxTokens: 30, endTokens: [], batch: 32)
        let small = FakeModel.Character(
            seed: 7, dissent: 0.3, vocabulary: Int32(tokenizer.vocabularyCount))
        let generator = try Generator(
            Pair(slm: AnyModel(FakeModel(small)), llm: AnyModel(model)), options: options)
        var waiting = requests[...]
        try generator.run(next: { waiting.popFirst() }, report: { _, _, _ in })
        let traffic = try #require(model.traffic)
        let read = try #require(traffic.readTokens)
        // Twelve texts of 80 tokens; the oldest first it would be 14,209, this way 3,833.
        #expect(read < 6000, "\(read)")
        #expect(try #require(traffic.cachedTokens) > 2 * read)
    }

    /// A token that ends within a character: llama-server lists nothing there, so it is asked otherwise.
    @Test func tokensWithinACharacter() throws {
        let server = try server(.llamaServer, ["--partial", "2"])
        let model = try model(server)
        for token in Int32(0)..<20 {
            let sequence = model.makeSequence(opening: nil)
            let reading = try model.read([Work(sequence, [token])])[0][0]
            #expect(reading.argmax == character.reading(after: [token]).argmax)
        }
    }

    /// A text's requests go to the slot that holds its beginning.
    @Test func slotsKeepTheirTexts() {
        var slots = ServerSlots(count: 3)
        let begun = [slots.take(for: [1, 2, 3]), slots.take(for: [4, 5])].compactMap(\.self)
        #expect(Set(begun).count == 2)
        for slot in begun { slots.free(slot) }
        let next = [
            slots.take(for: [4, 5, 6]), slots.take(for: [1, 2, 3, 9]),
            slots.take(for: [4, 5, 6, 7]),
            slots.take(for: [1]),
        ]
        #expect(next[0] == begun[1] && next[1] == begun[0] && next[2] != nil && next[3] == nil)
        slots.freeAll()
        let last = slots.take(for: [4, 5, 6, 7, 8])
        #expect(last == next[2])
    }

    // MARK: - Faults

    /// Each fault with what the message must say; those that pass are got over.
    private static let faults: [(fault: String, says: String)] = [
        ("hang", "no answer within 2 s"), ("error", "status 500"), ("html", "not JSON"),
        ("not-json", "not JSON"), ("empty-body", "not JSON"), ("endless", "no answer within 2 s"),
        ("huge", "more than"), ("deep", "not JSON"), ("wrong-id", "outside the vocabulary of"),
        ("nan", "not JSON"), ("null-logprob", "found null"),
        ("positive-logprob", "log-probability"), ("impossible-counts", "tokens"),
        ("text-id", "must be"), ("missing", "missing"), ("few", "most probable tokens"),
        ("redirect", "sends elsewhere"), ("header-flood", "more than"),
    ]

    @Test(arguments: faults, ServerKind.allCases)
    func faultsAreNamed(fault: (fault: String, says: String), kind: ServerKind) throws {
        let server = try server(kind, faults: [fault.fault])
        let model = try model(server, timeout: 2)
        let sequence = model.makeSequence(opening: nil)
        do {
            _ = try model.read([Work(sequence, [3, 5])])
            Issue.record("\(fault.fault): nothing was noticed")
        } catch {
            let text = "\(error)"
            #expect(text.contains(fault.says), "\(kind) \(fault.fault): \(text)")
            #expect(text.contains(server.address))
            #expect(!text.contains("\n"))
            // What was asked in vain counts, and the text is as it was.
            let traffic = try #require(model.traffic)
            #expect(traffic.failures <= 1 && traffic.requests <= 1 && sequence.length == 0)
        }
    }

    @Test(
        arguments: [
            "close:2", "cut:2", "reset:2", "busy:1", "unavailable:2", "retry-after-date:1", "slow",
        ],
        ServerKind.allCases)
    func passingFaultsAreGotOver(fault: String, kind: ServerKind) throws {
        let server = try server(kind, faults: [fault])
        let model = try model(server, timeout: 20)
        let reading = try model.read([Work(model.makeSequence(opening: nil), [3, 5])])[0][0]
        #expect(reading.argmax == character.reading(after: [3, 5]).argmax)
        let traffic = try #require(model.traffic)
        // libcurl itself tries again where a connection that was kept open turns out to be closed.
        let failures = fault == "slow" ? 0 : try #require(Int(fault.suffix(1)))
        #expect((max(0, failures - 1)...failures).contains(traffic.retries))
    }

    /// As many requests as may be are on their way at once, so that the server has always one to answer.
    @Test(arguments: ServerKind.allCases)
    func requestsAreSentTogether(kind: ServerKind) throws {
        // Each answer takes 0.3 s.
        let server = try server(kind, slots: 16, faults: ["slow"])
        let model = try model(server, concurrency: 16)
        let work = (0..<48).map {
            Work(model.makeSequence(opening: nil), [Int32($0)])
        }
        let start = ContinuousClock.now
        let readings = try model.read(work)
        #expect(readings.count == 48)
        // One after the other 14.4 s, three rounds of sixteen 0.9.
        #expect(ContinuousClock.now - start < .seconds(4))
    }

    @Test func shortListsOfPromptTokens() throws {
        for kind in [ServerKind.vllm, .sglang] {
            let server = try server(kind, faults: ["short"])
            let model = try model(server)
            #expect {
                try model.read([
                    Work(model.makeSequence(opening: nil), [3, 5, 7, 9], read: Read(.from(1)))
                ])
            } throws: { "\($0)".contains("prompt") }
        }
    }

    /// Nobody listens: after so many failures the run ends, and says so.
    @Test func aServerThatIsGoneEndsTheRun() throws {
        let server = try server(.llamaServer)
        let model = try model(server, timeout: 1)
        server.stop()
        let remote = try #require(model.remote)
        var failures = 0
        #expect {
            for _ in 0..<10 {
                _ = remote.begin(Work(model.makeSequence(opening: nil), [1]))
                var answers: [RemoteAnswer] = []
                while answers.isEmpty { answers = try remote.answers(.milliseconds(100)) }
                failures += answers.count
            }
        } throws: { "\($0)".contains("answered none of the last 2 reads") }
        #expect(failures == 1)
    }

    @Test func waitingEndsWhenTheReadsAreGivenUp() throws {
        let server = try server(.vllm, faults: ["hang"])
        let model = try model(server, timeout: 60)
        let remote = try #require(model.remote)
        let start = ContinuousClock.now
        _ = remote.begin(Work(model.makeSequence(opening: nil), [1]))
        #expect(try remote.answers(.milliseconds(50)).isEmpty)
        remote.abandon()
        #expect(try remote.answers(.milliseconds(50)).isEmpty)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
