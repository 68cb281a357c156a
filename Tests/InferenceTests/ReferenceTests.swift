import Testing

@testable import Inference

/// Real models against llama.cpp's greedy continuations, by teacher forcing: each position is read
/// after llama.cpp's own tokens, so that one near-tie does not spoil what follows.
///
/// Between two builds of llama.cpp itself the log-probabilities differ by 0.009 to 0.012 on average.
@Suite(.serialized) struct ReferenceTests {
    @Test(.enabled(if: RealModel.qwen05.isHere, "needs qwen2.5-coder-0.5b in CITER_MODELS"))
    func qwen05() throws { try compare(.qwen05, agreement: 0.97, difference: 0.03) }

    @Test(.enabled(if: RealModel.qwen15.isHere, "needs qwen2.5-coder-1.5b in CITER_MODELS"))
    func qwen15() throws { try compare(.qwen15, agreement: 0.97, difference: 0.03) }

    @Test(.enabled(if: RealModel.gemma3.isHere, "needs gemma3-270m in CITER_MODELS"))
    func gemma3() throws { try compare(.gemma3, agreement: 0.97, difference: 0.03) }

    /// Measured: 246 of 254 (96.9 %) and 0.036. This model amplifies the rounding of activations to
    /// 8 bits, which both decoders do: the same weights in single precision without it are at 245 of
    /// 254 and 0.0317 from llama.cpp's figures, and scaling our activations by 1.000002 moves our own
    /// log-probabilities by 0.034 on average (the Qwen models' by 0.007 and 0.005).
    @Test(.enabled(if: RealModel.smollm2.isHere, "needs smollm2-135m in CITER_MODELS"))
    func smollm2() throws { try compare(.smollm2, agreement: 0.95, difference: 0.045) }

    private func compare(_ name: RealModel, agreement: Double, difference: Double) throws {
        let model = try name.load()
        var (positions, agreed, distance) = (0, 0, 0.0)
        for row in try name.continuations() {
            let sequence = model.cache.makeSequence()
            // The last prompt token's reading is the first that tells of a generated one.
            _ = try model.forward([Segment(sequence, row.promptIds.dropLast(), read: .none)])
            let tokens = row.promptIds.suffix(1) + row.ids.dropLast()
            let readings = try model.forward([
                Segment(sequence, Array(tokens), read: Read(.all, targets: row.ids))
            ])[0]
            try #require(readings.count == row.logprobs.count)
            for (reading, (id, logprob)) in zip(readings, zip(row.ids, row.logprobs)) {
                positions += 1
                agreed += reading.argmax == id ? 1 : 0
                distance += abs(Double(reading.targetLogProbabilities[0]) - logprob)
            }
        }
        let (share, mean) = (Double(agreed) / Double(positions), distance / Double(positions))
        print("\(name.rawValue): argmax \(agreed) of \(positions), mean difference \(mean)")
        #expect(positions > 200)
        #expect(share >= agreement, "\(agreed) of \(positions) agree")
        #expect(mean <= difference)
    }
}
