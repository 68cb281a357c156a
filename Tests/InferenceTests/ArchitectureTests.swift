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
        /// Keys without the architecture's name.
        var keys: [String: TinyGGUF.Value] = [:]
        /// Ends of the names of matrices that have a bias; nil: the architecture's own.
        var biases: [String]?
        var testDescription: String {
            "\(architecture)\(tied ? ", tied" : "")\(mixed ? ", quantised" : "")"
                + (factors ? ", rope factors" : "")
                + (biases.map { ", biases \($0)" } ?? "") + (keys.isEmpty ? "" : ", \(keys)")
        }
    }

    private static func yarn(_ factor: Float) -> [String: TinyGGUF.Value] {
        [
            "rope.scaling.type": .string("yarn"), "rope.scaling.factor": .float32(factor),
            "rope.scaling.original_context_length": .uint32(2048),
        ]
    }

    private static func linear(_ factor: Float) -> [String: TinyGGUF.Value] {
        ["rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(factor)]
    }

    private static func plain(
        _ architecture: Architecture, mixed: Bool = false,
        _ keys: [String: TinyGGUF.Value] = [:], biases: [String]? = nil
    ) -> Case {
        Case(
            architecture: architecture, tied: false, mixed: mixed, factors: false, keys: keys,
            biases: biases)
    }

    static let cases = [
        Case(architecture: .qwen2, tied: true, mixed: false, factors: false),
        Case(architecture: .qwen2, tied: false, mixed: true, factors: false),
        Case(architecture: .llama, tied: false, mixed: false, factors: false),
        Case(architecture: .llama, tied: true, mixed: true, factors: true),
        Case(architecture: .qwen3, tied: false, mixed: false, factors: false),
        Case(architecture: .gemma3, tied: true, mixed: false, factors: false),
        Case(architecture: .gemma3, tied: true, mixed: true, factors: false),
        // Biases: everywhere, nowhere, in some of a layer's products, in some layers.
        plain(.llama, biases: [""]),
        plain(.llama, mixed: true, biases: [""]),
        plain(.gemma3, biases: [""]),
        plain(.qwen2, biases: []),
        plain(.qwen3, biases: ["attn_v", "ffn_up"]),
        plain(.llama, biases: ["0.attn_q", "1.attn_output", "1.ffn_down"]),
        Case(architecture: .qwen2, tied: true, mixed: false, factors: false, biases: ["output"]),
        // Stretched angles; Gemma's in the layers that see all.
        plain(.llama, linear(8)),
        plain(.qwen2, mixed: true, linear(2.5)),
        plain(.llama, ["rope.scale_linear": .float32(8)]),
        plain(.gemma3, linear(8)),
        plain(.llama, yarn(4)),
        plain(.gemma3, yarn(32)),
        // What else a file may say of Gemma's local layers.
        plain(.gemma3, ["rope.freq_base_swa": .float32(500)]),
        plain(.gemma3, ["attention.sliding_window_pattern": .uint32(2)]),
        plain(.llama, ["final_logit_softcapping": .float32(2)]),
        plain(.gemma3, ["final_logit_softcapping": .float32(30)]),
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
                ropeFactors: c.factors ? (0..<32).map { 1 + Float($0 % 5) } : [],
                metadata: Dictionary(
                    uniqueKeysWithValues: c.keys.map { ("\(c.architecture).\($0)", $1) }),
                biases: c.biases.map { ends in { name in ends.contains { name.hasSuffix($0) } } })
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

    /// What a file says makes a difference at all.
    @Test(arguments: [
        plain(.llama, linear(8)), plain(.llama, yarn(8)), plain(.gemma3, linear(8)),
        plain(.gemma3, ["rope.freq_base_swa": .float32(500)]), plain(.llama, biases: [""]),
        plain(.llama, ["final_logit_softcapping": .float32(2)]),
    ])
    func isNotIgnored(_ c: Case) throws {
        func logits(_ c: Case) throws -> [[Float]] {
            try withTinyModel(
                c.architecture, layers: c.architecture.localLayers ? 6 : 2,
                tied: false,
                metadata: Dictionary(
                    uniqueKeysWithValues: c.keys.map { ("\(c.architecture).\($0)", $1) }),
                biases: c.biases.map { ends in { name in ends.contains { name.hasSuffix($0) } } }
            ) { model in
                try model.sayOneByOne(randomTexts([12], seed: 4)[0]).map(\.logits)
            }
        }
        let (changed, same) = try (logits(c), logits(Self.plain(c.architecture)))
        let worst = zip(changed.joined(), same.joined()).map { abs($0 - $1) }.max() ?? 0
        #expect(worst > 0.01)
    }

    /// Values by which a file says that it asks for nothing change no bit.
    @Test(arguments: Architecture.allCases)
    func neutralValues(architecture: Architecture) throws {
        let name = architecture.rawValue
        var keys: [String: TinyGGUF.Value] = [
            "rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(1),
            "rope.scale_linear": .float32(1), "final_logit_softcapping": .float32(0),
            "attn_logit_softcapping": .float32(0), "attention.causal": .bool(true),
            "attention.scale": .float32(0.125), "logit_scale": .float32(1),
            "residual_scale": .float32(0), "embedding_scale": .float32(0),
            "attention.value_length": .uint32(64), "expert_count": .uint32(0),
            "attention.clamp_kqv": .float32(0), "vocab_size": .uint32(288),
            "pooling_type": .uint32(0), "rope.scaling.finetuned": .bool(true),
            "attention.head_count": .array(type: 5, [.int32(4), .int32(4)]),
            "attention.head_count_kv": .array(type: 4, [.uint32(2), .uint32(2)]),
            "feed_forward_length": .array(type: 5, [.int32(512), .int32(512)]),
        ]
        if architecture == .gemma3 {
            keys["rope.freq_base_swa"] = .float32(10_000)
            keys["attention.sliding_window_pattern"] = .array(type: 7, [.bool(true), .bool(true)])
        } else {
            keys["attention.sliding_window"] = .uint32(512)
        }
        let said = try [[:], keys].map { keys in
            try withTinyModel(
                architecture,
                metadata: Dictionary(uniqueKeysWithValues: keys.map { ("\(name).\($0)", $1) })
            ) { try $0.sayOneByOne(randomTexts([9])[0]) }
        }
        #expect(zip(said[0], said[1]).count { $0 != $1 } == 0)
    }
}
