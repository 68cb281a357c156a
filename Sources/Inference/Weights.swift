import CKernels
import GGUF

/// A model's weights in the kernels' form: matrices repacked into one arena, the file's own pages of them dropped.
struct Weights {
    /// A matrix and what is added to its products.
    struct Projection {
        let matrix: ck_matrix  // (outputs, inputs)
        let bias: UnsafePointer<Float>?  // (outputs), where the file has it
    }

    /// One transformer block.
    struct Layer {
        var attentionNorm: UnsafePointer<Float>  // (width)
        var query: Projection  // (heads * headSize, width)
        var key: Projection  // (kvHeads * headSize, width)
        var value: Projection  // (kvHeads * headSize, width)
        var queryNorm: UnsafePointer<Float>?  // (headSize), qwen3 and gemma3
        var keyNorm: UnsafePointer<Float>?  // (headSize)
        var attentionOutput: Projection  // (width, heads * headSize)
        var attentionOutputNorm: UnsafePointer<Float>?  // (width), gemma3
        var forwardNorm: UnsafePointer<Float>  // (width)
        var gate: Projection  // (feedForward, width)
        var up: Projection  // (feedForward, width)
        var down: Projection  // (width, feedForward)
        var forwardOutputNorm: UnsafePointer<Float>?  // (width), gemma3
    }

    let layers: [Layer]
    let outputNorm: UnsafePointer<Float>  // (width)
    let output: Projection  // (vocabulary, width)
    let ropeFactors: [Float]?  // (headSize / 2)
    /// Stays mapped; rows are read one at a time. Also the source of a tied output matrix.
    let embedding: GGUFTensor
    let byteCount: Int
    /// Whether the embedding table is the output matrix, too, and so is held in both forms.
    let isTied: Bool
    private let arena: Arena

    init(_ file: GGUFFile, config: ModelConfig, processor: Processor) throws(ModelError) {
        let tensors = try ModelTensors(file, config: config)
        let arena = try Arena(byteCount: tensors.byteCount, streamed: true)
        var loader = WeightLoader(file: file, tensors: tensors, arena: arena, processor: processor)
        var layers: [Layer] = []
        for layer in 0..<config.layers {
            let block = "blk.\(layer)."
            layers.append(
                Layer(
                    attentionNorm: try loader.vector(block + "attn_norm.weight"),
                    query: try loader.projection(block + "attn_q"),
                    key: try loader.projection(block + "attn_k"),
                    value: try loader.projection(block + "attn_v"),
                    queryNorm: loader.vectorIfAny(block + "attn_q_norm.weight"),
                    keyNorm: loader.vectorIfAny(block + "attn_k_norm.weight"),
                    attentionOutput: try loader.projection(block + "attn_output"),
                    attentionOutputNorm: loader.vectorIfAny(block + "post_attention_norm.weight"),
                    forwardNorm: try loader.vector(block + "ffn_norm.weight"),
                    gate: try loader.projection(block + "ffn_gate"),
                    up: try loader.projection(block + "ffn_up"),
                    down: try loader.projection(block + "ffn_down"),
                    forwardOutputNorm: loader.vectorIfAny(block + "post_ffw_norm.weight")))
        }
        self.layers = layers
        outputNorm = try loader.vector("output_norm.weight")
        output = Projection(
            matrix: try loader.matrix(tensors.outputName, rows: config.vocabulary),
            bias: loader.vectorIfAny("output.bias", count: config.vocabulary))
        ropeFactors = loader.vectorIfAny("rope_freqs.weight").map {
            Array(UnsafeBufferPointer(start: $0, count: config.headSize / 2))
        }
        embedding = try loader.tensor("token_embd.weight")
        isTied = tensors.outputName == embedding.name
        byteCount = arena.byteCount
        self.arena = arena
        precondition(
            loader.loaded.count == tensors.count, "a tensor of the list has no place in the pass")
    }
}

/// Brings tensors of a file into an arena, each once.
private struct WeightLoader {
    let file: GGUFFile
    let tensors: ModelTensors
    let arena: Arena
    let processor: Processor
    /// Names of those that were asked for and found.
    private(set) var loaded: Set<String> = []

    private static let tileRows = 16
    /// Bytes of the file that are repacked at a time.
    private static let slabBytes = 4 << 20

    init(file: GGUFFile, tensors: ModelTensors, arena: Arena, processor: Processor) {
        self.file = file
        self.tensors = tensors
        self.arena = arena
        self.processor = processor
    }

    mutating func tensor(_ name: String) throws(ModelError) -> GGUFTensor {
        guard let tensor = tensors.tensor(name) else { throw .missingTensor(name: name) }
        loaded.insert(name)
        return tensor
    }

    mutating func projection(_ name: String) throws(ModelError) -> Weights.Projection {
        Weights.Projection(
            matrix: try matrix(name + ".weight"), bias: vectorIfAny(name + ".bias"))
    }

    /// The first `rows` rows of a matrix, or all, repacked.
    mutating func matrix(_ name: String, rows: Int? = nil) throws(ModelError) -> ck_matrix {
        let tensor = try tensor(name)
        let type = ck_type(rawValue: tensor.type.rawValue)
        let count = rows ?? tensor.rows
        let columns = Int32(tensor.columns)
        let tiles = arena.take(UInt8.self, count: ck_matrix_bytes(type, Int32(count), columns))
        let matrix = ck_matrix_make(type, Int32(count), columns, tiles)
        // In slabs of whole tiles, each dropped from the file's mapping before the next is read:
        // otherwise a large output matrix would be resident twice.
        let rowBytes = tensor.byteCount / tensor.rows
        let slab = max(Self.slabBytes / rowBytes / Self.tileRows, 1) * Self.tileRows
        for first in stride(from: 0, to: count, by: slab) {
            let end = min(first + slab, count)
            file.withBytes(of: tensor) {
                guard let source = $0.baseAddress else { return }
                ck_repack(
                    processor.pool, type, Int32(end - first), columns, source + first * rowBytes,
                    tiles + first / Self.tileRows * matrix.tile_bytes)
            }
            file.dropPages(of: tensor, rows: first..<end)
        }
        return matrix
    }

    mutating func vector(_ name: String) throws(ModelError) -> UnsafePointer<Float> {
        guard let vector = vectorIfAny(name) else { throw .missingTensor(name: name) }
        return vector
    }

    /// The first `count` numbers of a vector, or all; nil if the file has none.
    mutating func vectorIfAny(_ name: String, count: Int? = nil) -> UnsafePointer<Float>? {
        guard let tensor = tensors.tensor(name) else { return nil }
        loaded.insert(name)
        let count = count ?? tensor.columns
        let floats = arena.take(Float.self, count: count)
        file.withBytes(of: tensor) {
            ck_dequantize_row(
                ck_type(rawValue: tensor.type.rawValue), $0.baseAddress, Int32(count), floats)
        }
        return UnsafePointer(floats)
    }
}
