import Hashing
import TestSupport

/// Model files of a few thousand bytes, so that a mutation is likely to hit what decides something.
enum TinyFile {
    /// A whole model: one layer, 32 wide, 8 tokens.
    static func model(_ architecture: String, type: TinyTensorType) -> [UInt8] {
        let width = 32
        var file = TinyGGUF()
        file.set("general.architecture", .string(architecture))
        let sizes = [
            ("block_count", 1), ("context_length", 16), ("embedding_length", width),
            ("feed_forward_length", width), ("attention.head_count", 2),
            ("attention.head_count_kv", 1),
        ]
        for (name, size) in sizes { file.set("\(architecture).\(name)", .uint32(UInt32(size))) }
        file.set("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-5))
        file.set("\(architecture).rope.freq_base", .float32(10_000))
        if architecture == "gemma3" {
            file.set("gemma3.attention.sliding_window", .uint32(2))
        }
        if architecture == "llama" {
            file.set("llama.rope.scaling.type", .string("linear"))
            file.set("llama.rope.scaling.factor", .float32(2))
        }
        file.set("tokenizer.ggml.tokens", .strings((0..<8).map { "t\($0)" }))

        var generator = SplitMix64(seed: 1)
        func vector(_ name: String, _ count: Int) {
            let values = (0..<count).map { _ in Float.random(in: 0.5...1.5, using: &generator) }
            file.add(
                tensor: name, shape: [count], type: TinyTensorType.f32.number,
                bytes: values.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
                })
        }
        func matrix(_ name: String, _ rows: Int, biased: Bool = false) {
            file.add(
                tensor: "\(name).weight", shape: [width, rows], type: type.number,
                bytes: type.randomBytes(elements: width * rows, spread: 0.2, using: &generator))
            if biased { vector("\(name).bias", rows) }
        }
        matrix("token_embd", 8)
        vector("output_norm.weight", width)
        let isBiased = architecture == "qwen2"
        vector("blk.0.attn_norm.weight", width)
        matrix("blk.0.attn_q", width, biased: isBiased)
        matrix("blk.0.attn_k", width / 2, biased: isBiased)
        matrix("blk.0.attn_v", width / 2, biased: isBiased)
        matrix("blk.0.attn_output", width)
        if architecture == "qwen3" || architecture == "gemma3" {
            vector("blk.0.attn_q_norm.weight", width / 2)
            vector("blk.0.attn_k_norm.weight", width / 2)
        }
        if architecture == "gemma3" {
            vector("blk.0.post_attention_norm.weight", width)
            vector("blk.0.post_ffw_norm.weight", width)
        }
        vector("blk.0.ffn_norm.weight", width)
        for name in ["ffn_gate", "ffn_up", "ffn_down"] { matrix("blk.0.\(name)", width) }
        return file.bytes()
    }

    /// No model, but a value of each kind and two tensors.
    static var values: [UInt8] {
        var file = TinyGGUF()
        file.set("general.alignment", .uint32(8))
        file.alignment = 8
        file.set("text", .string("abc"))
        file.set("truth", .bool(true))
        file.set("real", .float64(0.5))
        file.set("numbers", .array(type: 5, [.int32(1), .int32(-1)]))
        file.set("long", .array(type: 10, [.uint64(.max)]))
        file.set("truths", .array(type: 7, [.bool(true), .bool(false)]))
        file.set("texts", .strings(["", "x", "yz"]))
        file.set("nested", .array(type: 9, [.array(type: 0, [.uint8(3)]), .strings(["q"])]))
        file.add(tensor: "a", shape: [3, 1], type: 0, bytes: [UInt8](repeating: 5, count: 12))
        file.add(tensor: "b", shape: [32], type: 8, bytes: [UInt8](repeating: 6, count: 34))
        return file.bytes()
    }

    /// A vocabulary alone.
    static var tokenizer: [UInt8] {
        let vocabulary = TinyVocabulary()
        var file = TinyGGUF()
        file.set("tokenizer.ggml.model", .string("gpt2"))
        file.set("tokenizer.ggml.pre", .string("qwen2"))
        for (key, value) in vocabulary.metadata.sorted(by: { $0.key < $1.key }) {
            file.set(key, value)
        }
        file.set("tokenizer.ggml.merges", .strings(TinyVocabulary.merges))
        return file.bytes()
    }
}
