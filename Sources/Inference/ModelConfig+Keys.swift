import GGUF

// What a file may say beside the shape: how each key is read, and what those mean that this decoder has no arithmetic for.

extension ModelConfig {
    static func architecture(_ metadata: GGUFMetadata) throws(ModelError) -> Architecture {
        let key = "general.architecture"
        guard let value = metadata[key] else { throw .missing(key: key) }
        guard let name = metadata.string(key) else {
            throw .invalid(key: key, found: "\(value)", expected: "a text")
        }
        guard let architecture = Architecture(rawValue: name) else {
            throw .unknownArchitecture(name)
        }
        if let kind = metadata["general.type"] {
            // Others are adapters, projectors, importance matrices, bare vocabularies.
            guard metadata.string("general.type") == "model" else {
                throw .invalid(key: "general.type", found: "\(kind)", expected: "\"model\"")
            }
        }
        return architecture
    }

    /// The base of the layers that see a window; Gemma 3's files need not state it.
    static func localBase(
        _ keys: inout ModelKeys, _ architecture: Architecture, base: Double
    ) throws(ModelError) -> Double {
        guard architecture.localLayers else {
            try keys.expectNeutral("rope.freq_base_swa", [base])
            return base
        }
        return try keys.number("rope.freq_base_swa", in: 1.001...1e12) ?? 10_000
    }

    /// The window, and which layers have it: all but every sixth, if the file names no other pattern.
    static func windows(
        _ keys: inout ModelKeys, _ architecture: Architecture, layers: Int, context: Int
    ) throws(ModelError) -> (window: Int, local: [Bool]) {
        let key = "attention.sliding_window"
        guard architecture.localLayers else {
            // A window as long as the context hides nothing.
            if let window = try keys.integer(key, in: 0...Int(Int32.max)),
                (1..<context).contains(window)
            {
                throw .unsupported(
                    key: keys.name(key), found: "\(window)",
                    expected: "0, or the context's \(context) and more")
            }
            return (0, [Bool](repeating: false, count: layers))
        }
        let window = try keys.integer(key, in: 1...16_777_216, default: nil)
        let pattern = key + "_pattern"
        if let truths = keys.truths(pattern) {
            guard truths.count == layers else {
                throw .invalid(
                    key: keys.name(pattern), found: "an array of \(truths.count)",
                    expected: "one truth value for each of the \(layers) layers, or a number")
            }
            return (window, truths)
        }
        let period = try keys.integer(pattern, in: 1...layers + 1024, default: 6)
        return (window, (0..<layers).map { !($0 + 1).isMultiple(of: period) })
    }

    static func tableRows(_ file: GGUFFile) throws(ModelError) -> Int {
        let name = Weights.embeddingTable
        guard let table = file.tensor(named: name) else { throw .missingTensor(name: name) }
        guard (2...1_048_576).contains(table.rows) else {
            throw .invalid(key: name, found: "\(table.rows) rows", expected: "2 to 1048576")
        }
        return table.rows
    }

    /// The tokens that exist: as many as the caller or else the file knows; a file without a list has one a row.
    static func vocabulary(
        _ metadata: GGUFMetadata, tokens: Int?, rows: Int
    ) throws(ModelError) -> Int {
        let key = "tokenizer.ggml.tokens"
        if let value = metadata[key], metadata.strings(key) == nil {
            throw .invalid(key: key, found: "\(value)", expected: "an array of strings")
        }
        let count = tokens ?? metadata.strings(key)?.count ?? rows
        guard (2...rows).contains(count) else {
            throw .invalid(
                key: key, found: "a list of \(count)",
                expected: "2 to \(rows), the rows of token_embd.weight")
        }
        return count
    }

    /// The keys that change a model's arithmetic in ways that are not written here: each must be absent or say that nothing is asked for.
    ///
    /// - Parameter listed: tokens that the file lists.
    func expectNeutral(_ keys: inout ModelKeys, listed: Int?) throws(ModelError) {
        let (size, own) = (Double(headSize), Double(attentionScale))
        // Keys whose neutral value depends on the model.
        try keys.expectNeutral("attention.value_length", [size])
        try keys.expectNeutral("attention.key_length_swa", [size])
        try keys.expectNeutral("attention.value_length_swa", [size])
        try keys.expectNeutral("rope.dimension_count", [size])
        try keys.expectNeutral("rope.dimension_count_swa", [size])
        try keys.expectNeutral("attention.scale", [0, own])
        try keys.expectNeutral("attention.layer_norm_epsilon", [Double(epsilon)])
        try keys.expectNeutral("embedding_scale", architecture.scalesEmbeddings ? [0] : [0, 1])
        try keys.expectNeutral("embedding_length_out", [0, Double(width)])
        try keys.expectNeutral("vocab_size", [Double(listed ?? tableRows), Double(tableRows)])
        if !architecture.localLayers {
            try keys.expectNeutral("attention.sliding_window_pattern", [0])
        }
        for (suffix, neutral) in Self.neutral { try keys.expectNeutral(suffix, neutral) }
        for suffix in Self.harmless { keys.ignore(suffix) }
    }

    /// Keys and the values by which a file says that it needs nothing of their kind; for truth values 0 and 1.
    private static let neutral: [(String, [Double])] = [
        // Scales: 0 is how writers say "none".
        ("logit_scale", [0, 1]),
        ("residual_scale", [0, 1]),
        ("attention.output_scale", [0, 1]),
        ("attention.temperature_scale", [0]),
        ("attention.temperature_length", [0]),
        // Limits on what attention computes.
        ("attn_logit_softcapping", [0]),
        ("attention.clamp_kqv", [0]),
        ("attention.max_alibi_bias", [0]),
        // Other kinds of attention, layers and outputs.
        ("attention.causal", [1]),
        ("attention.shared_kv_layers", [0]),
        ("use_parallel_residual", [0]),
        ("pooling_type", [0]),
        ("nextn_predict_layers", [0]),
        ("leading_dense_block_count", [0]),
        ("expert_count", [0]),
        ("expert_used_count", [0]),
        ("expert_shared_count", [0]),
        ("expert_group_count", [0]),
        ("expert_group_used_count", [0]),
        ("expert_feed_forward_length", [0]),
        // Variants of yarn; writers disagree whether these replace its own factor of attention or multiply it.
        ("rope.scaling.attn_factor", [1]),
        ("rope.scaling.yarn_attn_factor", [1]),
        ("rope.scaling.yarn_ext_factor", [1]),
        ("rope.scaling.yarn_log_multiplier", [0]),
        ("rope.scaling.alpha", [0]),
    ]

    /// Keys that say nothing about arithmetic: how llama's rows were ordered (all writers order them alike), and whether a scaled model
    /// was trained after it had been scaled.
    private static let harmless = ["tensor_data_layout", "rope.scaling.finetuned"]
}
