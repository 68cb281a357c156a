package import GGUF

/// The shape of a decoder-only transformer; every buffer's size follows from it.
package struct ModelConfig: Equatable, Sendable {
    /// Which family's forward pass it takes.
    package let architecture: Architecture
    /// Width of the residual stream.
    package let width: Int
    /// Transformer blocks.
    package let layers: Int
    /// Query heads.
    package let heads: Int
    /// Key and value heads, each shared by `heads / kvHeads` query heads.
    package let kvHeads: Int
    /// Dimensions of one head.
    package let headSize: Int
    /// Width of the feed-forward's hidden layer.
    package let feedForward: Int
    /// Tokens: those that the tokenizer lists. A table may have more rows, which pad it and stand for nothing.
    package let vocabulary: Int
    /// Positions the model was made for.
    package let context: Int
    /// Added to the mean square under the root of every norm.
    package let epsilon: Float
    /// Base of the rotary frequencies.
    package let ropeBase: Double
    /// Positions that a token sees in local layers, its own included.
    package let window: Int

    /// Rows of the embedding table and of the output matrix, padding included.
    package let tableRows: Int
    /// Which layers' tokens see no more than the window.
    let localLayers: [Bool]
    /// Base of the rotary frequencies in local layers.
    let localRopeBase: Double
    /// How the frequencies are stretched, in layers that see all.
    let ropeScaling: RopeScaling
    /// Logits are squeezed to within this, by a hyperbolic tangent (Gemma 2, arXiv:2408.00118); 0: not at all.
    let logitCap: Float
    /// Numbers in the layers' biases.
    let biasParameters: Int

    func isLocal(layer: Int) -> Bool { localLayers[layer] }

    /// Reads and checks the keys that GGUF prefixes with the architecture, such as `qwen2.block_count`.
    ///
    /// Every such key must be understood: one that is unknown, or asks for arithmetic that this decoder does not have, is an error.
    /// - Parameter tokens: how many tokens there are; nil: as many as the file lists.
    package init(_ file: GGUFFile, tokens: Int? = nil) throws(ModelError) {
        let metadata = file.metadata
        let architecture = try Self.architecture(metadata)
        var keys = ModelKeys(metadata, architecture: architecture)
        self.architecture = architecture
        width = try keys.integer(
            "embedding_length", in: 32...65536, multipleOf: 32, default: nil)
        layers = try keys.integer("block_count", in: 1...1024, default: nil)
        heads = try keys.uniform("attention.head_count", layers: layers, in: 1...1024)
        kvHeads = try keys.uniform(
            "attention.head_count_kv", layers: layers, in: 1...heads, default: heads)
        let stated = try keys.integer("attention.key_length", in: 16...512, multipleOf: 16)
        guard stated != nil || width.isMultiple(of: heads) else {
            throw .invalid(
                key: keys.name("attention.head_count"), found: "\(heads)",
                expected: "a divisor of the width \(width), as the file states no key_length")
        }
        headSize = try keys.integer(
            "attention.key_length", in: 16...512, multipleOf: 16, default: width / heads)
        feedForward = try keys.uniform(
            "feed_forward_length", layers: layers, in: 32...1_048_576, multipleOf: 32)
        context = try keys.integer("context_length", in: 1...16_777_216, default: nil)
        guard heads.isMultiple(of: kvHeads) else {
            throw .invalid(
                key: keys.name("attention.head_count_kv"), found: "\(kvHeads)",
                expected: "a divisor of the \(heads) heads")
        }
        guard (heads * headSize).isMultiple(of: 32) else {
            throw .invalid(
                key: keys.name("attention.head_count"), found: "\(heads)",
                expected: "an even number, as heads of \(headSize) are no multiple of 32 wide")
        }
        guard let epsilon = try keys.number("attention.layer_norm_rms_epsilon", in: 1e-30...0.1)
        else { throw .missing(key: keys.name("attention.layer_norm_rms_epsilon")) }
        self.epsilon = Float(epsilon)
        ropeBase = try keys.number("rope.freq_base", in: 1.001...1e12) ?? 10_000
        localRopeBase = try Self.localBase(&keys, architecture, base: ropeBase)
        ropeScaling = try RopeScaling(
            &keys, hasFactors: file.tensor(named: "rope_freqs.weight") != nil)
        (window, localLayers) = try Self.windows(
            &keys, architecture, layers: layers, context: context)
        logitCap = Float(try keys.number("final_logit_softcapping", in: 0...1e6) ?? 0)
        tableRows = try Self.tableRows(file)
        vocabulary = try Self.vocabulary(metadata, tokens: tokens, rows: tableRows)
        biasParameters = file.tensors.reduce(0) { sum, tensor in
            let isBias = tensor.name.hasPrefix("blk.") && tensor.name.hasSuffix(".bias")
            return sum + (isBias ? tensor.columns : 0)
        }
        try expectNeutral(&keys, listed: metadata.strings("tokenizer.ggml.tokens")?.count)
        try keys.expectNoMore()
    }

    /// Parameters that a token's pass multiplies, embedding table and output matrix aside: P of docs/method.md, section 3.
    package var bodyParameters: Int {
        let tables = [Weights.embeddingTable, Weights.outputTable]
        return Weights.tensors(of: self, tied: true).reduce(biasParameters) { sum, entry in
            entry.isOptional || tables.contains(entry.name)
                ? sum : sum + entry.shape.reduce(1, *)
        }
    }

    /// What attention scores are multiplied by: 1 / sqrt(head size), but for Gemma 3's largest (62 layers) 1 / sqrt(width / heads).
    var attentionScale: Float {
        let size = architecture == .gemma3 && layers == 62 ? width / heads : headSize
        return 1 / Float(size).squareRoot()
    }

    /// Bytes of keys and values that one position takes, over all layers (half precision).
    package var kvBytesPerToken: Int { 2 * layers * kvHeads * headSize * 2 }
}
