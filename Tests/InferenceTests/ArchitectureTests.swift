import GGUF
import TestSupport
import Testing

@testable import Inference

/// Whole models against the same mathematics in double precision.
struct ArchitectureTests {
    struct Case: CustomTestStringConvertible {
        let architecture: Architecture
        let tied: Bool
        let mixed: Bool
        let factors: Bool
        var testDescription: String {
            "\(architecture)\(tied ? ", tied" : "")\(mixed ? ", quantised" : "")"
                + (factors ? ", rope factors" : "")
        }
    }

    static let cases = [
        Case(architecture: .qwen2, tied: true, mixed: false, factors: false),
        Case(architecture: .qwen2, tied: false, mixed: true, factors: false),
        Case(architecture: .llama, tied: false, mixed: false, factors: false),
        Case(architecture: .llama, tied: true, mixed: true, factors: true),
        Case(architecture: .qwen3, tied: false, mixed: false, factors: false),
        Case(architecture: .gemma3, tied: true, mixed: false, factors: false),
        Case(architecture: .gemma3, tied: true, mixed: true, factors: false),
    ]

    @Test(arguments: cases)
    func agreesWithDoubleArithmetic(_ c: Case) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            let floats: [TinyTensorType] = [.f32, .f16, .bf16]
            // Six layers, of which Gemma's last sees all positions and the others a window.
            try TinyModel.write(
                to: path, architecture: c.architecture.rawValue,
                layers: c.architecture.localLayers ? 6 : 2,
                types: { c.mixed ? mixedTypes($0) : floats[$0.utf8.count % 3] }, tied: c.tied,
                ropeFactors: c.factors ? (0..<32).map { 1 + Float($0 % 5) } : [])
            let tokens = randomTexts([20], seed: 4)[0]
            let expected = try DoubleModel(path).logits(tokens)
            let model = try Model(GGUFFile(path: path), processor: Processor(threads: 1))
            let found = try model.say(model.cache.makeSequence(), tokens)
            // One of the 8-bit values may round the other way; floats alone are much closer.
            let tolerance = c.mixed ? 0.06 : 1e-3
            let range = (expected.joined().max() ?? 0) - (expected.joined().min() ?? 0)
            #expect(range > 2, "logits that differ, or the test is void")
            for (position, (said, expected)) in zip(found, expected).enumerated() {
                let worst = zip(said.logits, expected)
                    .map { abs(Double($0) - $1) }.max()
                #expect((worst ?? 1) <= tolerance, "position \(position), logits within \(range)")
            }
        }
    }
}
