import CKernels
import GGUF

/// A model's weights in the kernels' form: matrices repacked into one arena, the file's own pages of them dropped.
struct Weights {
    /// One transformer block.
    struct Layer {
        var attentionNorm: UnsafePointer<Float>  // (width)
        var query: ck_matrix  // (heads * headSize, width)
        var key: ck_matrix  // (kvHeads * headSize, width)
        var value: ck_matrix  // (kvHeads * headSize, width)
        var queryBias: UnsafePointer<Float>?  // (heads * headSize), qwen2
        var keyBias: UnsafePointer<Float>?  // (kvHeads * headSize)
        var valueBias: UnsafePointer<Float>?  // (kvHeads * headSize)
        var queryNorm: UnsafePointer<Float>?  // (headSize), qwen3 and gemma3
        var keyNorm: UnsafePointer<Float>?  // (headSize)
        var attentionOutput: ck_matrix  // (width, heads * headSize)
        var attentionOutputNorm: UnsafePointer<Float>?  // (width), gemma3
        var forwardNorm: UnsafePointer<Float>  // (width)
        var gate: ck_matrix  // (feedForward, width)
        var up: ck_matrix  // (feedForward, width)
        var down: ck_matrix  // (width, feedForward)
        var forwardOutputNorm: UnsafePointer<Float>?  // (width), gemma3
    }

    let layers: [Layer]
    let outputNorm: UnsafePointer<Float>  // (width)
    let output: ck_matrix  // (vocabulary, width)
    let ropeFactors: UnsafePointer<Float>?  // (headSize / 2)
    /// Stays mapped; rows are read one at a time. Also the source of a tied output matrix.
    let embedding: GGUFTensor
    let byteCount: Int
    /// Whether the embedding table is the output matrix, too, and so is held in both forms.
    let isTied: Bool
    private let arena: Arena

    private static let tileRows = 16
    /// Bytes of the file that are repacked at a time.
    private static let slabBytes = 4 << 20

    init(_ file: GGUFFile, config: ModelConfig, processor: Processor) throws(ModelError) {
        let plan = try WeightPlan(file, config: config)
        let arena = try Arena(byteCount: plan.byteCount, streamed: true)
        func matrix(_ name: String) throws(ModelError) -> ck_matrix {
            let tensor = try plan.tensor(name)
            let type = ck_type(rawValue: tensor.type.rawValue)
            let (rows, columns) = (Int32(tensor.rows), Int32(tensor.shape[0]))
            let tiles = arena.take(UInt8.self, count: ck_matrix_bytes(type, rows, columns))
            let matrix = ck_matrix_make(type, rows, columns, tiles)
            // In slabs of whole tiles, each dropped from the file's mapping before the next is read:
            // otherwise a large output matrix would be resident twice.
            let rowBytes = tensor.byteCount / tensor.rows
            let slab = max(Self.slabBytes / rowBytes / Self.tileRows, 1) * Self.tileRows
            for first in stride(from: 0, to: tensor.rows, by: slab) {
                let end = min(first + slab, tensor.rows)
                file.withBytes(of: tensor) {
                    guard let source = $0.baseAddress else { return }
                    ck_repack(
                        processor.pool, type, Int32(end - first), columns,
                        source + first * rowBytes,
                        tiles + first / Self.tileRows * matrix.tile_bytes)
                }
                file.dropPages(of: tensor, rows: first..<end)
            }
            return matrix
        }
        func vector(_ name: String) throws(ModelError) -> UnsafePointer<Float> {
            let tensor = try plan.tensor(name)
            let floats = arena.take(Float.self, count: tensor.shape[0])
            file.withBytes(of: tensor) {
                ck_dequantize_row(
                    ck_type(rawValue: tensor.type.rawValue), $0.baseAddress,
                    Int32(tensor.shape[0]), floats)
            }
            return UnsafePointer(floats)
        }
        var layers: [Layer] = []
        for layer in 0..<config.layers {
            let block = "blk.\(layer)."
            let biased = config.architecture.attentionBias
            let (headNorms, outputNorms) = (
                config.architecture.headNorms, config.architecture.outputNorms
            )
            layers.append(
                Layer(
                    attentionNorm: try vector(block + "attn_norm.weight"),
                    query: try matrix(block + "attn_q.weight"),
                    key: try matrix(block + "attn_k.weight"),
                    value: try matrix(block + "attn_v.weight"),
                    queryBias: biased ? try vector(block + "attn_q.bias") : nil,
                    keyBias: biased ? try vector(block + "attn_k.bias") : nil,
                    valueBias: biased ? try vector(block + "attn_v.bias") : nil,
                    queryNorm: headNorms ? try vector(block + "attn_q_norm.weight") : nil,
                    keyNorm: headNorms ? try vector(block + "attn_k_norm.weight") : nil,
                    attentionOutput: try matrix(block + "attn_output.weight"),
                    attentionOutputNorm: outputNorms
                        ? try vector(block + "post_attention_norm.weight") : nil,
                    forwardNorm: try vector(block + "ffn_norm.weight"),
                    gate: try matrix(block + "ffn_gate.weight"),
                    up: try matrix(block + "ffn_up.weight"),
                    down: try matrix(block + "ffn_down.weight"),
                    forwardOutputNorm: outputNorms
                        ? try vector(block + "post_ffw_norm.weight") : nil))
        }
        self.layers = layers
        outputNorm = try vector("output_norm.weight")
        output = try matrix(plan.outputName)
        ropeFactors = plan.hasRopeFactors ? try vector("rope_freqs.weight") : nil
        embedding = try plan.tensor("token_embd.weight")
        isTied = plan.outputName == embedding.name
        byteCount = arena.byteCount
        self.arena = arena
    }
}

