import CKernels

/// The scratch memory of a forward pass, for a number of rows; grown when a larger pass comes.
struct ForwardBuffers {
    struct Floats {
        let x: UnsafeMutablePointer<Float>  // (rows, width), the residual stream
        let delta: UnsafeMutablePointer<Float>  // (rows, width), what a sublayer adds to it
        var normed: ck_activations  // (rows, width)
        let q: UnsafeMutablePointer<Float>  // (rows, heads, headSize)
        let k: UnsafeMutablePointer<Float>  // (rows, kvHeads, headSize)
        let v: UnsafeMutablePointer<Float>  // (rows, kvHeads, headSize)
        var attended: ck_activations  // (rows, heads * headSize)
        let gate: UnsafeMutablePointer<Float>  // (rows, feedForward)
        let up: UnsafeMutablePointer<Float>  // (rows, feedForward)
        var hidden: ck_activations  // (rows, feedForward)
        let logits: UnsafeMutablePointer<Float>  // (logitRows, vocabulary)
    }

    /// Rows whose logits are computed at a time: enough to share the output matrix, few enough to stay small.
    static let logitRows = 32
    /// Rows of one pass; longer inputs are run in several.
    static let rowLimit = 512

    private var arena: Arena?
    private var rows = 0
    private var scratch: [Float] = []

    /// Buffers for at least `rows` rows; what they held is gone after a growth.
    mutating func floats(rows: Int, config: ModelConfig) throws(ModelError) -> Floats {
        // Few sizes, so that sweeps whose batches breathe don't reallocate.
        let wanted = rows <= 32 ? 32 : rows <= 128 ? 128 : ForwardBuffers.rowLimit
        if arena == nil || self.rows < wanted {
            arena = nil
            arena = try Arena(
                byteCount: ForwardBuffers.byteCount(rows: wanted, config: config), streamed: false)
            self.rows = wanted
        }
        guard let memory = arena else { throw .outOfMemory(bytes: 0) }
        memory.reset()
        let (width, queries, keys) = (
            config.width, config.heads * config.headSize, config.kvHeads * config.headSize
        )
        let capacity = self.rows
        let readable = min(capacity, Self.logitRows)
        func floats(_ columns: Int) -> UnsafeMutablePointer<Float> {
            memory.take(Float.self, count: capacity * columns)
        }
        func activations(_ columns: Int) -> ck_activations {
            let blocks = ck_blocks_needed(Int32(capacity), Int32(columns))
            return ck_activations(
                tokens: Int32(rows), columns: Int32(columns), floats: floats(columns),
                blocks: memory.take(ck_block.self, count: blocks))
        }
        return Floats(
            x: floats(width), delta: floats(width), normed: activations(width), q: floats(queries),
            k: floats(keys), v: floats(keys), attended: activations(queries),
            gate: floats(config.feedForward), up: floats(config.feedForward),
            hidden: activations(config.feedForward),
            logits: memory.take(Float.self, count: readable * config.vocabulary))
    }

    static func byteCount(rows: Int, config: ModelConfig) -> Int {
        let queries = config.heads * config.headSize
        let keys = config.kvHeads * config.headSize
        func floats(_ columns: Int) -> Int { Arena.padded(rows * columns * 4) }
        func activations(_ columns: Int) -> Int {
            let blocks = ck_blocks_needed(Int32(rows), Int32(columns))
            return floats(columns) + Arena.padded(blocks * MemoryLayout<ck_block>.stride)
        }
        return 2 * floats(config.width) + activations(config.width) + floats(queries)
            + 2 * floats(keys) + activations(queries) + 2 * floats(config.feedForward)
            + activations(config.feedForward)
            + Arena.padded(min(rows, logitRows) * config.vocabulary * 4)
    }

    /// At least `count` floats for attention scores.
    mutating func scores<R>(count: Int, _ body: (UnsafeMutablePointer<Float>?) -> R) -> R {
        if scratch.count < count { scratch = [Float](repeating: 0, count: count) }
        return scratch.withUnsafeMutableBufferPointer { body($0.baseAddress) }
    }
}
