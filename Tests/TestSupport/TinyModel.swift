import Hashing

/// Writes small but complete model files with random weights, the same for the same seed.
package enum TinyModel {
    private struct Shape {
        let width: Int
        let layers: Int
        let heads: Int
        let kvHeads: Int
        let feedForward: Int
        let vocabulary: Int
        let context: Int
    }

    /// Writes a `qwen2`, `qwen3`, `llama` or `gemma3` model; the default shape suits every type, those with blocks of
    /// 256 elements included.
    ///
    /// - Parameters:
    ///   - width: the residual stream, a multiple of `heads` and of the block sizes used.
    ///   - kvHeads: key and value heads, a divisor of `heads`.
    ///   - feedForward: the inner width of the feed-forward network, a multiple of the block sizes.
    ///   - vocabulary: tokens, at least `TinyVocabulary.leastCount`.
    ///   - context: the longest sequence that the file promises.
    ///   - types: the format of each matrix by its name; norms and biases are always f32.
    ///   - tied: whether the embedding is the output matrix too.
    ///   - ropeFactors: divisors of the rotary frequencies, half a head's size of them, or none.
    ///   - metadata: pairs to add or, for keys that are written anyway, values to put instead.
    ///   - biases: which matrices have one, by their names without an ending; nil: those that the architecture has.
    ///   - padding: rows of the embedding and output tables beyond the tokens, all bits of them set.
    ///   - extra: vectors that no model of the kind has, of one element each.
    ///   - parts: files to split the model into; `path` then is that of no file.
    /// - Returns: the paths of the files.
    @discardableResult
    package static func write(
        to path: String, architecture: String = "qwen2", width: Int = 256, layers: Int = 2,
        heads: Int = 4, kvHeads: Int = 2, feedForward: Int = 512, vocabulary: Int = 288,
        context: Int = 512, types: (String) -> TinyTensorType = { _ in .q8_0 },
        tied: Bool = true, ropeFactors: [Float] = [], seed: UInt64 = 1,
        metadata: [String: TinyGGUF.Value] = [:], biases: ((String) -> Bool)? = nil,
        padding: Int = 0, extra: [String] = [], parts: Int = 1
    ) throws -> [String] {
        let shape = Shape(
            width: width, layers: layers, heads: heads, kvHeads: kvHeads,
            feedForward: feedForward, vocabulary: vocabulary, context: context)
        var file = TinyGGUF()
        var pairs = modelPairs(architecture, shape) + tokenizerPairs(shape)
        for index in pairs.indices {
            if let value = metadata[pairs[index].0] { pairs[index].1 = value }
        }
        let written = Set(pairs.map { pair in pair.0 })
        let added = metadata.filter { pair in !written.contains(pair.key) }
            .sorted { a, b in a.key < b.key }
        for (key, value) in pairs { file.set(key, value) }
        for (key, value) in added { file.set(key, value) }

        var generator = SplitMix64(seed: seed)
        func add(_ name: String, _ values: [Float]) {
            file.add(
                tensor: name, shape: [values.count], type: TinyTensorType.f32.number,
                bytes: values.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
                })
        }
        func matrix(_ name: String, columns: Int, rows: Int, padding: Int = 0) {
            let type = types(name + ".weight")
            let bytes = type.randomBytes(
                elements: columns * rows, spread: 1 / Float(columns).squareRoot(),
                using: &generator)
            let more = [UInt8](repeating: 0xFF, count: bytes.count / rows * padding)
            file.add(
                tensor: name + ".weight", shape: [columns, rows + padding], type: type.number,
                bytes: bytes + more)
            let projections = ["attn_q", "attn_k", "attn_v"]
            let isBiased =
                biases?(name)
                ?? (architecture == "qwen2" && projections.contains { name.hasSuffix($0) })
            guard isBiased, name != "token_embd" else { return }
            let values = (0..<rows).map { _ in Float.random(in: -0.1...0.1, using: &generator) }
            add(name + ".bias", values + [Float](repeating: .nan, count: padding))
        }
        func vector(_ name: String, _ count: Int, mean: Float) {
            let values = (0..<count).map { _ in
                mean + Float.random(in: -0.1...0.1, using: &generator)
            }
            add(name, values)
        }

        let kvWidth = width / heads * kvHeads
        matrix("token_embd", columns: width, rows: vocabulary, padding: padding)
        for layer in 0..<layers {
            let block = "blk.\(layer)"
            vector("\(block).attn_norm.weight", width, mean: 1)
            for (name, rows) in [("attn_q", width), ("attn_k", kvWidth), ("attn_v", kvWidth)] {
                matrix("\(block).\(name)", columns: width, rows: rows)
            }
            if architecture == "qwen3" || architecture == "gemma3" {
                vector("\(block).attn_q_norm.weight", width / heads, mean: 1)
                vector("\(block).attn_k_norm.weight", width / heads, mean: 1)
            }
            if architecture == "gemma3" {
                vector("\(block).post_attention_norm.weight", width, mean: 1)
                vector("\(block).post_ffw_norm.weight", width, mean: 1)
            }
            matrix("\(block).attn_output", columns: width, rows: width)
            vector("\(block).ffn_norm.weight", width, mean: 1)
            matrix("\(block).ffn_gate", columns: width, rows: feedForward)
            matrix("\(block).ffn_up", columns: width, rows: feedForward)
            matrix("\(block).ffn_down", columns: feedForward, rows: width)
        }
        vector("output_norm.weight", width, mean: 1)
        if !tied { matrix("output", columns: width, rows: vocabulary, padding: padding) }
        if !ropeFactors.isEmpty { add("rope_freqs.weight", ropeFactors) }
        if tied, biases?("output") == true {
            let values = (0..<vocabulary).map { _ in
                Float.random(in: -1...1, using: &generator)
            }
            add("output.bias", values + [Float](repeating: .nan, count: padding))
        }
        for name in extra { add(name, [1]) }
        guard parts > 1 else {
            try file.write(to: path)
            return [path]
        }
        let stem = path.hasSuffix(".gguf") ? String(path.dropLast(5)) : path
        return try file.parts(parts).enumerated().map { number, part in
            let path = stem + "-0000\(number + 1)-of-0000\(parts).gguf"
            try part.write(to: path)
            return path
        }
    }

    private static func modelPairs(
        _ architecture: String, _ shape: Shape
    ) -> [(String, TinyGGUF.Value)] {
        let sizes: [(String, Int)] = [
            ("block_count", shape.layers),
            ("context_length", shape.context),
            ("embedding_length", shape.width),
            ("feed_forward_length", shape.feedForward),
            ("attention.head_count", shape.heads),
            ("attention.head_count_kv", shape.kvHeads),
            ("rope.dimension_count", shape.width / shape.heads),
        ]
        return [("general.architecture", .string(architecture)), ("general.name", .string("tiny"))]
            + sizes.map { name, size in ("\(architecture).\(name)", .uint32(UInt32(size))) }
            + [
                ("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-5)),
                ("\(architecture).rope.freq_base", .float32(10_000)),
            ]
            // Short, so that texts of a few tokens outgrow it.
            + (architecture == "gemma3" ? [("gemma3.attention.sliding_window", .uint32(5))] : [])
    }

    private static func tokenizerPairs(_ shape: Shape) -> [(String, TinyGGUF.Value)] {
        let vocabulary = TinyVocabulary(count: shape.vocabulary)
        let end = TinyVocabulary.id(of: "<|im_end|>") ?? 0
        return [
            ("tokenizer.ggml.model", .string("gpt2")),
            ("tokenizer.ggml.pre", .string("qwen2")),
            ("tokenizer.ggml.tokens", .strings(vocabulary.tokens)),
            (
                "tokenizer.ggml.token_type",
                .array(type: 5, vocabulary.types.map { type in .int32(type) })
            ),
            ("tokenizer.ggml.merges", .strings(TinyVocabulary.merges)),
            ("tokenizer.ggml.eos_token_id", .uint32(UInt32(end))),
            ("tokenizer.ggml.add_bos_token", .bool(false)),
            ("tokenizer.chat_template", .string(chatTemplate)),
        ]
    }

    private static let chatTemplate = """
        {% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' \
        + message['content'] + '<|im_end|>\\n' }}{% endfor %}\
        {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
        """
}
