import Generation
import Hashing
import Routing
import SweepSupport
import TestSupport
import Testing
import Tokenization

@testable import Runs

/// What models are prompted with: in whose format, behind which begin token, and in tokens that their own tokenizers make.
struct PromptFormatTests {
    private static let gemmaWords = ["<start_of_turn>", "<end_of_turn>"]
    private static let noProgram: [String: TinyGGUF.Value] = [
        "tokenizer.chat_template": .string("{{ '[INST]' }}")
    ]
    private static let gemmaProgram: [String: TinyGGUF.Value] = [
        "tokenizer.chat_template": .string("{{ '<start_of_turn>' }}")
    ]

    private func pair(
        _ fixture: SweepFixture, template: String?, isJoint: Bool = true
    ) throws -> ModelPair {
        try ModelPair(
            Pair(
                slm: fixture.load("small").participant, llm: fixture.load("large").participant),
            template: template, isJoint: isJoint)
    }

    /// S knows two formats, of which its file names one; L knows the other.
    @Test func aFormatThatIsAskedForIsBothModels() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model(
                "small", seed: 1, words: Self.gemmaWords, metadata: Self.gemmaProgram)
            try fixture.tiny.model("large", seed: 2, vocabulary: 320, words: ["extra"])
            var hashes: [String] = []
            for (name, formats) in [
                (nil, Pair(slm: .gemma, llm: .chatML)), ("raw", Pair(slm: nil, llm: nil)),
                ("chatml", Pair(slm: .chatML, llm: .chatML)),
            ] as [(String?, Pair<ChatTemplate?>)] {
                let pair = try pair(fixture, template: name)
                let prompt = pair.prompt(system: "Be brief.", user: "hi")
                func own(_ model: Route) -> [Int32] {
                    pair[model].prompt(
                        system: "Be brief.", user: "hi", template: formats[model])
                }
                #expect(prompt.openings.slm == Opening(count: own(.llm).count, tokens: own(.slm)))
                #expect(prompt.tokens == own(.llm) && prompt.openings.llm == nil)
                #expect(pair.template == formats.llm)
                hashes.append(pair.tokenizerHash)
            }
            // Answers of different prompts have different keys.
            #expect(Set(hashes).count == 3)
            #expect(
                throws: RunError.noCommand(
                    model: "large.gguf", marker: "<start_of_turn>", template: "gemma")
            ) { try pair(fixture, template: "gemma") }
        }
    }

    /// S's file names no format: L's holds, if S knows its commands.
    @Test func aFormatIsLentOnlyToWhoKnowsIt() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model("small", seed: 1, metadata: Self.noProgram)
            try fixture.tiny.model("large", seed: 2, vocabulary: 320, words: ["extra"])
            let lent = try pair(fixture, template: nil)
            #expect(
                lent.prompt(system: nil, user: "hi").openings.slm?.tokens
                    == lent[.slm].prompt(system: nil, user: "hi", template: .chatML))
            try fixture.tiny.model(
                "large", seed: 2, vocabulary: 320, words: Self.gemmaWords,
                metadata: Self.gemmaProgram)
            #expect(
                throws: RunError.noCommand(
                    model: "small.gguf", marker: "<start_of_turn>", template: "gemma")
            ) { try pair(fixture, template: nil) }
            #expect(try pair(fixture, template: "raw").template == nil)
        }
    }

    /// Every marker of a format is asked for; what a file says of itself is believed, and told where it is odd.
    @Test(arguments: ["<|im_start|>", "<|im_end|>"])
    func markersAreCommands(marker: String) throws {
        try SweepFixture.with { fixture in
            var vocabulary = TinyVocabulary(count: 288)
            let id = try #require(TinyVocabulary.id(of: marker))
            vocabulary.replace(Int(id), with: "word", type: 1)
            let plain = vocabulary.metadata
            try fixture.tiny.model(
                "small", seed: 1, metadata: plain.merging(Self.noProgram) { $1 })
            let small = try fixture.load("small").participant
            #expect(
                throws: RunError.noCommand(
                    model: "small.gguf", marker: marker, template: "chatml")
            ) { try small.template(named: "chatml") }
            #expect(throws: RunError.noTemplate(model: "small.gguf")) {
                try small.template(named: nil)
            }
            #expect(small.text.warnings.isEmpty)
            try fixture.tiny.model("small", seed: 1, metadata: plain)
            let own = try fixture.load("small").participant
            #expect(try own.template(named: nil) == .chatML)
            #expect(try own.template(named: "chatml") == .chatML)
            #expect(own.text.warnings.count == 1)
            #expect(own.text.warnings.allSatisfy { $0.contains(marker) })
        }
    }

    @Test func answersThatAProgramStartsAreRefused() throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model(
                "small", seed: 1,
                metadata: [
                    "tokenizer.chat_template": .string(
                        "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}")
                ])
            let text = try fixture.load("small").participant.text
            let error = #expect(
                throws: RunError.startedAnswer(
                    model: "small.gguf", start: "\n<think>\n", template: "chatml")
            ) { try text.template(named: nil) }
            #expect(error?.description.contains(#""\n<think>\n""#) == true)
            #expect(throws: RunError.self) { try text.prompt("hi", raw: false) }
            #expect(try text.prompt("hi", raw: true) == [104, 105])
            #expect(try text.template(named: "chatml") == .chatML)
            #expect(try text.template(named: "raw") == nil)
        }
    }

    /// The begin token is the format's own first one or 7; the file asks for it or not, and its program writes it or not.
    @Test(arguments: [true, false], [(true, true), (true, false), (false, true), (false, false)])
    func theBeginTokenIsTheFilesOrTheProgramsAndOnce(
        isMarker: Bool, by: (asks: Bool, writes: Bool)
    ) throws {
        let (asks, writes) = by
        try SweepFixture.with { fixture in
            let start = try #require(TinyVocabulary.id(of: "<|im_start|>"))
            let begin = isMarker ? start : 7
            let program = (writes ? "{{ bos_token }}" : "") + "{{ '<|im_start|>' }}"
            try fixture.tiny.model(
                "small", seed: 1,
                metadata: [
                    "tokenizer.ggml.bos_token_id": .uint32(UInt32(begin)),
                    "tokenizer.ggml.add_bos_token": .bool(asks),
                    "tokenizer.chat_template": .string(program),
                ])
            let small = try fixture.load("small").participant
            let chat = small.prompt(system: nil, user: "hi", template: .chatML)
            let head = isMarker || !(asks || writes) ? [start] : [7, start]
            #expect(Array(chat.prefix(2).prefix { $0 == 7 || $0 == start }) == head)
            // A program says nothing of texts without its format.
            #expect(
                small.prompt(system: nil, user: "hi", template: nil)
                    == (asks ? [begin] : []) + [104, 105])
            // The name changes only where the tokens do.
            let changes = writes && !asks && !isMarker
            #expect((small.text.hash(of: .chatML) != small.tokenizerHash) == changes)
            #expect(small.text.hash(of: nil) == small.tokenizerHash)
        }
    }
}

