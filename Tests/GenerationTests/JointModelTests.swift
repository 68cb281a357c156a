import Inference
import ModelSupport
import Routing
import Testing

@testable import Generation

/// Two models of different tokens, each reading the other's text in its own.
struct JointModelTests {
    /// A tokenizer that takes the longest token that fits, over tokens given as bytes.
    private static func tokens(
        _ pieces: [[UInt8]], count: Int? = nil, fallbacks: Range<Int32> = 0..<0
    ) -> TextTokens {
        TextTokens(
            count: count ?? pieces.count, named: pieces.count, bytes: { pieces[Int($0)] },
            isControl: { pieces[Int($0)].starts(with: Array("<|".utf8)) },
            isFallback: { fallbacks.contains($0) },
            encode: { text in
                var rest = Array(text.utf8)[...]
                var ids: [Int32] = []
                while !rest.isEmpty {
                    let fitting = pieces.indices.filter {
                        !pieces[$0].isEmpty && rest.starts(with: pieces[$0])
                            && !fallbacks.contains(Int32($0))
                    }
                    guard let best = fitting.max(by: { pieces[$0].count < pieces[$1].count })
                    else {
                        rest.removeFirst()
                        continue
                    }
                    ids.append(Int32(best))
                    rest = rest.dropFirst(pieces[best].count)
                }
                return ids
            })
    }

    private static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

    private static let small = tokens(
        bytes(["h", "e", "l", "o", "he", "hello", " ", "w", "é", "<|end|>"]) + [[0xC3], [0xA9]])
    private static let large = tokens(
        bytes(["hel", "lo", " w", "o", "<|end|>", "<|turn|>"]) + [[0xC3], [0xA9]], count: 10)

    private let joint = JointVocabulary(Pair(slm: Self.small, llm: Self.large))

    @Test func tokensOfBothAreOne() {
        #expect(joint.count == 22)
        // "o" and the end are L's; "h" is not.
        #expect(joint.joint(3, of: .slm) == 3)
        #expect(joint.joint(9, of: .slm) == 4)
        #expect(joint.joint(0, of: .slm) == 10)
        #expect(joint.own(3, of: .slm) == 3 && joint.own(10, of: .slm) == 0)
        #expect(joint.own(0, of: .slm) == nil && joint.own(10, of: .llm) == nil)
        #expect(joint.decode([0, 1, 2, 10]) == "hello wh")
        // Ids that a model has without text are nobody's.
        #expect(joint.bytes(8).isEmpty && joint.bytes(9).isEmpty)
        for id in 0..<Int32(12) {
            #expect(joint.own(joint.joint(id, of: .slm), of: .slm) == id)
        }
    }

    /// A model and itself mean the same by every token: by bytes beside the characters that they are, and by tokens of the same text.
    @Test func aModelJoinedWithItselfIsOne() {
        let model = Self.tokens(
            [[0x31], [0xC3], [0xC3]] + Self.bytes(["1", "12", "12", "<|end|>", "<|end|>", "é"]),
            count: 12, fallbacks: 0..<3)
        let joint = JointVocabulary(Pair(both: model))
        for id in 0..<Int32(9) {
            #expect(joint.joint(id, of: .slm) == id && joint.own(id, of: .slm) == id)
        }
    }

    /// A byte stands for a character only where a vocabulary has nothing else for it.
    @Test func bytesTakeNoCharactersPlace() {
        let pieces = Self.tokens(
            [[0x31], [0xC3], [0x41]] + Self.bytes(["1"]), fallbacks: 0..<3)
        let plain = Self.tokens([[0x31], [0xC3], [0x41]])
        let joint = JointVocabulary(Pair(slm: plain, llm: pieces))
        #expect((0..<3).map { joint.joint($0, of: .slm) } == [3, 1, 2])
        #expect((0..<4).map { joint.own($0, of: .slm) } == [nil, 1, 2, 0])
        let other = JointVocabulary(Pair(slm: pieces, llm: plain))
        #expect((0..<4).map { other.joint($0, of: .slm) } == [3, 1, 2, 0])
        #expect((0..<4).map { other.own($0, of: .slm) } == [3, 1, 2, 0])
        #expect(other.own(3, of: .llm) == nil)
        // The byte all the same, should a model write it, is read as the text that it is.
        var own: [Int32] = []
        joint.append(0, to: &own, of: .slm, least: 0)
        #expect(own == [0])
    }

    /// An opening has no part that a sequence could hold.
    @Test func anOpeningIsForgottenAsAWhole() throws {
        let model = JointModel(
            FakeModel(.init(seed: 1, vocabulary: 12)), as: .slm, vocabulary: joint)
        let text: [Int32] = [0, 1, 2, 1]
        for length in 0..<text.count {
            let sequence = model.makeSequence(opening: Opening(count: 3, tokens: [5, 7]))
            let first = try model.read([Work(sequence, text, read: Read(.last))])
            sequence.rewind(to: length)
            #expect(sequence.length == (length < 3 ? 0 : length))
            let rest = Array(text[sequence.length...])
            let again = try model.read([Work(sequence, rest, read: Read(.last))])
            #expect(first == again)
        }
    }

