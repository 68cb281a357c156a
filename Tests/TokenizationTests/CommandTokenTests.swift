import TestSupport
import Testing

@testable import Tokenization

/// Tokens that end an answer or start a turn, in files that mark them as anything.
struct CommandTokenTests {
    private static let base = 256 + TinyVocabulary.merges.count
    private static let ends = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>", "<|eom_id|>",
        "<|end_of_text|>", "<|end|>",
    ]

    /// A vocabulary whose last token is `text` of a kind, with `<|endoftext|>` named as the end; kind nil: the file has no kinds.
    private func vocabulary(_ text: String, kind: Int32?, eos: Bool = true) throws -> Tokenizer {
        var tiny = TinyVocabulary(count: Self.base + 4)
        tiny.replace(Self.base + 3, with: text, type: kind ?? 1)
        var metadata: [String: TinyGGUF.Value] = [
            "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string("qwen2"),
            "tokenizer.ggml.tokens": .strings(tiny.tokens),
            "tokenizer.ggml.merges": .strings(TinyVocabulary.merges),
        ]
        if kind != nil {
            metadata["tokenizer.ggml.token_type"] = tiny.metadata["tokenizer.ggml.token_type"]
        }
        if eos { metadata["tokenizer.ggml.eos_token_id"] = .uint32(UInt32(Self.base)) }
        return try bare(metadata)
    }

    @Test(arguments: ends, [0, 1, 2, 3, 4, 5, 6, nil] as [Int32?])
    func endsAnAnswerWhateverItsKind(text: String, kind: Int32?) throws {
        let tokenizer = try vocabulary(text, kind: kind)
        // The tiny vocabulary has two of these texts already, under other ids.
        let id = try #require(tokenizer.encode(text, parseSpecial: true).first)
        #expect(tokenizer.encode(text, parseSpecial: true) == [id])
        #expect(tokenizer.endIDs.isSuperset(of: [id, Int32(Self.base), Int32(Self.base + 3)]))
        #expect(tokenizer.isControl(Int32(Self.base + 3)))
        #expect(tokenizer.encode(text, parseSpecial: false).count > 1)
        #expect(tokenizer.decode([Int32(Self.base + 3)]) == text)
        #expect(tokenizer.vocabularyCount == Self.base + 4)
    }

    /// Whatever else the file names as an end.
    @Test(
        arguments: ["<EOT>", "_<EOT>", "<｜end▁of▁sentence｜>", "<end_of_utterance>"],
        [true, false])
    func endsAnAnswerAsACommand(text: String, eos: Bool) throws {
        let id = Int32(Self.base + 3)
        #expect(try vocabulary(text, kind: 3, eos: eos).endIDs.contains(id))
        // Added by hand, it is a word like others beside the ends that the vocabulary has.
        #expect(!(try vocabulary(text, kind: 4, eos: eos).endIDs.contains(id)))
    }

    @Test(
        arguments: ["<|im_start|>", "<|start_header_id|>", "<|end_header_id|>", "<start_of_turn>"],
        [1, 4, 5, nil] as [Int32?])
    func startsATurnWhateverItsKind(text: String, kind: Int32?) throws {
        let tokenizer = try vocabulary(text, kind: kind)
        #expect(tokenizer.encode("\(text)in", parseSpecial: true).count == 2)
        #expect(!tokenizer.endIDs.contains(Int32(Self.base + 3)))
    }

    @Test(arguments: ["<|fim_prefix|>", "<|x|>", "<｜User｜>", "<｜end▁of▁sentence｜>"])
    func barredNamesAreCommandsUnlessTheFileSaysOtherwise(text: String) throws {
        for kind in [nil, 0, 1, 3] as [Int32?] {
            let tokenizer = try vocabulary(text, kind: kind)
            #expect(tokenizer.isControl(Int32(Self.base + 3)), "\(kind ?? -1)")
        }
        #expect(!(try vocabulary(text, kind: 4).isControl(Int32(Self.base + 3))))
    }

    @Test(arguments: ["<||>", "<| |>", "<|a b|>", "<|", "<in>", "</s>", "<|a|><|b|>"])
    func otherTextsStayWords(text: String) throws {
        let tokenizer = try vocabulary(text, kind: 1)
        #expect(!tokenizer.isControl(Int32(Self.base + 3)))
        #expect(!tokenizer.endIDs.contains(Int32(Self.base + 3)))
    }

    // Qwen's and Gemma's vocabularies have it as a word, too.
    @Test func aWordOfHTMLEndsOnlyWhatNothingElseDoes() throws {
        var tiny = TinyVocabulary()
        tiny.replace(Self.base, with: "</s>", type: 1)
        tiny.replace(Self.base + 2, with: "x", type: 1)
        let metadata: [String: TinyGGUF.Value] = [
            "tokenizer.ggml.model": .string("gpt2"), "tokenizer.ggml.pre": .string("qwen2"),
            "tokenizer.ggml.merges": .strings(TinyVocabulary.merges),
        ]
        let other = try bare(metadata.merging(tiny.metadata) { $1 })
        #expect(other.endIDs == [Int32(Self.base)])
        tiny.replace(Self.base + 2, with: "<|im_end|>", type: 1)
        let ended = try bare(metadata.merging(tiny.metadata) { $1 })
        #expect(ended.endIDs == [Int32(Self.base + 2)])
    }
}