/// A pair of SentencePiece and byte-level pieces, the first with a space before every text and a token of each byte.
struct JoinedPiecesTests {
    private static let firstPiece = 260
    private static let pieces = [
        "▁", "h", "e", "t", "1", "he", "▁t", "▁the", "é", "▁he", "▁1", ".",
    ]

    private static let metadata: [String: TinyGGUF.Value] = {
        var tokens = ["<pad>", "<eos>", "<bos>", "<unk>"]
        tokens += (0...255).map { byte in
            "<0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) + ">"
        }
        let byteCount = tokens.count
        tokens += pieces
        var types = [Int32](repeating: 3, count: 3) + [2]
        types += [Int32](repeating: 6, count: 256) + pieces.map { _ in 1 }
        for index in tokens.count..<288 {
            tokens.append("<unused\(index)>")
            types.append(5)
        }
        let scores = tokens.indices.map { Float($0 < byteCount ? 0 : byteCount - $0) }
        return [
            "tokenizer.ggml.model": .string("llama"),
            "tokenizer.ggml.tokens": .strings(tokens),
            "tokenizer.ggml.token_type": .array(type: 5, types.map { .int32($0) }),
            "tokenizer.ggml.scores": .array(type: 6, scores.map { .float32($0) }),
            "tokenizer.ggml.bos_token_id": .uint32(2), "tokenizer.ggml.eos_token_id": .uint32(1),
            "tokenizer.ggml.add_space_prefix": .bool(true),
        ]
    }()