    private func read(_ ids: [Int32], as model: Route) -> [Int32] {
        ids.reduce(into: []) { joint.append($1, to: &$0, of: model, least: 0) }
    }

    /// What L wrote in two pieces S would have written in one, and so reads as one.
    @Test func theLastWordIsTokenizedAnew() {
        #expect(read([0], as: .slm) == [4, 2])
        #expect(read([0, 1], as: .slm) == [5])
        // " w" is no token of S: its word begins with the space, and what stands before it stays.
        #expect(read([0, 1, 2], as: .slm) == [5, 6, 7])
        // S's own pieces stay as S wrote them.
        #expect(read([10, 11], as: .slm) == [0, 1])
        // A command that the model has not means nothing to it.
        #expect(read([0, 5], as: .slm) == [4, 2])
        // Tokens of the prompt are not touched.
        var own: [Int32] = [4]
        joint.append(1, to: &own, of: .slm, least: 1)
        #expect(own == [4, 2, 3])
    }

    /// "é" in two bytes of L's: one by one while it is no character, then S's own token for it.
    @Test func charactersInPiecesAreReadAsBytes() {
        let lonely = Self.tokens(Self.bytes(["hel", "lo"]) + [[0xC3], [0xA9]])
        let joint = JointVocabulary(
            Pair(
                slm: Self.tokens(Self.bytes(["é", "h"]) + [[0xC3, 0xA9], [0xC3]]), llm: lonely))
        var own: [Int32] = []
        joint.append(2, to: &own, of: .slm, least: 0)
        #expect(own == [3])
        joint.append(3, to: &own, of: .slm, least: 0)
        #expect(own == [0])
    }

    private func run(batch: Int, lanes: [Lane], memory: Int = .max) throws -> [Trace] {
        let small = JointModel(
            FakeModel(.init(seed: 1, vocabulary: 12), memory: memory), as: .slm,
            vocabulary: joint)
        let large = JointModel(
            FakeModel(.init(seed: 2, vocabulary: 10)), as: .llm, vocabulary: joint)
        let generator = try Generator(
            Pair(slm: small, llm: large),
            options: .init(maxTokens: 24, endTokens: [4], batch: batch))
        var traces: [Int: Trace] = [:]
        var request: Request? = Request(
            question: "q", prompt: [0, 1, 2],
            openings: Pair(slm: Opening(count: 3, tokens: [5, 7]), llm: nil), lanes: lanes)
        try generator.run(
            next: {
                defer { request = nil }
                return request
            },
            isCancelled: { false },
            report: { _, lane, outcome in
                if case .finished(let trace) = outcome { traces[lane] = trace }
            })
        return lanes.indices.compactMap { traces[$0] }
    }

    private static let lanes = [
        Lane(.slm), Lane(.llm), Lane(.scored(Entropy(), threshold: 1)),
        Lane(.scored(Margin(), threshold: 0.5)), Lane(.scored(RandomDraw(seed: 3), threshold: 0.5)),
        Lane(.disagree),
    ]

    /// Cells that share passes write what each writes by itself, though words are tokenized anew on the way.
    @Test func fusedAndAloneWriteTheSame() throws {
        let fused = try run(batch: 8, lanes: Self.lanes)
        #expect(fused.count == Self.lanes.count)
        for (lane, trace) in zip(Self.lanes, fused) {
            #expect(try run(batch: 1, lanes: [lane]).map(\.decisions) == [trace.decisions])
        }
        #expect(Set(fused.map(\.tokens)).count > 3)
        #expect(fused[2].llmCalls > 0 && fused[2].llmCalls < fused[2].decisions.count)
    }

    /// Neither model alone notices that there is another.
    @Test func aloneAsWithoutTheOther() throws {
        let both = try run(batch: 8, lanes: [Lane(.slm), Lane(.llm)])
        let starts: [(FakeModel.Character, [Int32], Route)] = [
            (.init(seed: 1, vocabulary: 12), [5, 7], .slm),
            (.init(seed: 2, vocabulary: 10), [0, 1, 2], .llm),
        ]
        for (trace, (character, prompt, model)) in zip(both, starts) {
            var own = prompt
            let expected = trace.tokens.map { _ in
                own.append(character.reading(after: own).argmax)
                return joint.joint(own[own.count - 1], of: model)
            }
            #expect(trace.tokens == expected)
        }
    }

    /// L's text, as for a pair of one vocabulary.
    @Test func disagreeWritesTheLargeModelsText() throws {
        let traces = try run(batch: 4, lanes: [Lane(.llm), Lane(.disagree)])
        #expect(traces[0].tokens == traces[1].tokens)
        #expect(traces[1].llmCalls < traces[1].decisions.count)
    }

    @Test func draftsAreRefused() throws {
        let model = JointModel(
            FakeModel(.init(seed: 1, vocabulary: 12)), as: .slm, vocabulary: joint)
        #expect(throws: GenerationError.needsOneVocabulary) {
            try model.read([Work(model.makeSequence(), [0, 1], read: Read(.all))])
        }
    }
}
