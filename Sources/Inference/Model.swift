import CKernels
package import GGUF
import Hashing

/// A loaded model: weights, key-value cache and the buffers of a forward pass. Used by one task at a time.
package final class Model {
    /// Its shape, as the file says.
    package let config: ModelConfig
    /// Keys and values of all its sequences.
    package let cache: KVCache
    /// Bytes of weights that a token's pass reads, the embedding table aside (output matrix included).
    package var weightBytes: Int { weights.byteCount }

    let processor: Processor
    let weights: Weights
    let file: GGUFFile
    var shape: ck_attention_shape
    var buffers: ForwardBuffers
    var rope: RopeTable
    /// Of layers that see a window.
    var localRope: RopeTable
    /// Rows of the embedding table read so far.
    var rowsEmbedded = 0
    /// Whether a pass is run only to find the layer where numbers break.
    var isSearching = false
    /// Copies of some of the output matrix's rows.
    var trimmedOutputs: [TokenRows: TrimmedOutput] = [:]

    /// Maps, checks and repacks a model file.
    /// - Parameters:
    ///   - tokens: how many tokens there are; nil: as many as the file lists. Rows of the tables beyond them are padding: they are never
    ///     computed, so that they are neither chosen nor part of any probability, whatever they hold.
    ///   - cacheBytes: the budget for keys and values; memory is taken as sequences grow.
    package init(
        _ file: GGUFFile, tokens: Int? = nil, processor: Processor, cacheBytes: Int = 4 << 30
    ) throws(ModelError) {
        config = try ModelConfig(file, tokens: tokens)
        self.file = file
        self.processor = processor
        weights = try Weights(file, config: config, processor: processor)
        shape = ck_attention_shape(
            heads: Int32(config.heads), kv_heads: Int32(config.kvHeads),
            head_size: Int32(config.headSize), scale: config.attentionScale,
            interleaved: config.architecture.ropeInterleaved, window: 0)
        let pageBytes = config.layers * ck_page_layer_bytes(&shape)
        cache = KVCache(
            config: config, shape: shape, pageLimit: min(max(cacheBytes / pageBytes, 1), 1 << 30))
        buffers = ForwardBuffers()
        let divisors =
            if let factors = weights.ropeFactors {
                Array(UnsafeBufferPointer(start: factors, count: config.headSize / 2))
            } else {
                config.ropeScaling.divisors(headSize: config.headSize, base: config.ropeBase)
            }
        rope = RopeTable(
            headSize: config.headSize, base: config.ropeBase, divisors: divisors,
            magnitude: config.ropeScaling.magnitude)
        localRope = RopeTable(headSize: config.headSize, base: config.localRopeBase)
    }
}
