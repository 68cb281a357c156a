import Foundation
import Testing

@testable import Inference

/// The bits of real models' logits, with their real shapes and formats; and their memory.
@Suite(.serialized) struct RealModelTests {
    @Test(.enabled(if: RealModel.smollm2.isHere, "needs SmolLM2"))
    func smollm2() throws {
        try expectSameBits(.smollm2, lengths: [1, 2, 5, 17, 20, 33, 40, 64])
    }

    @Test(.enabled(if: RealModel.qwen05.isHere, "needs Qwen2.5-Coder 0.5B"))
    func qwen05() throws { try expectSameBits(.qwen05, lengths: [1, 2, 3, 5, 7, 17, 18, 20]) }

    @Test(.enabled(if: RealModel.qwen15.isHere, "needs Qwen2.5-Coder 1.5B"))
    func qwen15() throws { try expectSameBits(.qwen15, lengths: [1, 1, 2, 3, 3, 4, 5, 9]) }

    /// The scalar kernels take about 0.3 s a token of the smallest model.
    @Test(.enabled(if: RealModel.smollm2.isHere, "needs SmolLM2"))
    func smollm2Scalar() throws {
        let text = randomTexts([9], vocabulary: 49_152, seed: 3)[0]
        let expected = try RealModel.smollm2.load(threads: 1).sayOneByOne(text)
        let model = try RealModel.smollm2.load(threads: 2, set: .scalar)
        let found = try model.say(model.cache.makeSequence(), text)
        #expect(zip(found, expected).count { $0 != $1 } == 0)
    }

    private func expectSameBits(_ name: RealModel, lengths: [Int]) throws {
        var expected: [[Said]] = []
        let others = InstructionSet.allCases.filter { $0.isAvailable && $0 != .scalar }.dropLast()
        for (set, threads) in [(.best, 1), (.best, 2)] + others.map({ ($0, 2) }) {
            let model = try name.load(threads: threads, set: set)
            let texts = randomTexts(lengths, vocabulary: model.config.vocabulary, seed: 3)
            if expected.isEmpty { expected = try texts.map { try model.sayOneByOne($0) } }
            let mixed = try model.sayMixed(texts, seed: UInt64(threads))
            let differ = zip(mixed.joined(), expected.joined()).count { $0 != $1 }
            #expect(mixed.joined().count == lengths.reduce(0, +))
            #expect(differ == 0, "batch, \(set), \(threads) threads")
            let whole = try texts.suffix(2).map { try model.say(model.cache.makeSequence(), $0) }
            #expect(zip(whole, expected.suffix(2)).count { $0 != $1 } == 0, "prefill")
            #expect(model.cache.pagesInUse == 0)
        }
    }
}
