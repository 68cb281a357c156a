import GGUF
import TestSupport
import Testing

@testable import Inference

/// Rows of the tables beyond the tokens are as if they were not there, whatever they hold.
struct PaddingTests {
    @Test(arguments: [1, 16, 21], [true, false])
    func changesNothing(padding: Int, tied: Bool) throws {
        let text = randomTexts([20], seed: 6)[0]
        for set in InstructionSet.allCases where set.isAvailable {
            let said = try [0, padding].map { rows in
                try withTinyModel(
                    .llama, set: set, tied: tied, biases: { $0 == "output" }, padding: rows
                ) { model in
                    #expect(model.config.vocabulary == 288)
                    #expect(throws: ForwardError.token(288, vocabulary: 288)) {
                        try model.forward([Segment(model.cache.makeSequence(), [288])])
                    }
                    return try model.sayOneByOne(text)
                }
            }
            #expect(zip(said[0], said[1]).count { $0 != $1 } == 0)
            #expect(said[1].allSatisfy { $0.logits.count == 288 })
        }
    }

    /// A caller that knows of fewer tokens than the file lists.
    @Test func fewerTokensThanListed() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(to: path)
            let file = try GGUFFile(path: path)
            let processor = try Processor(threads: 1)
            let model = try Model(file, tokens: 277, processor: processor)
            let text = randomTexts([9], vocabulary: 277)[0]
            let said = try model.sayOneByOne(text)
            let whole = try Model(file, processor: processor).sayOneByOne(text)
            for (a, b) in zip(said, whole) {
                #expect(sameBits(a.logits, Array(b.logits.prefix(277))))
                #expect(a.reading.argmax < 277 && a.reading.second < 277)
            }
            for count in [1, 289, -1] {
                #expect(throws: ModelError.self) { try ModelConfig(file, tokens: count) }
            }
        }
    }

    @Test func moreTokensThanRows() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            let tokens = TinyVocabulary(count: 300).metadata
            try TinyModel.write(to: path, metadata: tokens)
            let expected = ModelError.invalid(
                key: "tokenizer.ggml.tokens", found: "a list of 300",
                expected: "2 to 288, the rows of token_embd.weight")
            #expect(throws: expected) { try ModelConfig(GGUFFile(path: path)) }
        }
    }
}
