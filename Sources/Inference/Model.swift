import CKernels
public import GGUF

/// A loaded model: weights, key-value cache and the buffers of a forward pass. Used by one task at a time.
public final class Model {
    /// Its shape.
    public let config: ModelConfig
    /// Its keys and values.
    public let cache: KVCache
    /// Bytes of weights that a token's pass reads, the embedding table aside (output matrix included).
    public var weightBytes: Int { weights.byteCount }

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

    /// Maps, checks and repacks a model file.
    /// - Parameter cacheBytes: the budget for keys and values; memory is taken as sequences grow.
    public init(_ file: GGUFFile, processor: Processor, cacheBytes: Int = 4 << 30)
        throws(ModelError)
    {
        config = try ModelConfig(file)
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
        rope = RopeTable(
            headSize: config.headSize, base: config.ropeBase, factors: weights.ropeFactors)
        localRope = RopeTable(
            headSize: config.headSize, base: ModelConfig.localRopeBase, factors: nil)
    }
}

/// Cosines and sines of every position seen so far.
struct RopeTable {
    private let headSize: Int
    private let base: Double
    private let factors: UnsafePointer<Float>?
    private(set) var rows: [Float] = []  // (positions, 2, headSize / 2)

    init(headSize: Int, base: Double, factors: UnsafePointer<Float>?) {
        self.headSize = headSize
        self.base = base
        self.factors = factors
    }

    /// Makes rows for positions below `count`.
    mutating func extend(to count: Int) {
        let have = rows.count / headSize
        guard count > have else { return }
        let target = (count + 511) / 512 * 512
        rows.append(contentsOf: repeatElement(0, count: (target - have) * headSize))
        rows.withUnsafeMutableBufferPointer { buffer in
            for position in have..<target {
                guard let start = buffer.baseAddress else { return }
                ck_rope_row(
                    Int32(position), Int32(headSize), base, factors, start + position * headSize)
            }
        }
    }
}