/// Which tensors a model of this shape must have, checked before any memory is taken.
private struct WeightPlan {
    private let tensors: [String: GGUFTensor]
    let byteCount: Int
    let outputName: String
    let hasRopeFactors: Bool

    init(_ file: GGUFFile, config: ModelConfig) throws(ModelError) {
        var tensors: [String: GGUFTensor] = [:]
        var bytes = 0
        func require(_ name: String, shape: [Int], repacked: Bool = true) throws(ModelError) {
            guard let tensor = file.tensor(named: name) else { throw .missingTensor(name: name) }
            guard tensor.shape == shape else {
                throw .wrongShape(tensor: name, found: tensor.shape, expected: shape)
            }
            let type = Int32(clamping: tensor.type.rawValue)
            let isVector = shape.count == 1
            let readable =
                ck_type_supported(type) && (!isVector || ck_type_block(ck_type(UInt32(type))) == 1)
            guard readable else {
                throw .unsupportedType(tensor: name, type: tensor.type.name)
            }
            tensors[name] = tensor
            if isVector {
                bytes += Arena.padded(shape[0] * 4)
            } else if repacked {
                let size = ck_matrix_bytes(ck_type(UInt32(type)), Int32(shape[1]), Int32(shape[0]))
                bytes += Arena.padded(size)
            }
        }
        let queries = config.heads * config.headSize
        let keys = config.kvHeads * config.headSize
        for layer in 0..<config.layers {
            let block = "blk.\(layer)."
            try require(block + "attn_norm.weight", shape: [config.width])
            try require(block + "attn_q.weight", shape: [config.width, queries])
            try require(block + "attn_k.weight", shape: [config.width, keys])
            try require(block + "attn_v.weight", shape: [config.width, keys])
            if config.architecture.attentionBias {
                try require(block + "attn_q.bias", shape: [queries])
                try require(block + "attn_k.bias", shape: [keys])
                try require(block + "attn_v.bias", shape: [keys])
            }
            if config.architecture.headNorms {
                try require(block + "attn_q_norm.weight", shape: [config.headSize])
                try require(block + "attn_k_norm.weight", shape: [config.headSize])
            }
            if config.architecture.outputNorms {
                try require(block + "post_attention_norm.weight", shape: [config.width])
                try require(block + "post_ffw_norm.weight", shape: [config.width])
            }
            try require(block + "attn_output.weight", shape: [queries, config.width])
            try require(block + "ffn_norm.weight", shape: [config.width])
            try require(block + "ffn_gate.weight", shape: [config.width, config.feedForward])
            try require(block + "ffn_up.weight", shape: [config.width, config.feedForward])
            try require(block + "ffn_down.weight", shape: [config.feedForward, config.width])
        }
        try require("output_norm.weight", shape: [config.width])
        let table = [config.width, config.vocabulary]
        try require("token_embd.weight", shape: table, repacked: false)
        let tied = file.tensor(named: "output.weight") == nil
        outputName = tied ? "token_embd.weight" : "output.weight"
        try require(outputName, shape: table)
        hasRopeFactors = file.tensor(named: "rope_freqs.weight") != nil
        if hasRopeFactors { try require("rope_freqs.weight", shape: [config.headSize / 2]) }
        self.tensors = tensors
        byteCount = bytes
    }

    func tensor(_ name: String) throws(ModelError) -> GGUFTensor {
        guard let tensor = tensors[name] else { throw .missingTensor(name: name) }
        return tensor
    }
}