    private func with(_ body: (Pair<Participant>) throws -> Void) throws {
        try SweepFixture.with { fixture in
            try fixture.tiny.model("small", seed: 1, metadata: Self.metadata)
            try body(
                Pair(
                    slm: fixture.load("small").participant,
                    llm: fixture.load("large").participant))
        }
    }

    @Test func charactersAreNotReadAsBytes() throws {
        try with { models in
            for models in [models, Pair(slm: models.llm, llm: models.slm)] {
                let joint = JointVocabulary(models.map(\.textTokens))
                let hasPieces: Route = models.slm.tokenizer.isFallback(4) ? .slm : .llm
                let isPlain: Route = hasPieces == .slm ? .llm : .slm
                for (index, piece) in Self.pieces.enumerated() where piece.utf8.count == 1 {
                    let byte = Int32(piece.utf8.first ?? 0)
                    let id = joint.joint(byte, of: isPlain)
                    #expect(joint.own(id, of: hasPieces) == Int32(Self.firstPiece + index))
                }
                // What has no piece is a byte.
                for byte in [0x0A, 0x78, 0xC3, 0xF0] as [Int32] {
                    #expect(joint.own(joint.joint(byte, of: isPlain), of: hasPieces) == 4 + byte)
                }
            }
        }
    }

    @Test func aModelJoinedWithItselfNeverDisagrees() throws {
        try with { models in
            for model in Route.allCases {
                let tokens = models[model].textTokens
                let joint = JointVocabulary(Pair(both: tokens))
                for id in 0..<Int32(tokens.named) {
                    #expect(joint.joint(id, of: .slm) == id && joint.own(id, of: .slm) == id)
                }
            }
        }
    }

    /// What a model reads of the other's text is that text, without a space that nobody wrote.
    @Test func theOthersTextIsReadAsItIs() throws {
        try with { models in
            let joint = JointVocabulary(models.map(\.textTokens))
            let (small, large) = (models.slm.tokenizer, models.llm.tokenizer)
            var generator = SplitMix64(seed: 7)
            let parts = ["h", "e", " the", " t", "1", ".", "\n", "é", "🙂", "x", " ", "and", "in"]
            for _ in 0..<200 {
                let text = (0..<Int.random(in: 1...12, using: &generator))
                    .compactMap { _ in parts.randomElement(using: &generator) }.joined()
                var own: [Int32] = []
                for id in large.encode(text, parseSpecial: false) {
                    joint.append(id, to: &own, of: .slm, least: 0)
                }
                #expect(own.flatMap { small.bytes(of: $0) } == Array(text.utf8), "\(text)")
            }
        }
    }

    /// Solutions to learn from and texts to draft from stand behind a prompt.
    @Test func solutionsGoOnThePrompt() throws {
        try with { models in
            let pair = try ModelPair(Pair(both: models.slm), template: "raw")
            let he = Int32(Self.firstPiece + 5)
            #expect(pair.answerTokens(of: "he") == [he, 1])
            #expect(pair.draftTokens(of: ["he", ""]) == [[he], []])
            let plain = try ModelPair(Pair(both: models.llm), template: "raw")
            #expect(
                plain.answerTokens(of: " the ring")
                    == plain[.llm].tokenizer.encode(" the ring", parseSpecial: false)
                    + plain.endTokens.filter { $0 == plain[.llm].tokenizer.turnEndID })
        }
    }
}
