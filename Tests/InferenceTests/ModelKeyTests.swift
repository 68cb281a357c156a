import GGUF
import TestSupport
import Testing

@testable import Inference

/// What a file says and this decoder does not do, or does not understand, is refused by name.
struct ModelKeyTests {
    typealias Keys = [String: TinyGGUF.Value]

    /// The error of a tiny model with keys of its architecture added or replaced.
    private func error(
        _ architecture: Architecture, _ keys: Keys, factors: Bool = false
    ) throws -> ModelError? {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            let name = architecture.rawValue
            try TinyModel.write(
                to: path, architecture: name, width: 64, feedForward: 64,
                ropeFactors: factors ? [Float](repeating: 2, count: 8) : [],
                metadata: Dictionary(uniqueKeysWithValues: keys.map { ("\(name).\($0)", $1) }))
            do throws(ModelError) {
                let file: GGUFFile
                do { file = try GGUFFile(path: path) } catch { return nil }
                _ = try ModelConfig(file)
                return nil
            } catch {
                return error
            }
        }
    }

    private func key(of error: ModelError?) -> String? {
        switch error {
        case .invalid(let key, _, _), .unsupported(let key, _, _), .unknownKey(let key, _),
            .missing(let key):
            key
        default: nil
        }
    }

    /// Each of these changes the arithmetic; the key that the error names comes first.
    static let refused: [(String, Keys)] = [
        ("rope.scaling.factor", ["rope.scaling.factor": .float32(8)]),
        (
            "rope.scaling.factor",
            ["rope.scaling.type": .string("none"), "rope.scaling.factor": .float32(8)]
        ),
        ("rope.scaling.factor", ["rope.scaling.type": .string("linear")]),
        ("rope.scaling.factor", ["rope.scaling.type": .string("yarn")]),
        (
            "rope.scaling.original_context_length",
            ["rope.scaling.type": .string("yarn"), "rope.scaling.factor": .float32(8)]
        ),
        (
            "rope.scale_linear",
            [
                "rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(8),
                "rope.scale_linear": .float32(4),
            ]
        ),
        (
            "rope.scaling.type",
            ["rope.scaling.type": .string("longrope"), "rope.scaling.factor": .float32(8)]
        ),
        ("rope.scaling.attn_factor", ["rope.scaling.attn_factor": .float32(1.2)]),
        ("rope.scaling.yarn_log_multiplier", ["rope.scaling.yarn_log_multiplier": .float32(0.1)]),
        ("logit_scale", ["logit_scale": .float32(0.5)]),
        ("embedding_scale", ["embedding_scale": .float32(12)]),
        ("residual_scale", ["residual_scale": .float32(0.22)]),
        ("attention.scale", ["attention.scale": .float32(0.5)]),
        ("attn_logit_softcapping", ["attn_logit_softcapping": .float32(50)]),
        ("attention.causal", ["attention.causal": .bool(false)]),
        ("attention.clamp_kqv", ["attention.clamp_kqv": .float32(8)]),
        ("attention.max_alibi_bias", ["attention.max_alibi_bias": .float32(8)]),
        ("attention.value_length", ["attention.value_length": .uint32(32)]),
        ("attention.layer_norm_epsilon", ["attention.layer_norm_epsilon": .float32(1e-3)]),
        ("attention.sliding_window", ["attention.sliding_window": .uint32(128)]),
        (
            "attention.sliding_window_pattern",
            ["attention.sliding_window_pattern": .array(type: 7, [.bool(true), .bool(false)])]
        ),
        ("rope.freq_base_swa", ["rope.freq_base_swa": .float32(500)]),
        ("rope.dimension_count", ["rope.dimension_count": .uint32(32)]),
        ("rope.dimension_sections", ["rope.dimension_sections": .array(type: 5, [.int32(16)])]),
        ("expert_count", ["expert_count": .uint32(8)]),
        ("nextn_predict_layers", ["nextn_predict_layers": .uint32(1)]),
        ("pooling_type", ["pooling_type": .uint32(3)]),
        ("vocab_size", ["vocab_size": .uint32(300)]),
        ("use_parallel_residual", ["use_parallel_residual": .bool(true)]),
        ("some.thing_new", ["some.thing_new": .uint32(0)]),
        // Layers that differ.
        (
            "attention.head_count_kv",
            ["attention.head_count_kv": .array(type: 5, [.int32(2), .int32(1)])]
        ),
        (
            "feed_forward_length",
            ["feed_forward_length": .array(type: 5, [.int32(512), .int32(256)])]
        ),
        ("attention.head_count", ["attention.head_count": .array(type: 5, [.int32(4)])]),
        ("attention.head_count", ["attention.head_count": .array(type: 5, [])]),
        // An odd number of heads of 16: no multiple of 32 in all.
        (
            "attention.head_count",
            [
                "attention.head_count": .uint32(3), "attention.head_count_kv": .uint32(1),
                "attention.key_length": .uint32(48),
            ]
        ),
        ("attention.head_count", ["attention.head_count": .uint32(6)]),
    ]

    @Test(arguments: refused)
    func isRefusedByName(named: String, keys: Keys) throws {
        let found = try error(.llama, keys)
        #expect(key(of: found) == "llama.\(named)", "\(String(describing: found))")
        #expect(found.map { !"\($0)".contains("multiple of 0") } ?? false)
    }

    /// A value of another type than its key has, or beyond all range.
    @Test(
        arguments: [
            "block_count", "context_length", "embedding_length", "feed_forward_length",
            "attention.head_count", "attention.head_count_kv", "attention.key_length",
            "attention.value_length", "attention.layer_norm_rms_epsilon", "rope.freq_base",
            "rope.dimension_count", "rope.scaling.type", "rope.scaling.factor",
            "rope.scale_linear", "rope.scaling.original_context_length", "vocab_size",
            "final_logit_softcapping", "attention.sliding_window", "attention.causal",
            "expert_count", "rope.freq_base_swa", "attention.sliding_window_pattern",
        ])
    func wrongTypes(name: String) throws {
        let isText = name == "rope.scaling.type"
        let isTruth = name == "attention.causal"
        let isReal =
            name.hasPrefix("rope.freq") || name.contains("epsilon")
            || name.contains("scal") || name.contains("capping")
        var values: [TinyGGUF.Value] = [
            .strings(["3"]), .array(type: 6, [.float32(1)]), .int32(-1), .uint64(.max),
            .float64(.nan), .float32(.infinity),
        ]
        values += isText ? [.bool(true), .uint32(1)] : [.string("3"), .string("")]
        if !isReal && !isText { values.append(.float32(2.5)) }
        if !isTruth { values.append(.bool(false)) }
        for architecture in [Architecture.qwen2, .gemma3] {
            for value in values {
                // No is as good as 0 where a key only has to say that nothing is asked for.
                let isNeutral = ["expert_count", "attention.sliding_window_pattern"].contains(name)
                if case .bool = value, isNeutral { continue }
                let found = try error(architecture, [name: value])
                #expect(
                    key(of: found)?.hasPrefix("\(architecture.rawValue).\(name)") ?? false,
                    "\(architecture), \(value): \(String(describing: found))")
            }
        }
    }

    /// Llama 3's factors beside another scaling: two ways at once.
    @Test(
        arguments: [
            [
                "rope.scaling.type": .string("yarn"), "rope.scaling.factor": .float32(8),
                "rope.scaling.original_context_length": .uint32(64),
            ],
            ["rope.scaling.type": .string("linear"), "rope.scaling.factor": .float32(8)],
            ["rope.scale_linear": .float32(8)],
        ] as [Keys])
    func scalingBesideFactors(keys: Keys) throws {
        #expect(key(of: try error(.llama, keys, factors: true))?.hasPrefix("llama.rope") ?? false)
        #expect(try error(.llama, [:], factors: true) == nil)
    }

    @Test func kindsOfFilesThatAreNoModels() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path, metadata: ["general.type": .string("adapter")])
            let expected = ModelError.invalid(
                key: "general.type", found: "\"adapter\"", expected: "\"model\"")
            #expect(throws: expected) { try ModelConfig(GGUFFile(path: path)) }
        }
    }

    @Test func messages() throws {
        let window = try error(.llama, ["attention.sliding_window": .uint32(128)])
        #expect(
            window?.description
                == "the model file's llama.attention.sliding_window is 128, which asks for arithmetic"
                + " that this decoder does not have; expected 0, or the context's 512 and more")
        let heads = try error(
            .llama, ["attention.head_count_kv": .array(type: 5, [.int32(2), .int32(1)])])
        #expect(
            heads?.description.contains("is [2, 1], which asks for") ?? false,
            "\(String(describing: heads))")
        let unknown = try error(.llama, ["dance_count": .float32(2.5)])
        #expect(
            unknown?.description.hasPrefix("the model file's llama.dance_count, which is 2.5,")
                ?? false)
    }
}
