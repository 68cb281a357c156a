import CKernels
import GGUF

/// A model's weights in the kernels' form: matrices repacked into one arena, the file's own pages of them dropped.
struct Weights {
    typealias Vector = UnsafePointer<Float>

    /// A matrix and what is added to its products.
    struct Projection {
        var matrix = ck_matrix()  // (outputs, inputs)
        var bias: Vector?  // (outputs), where the file has it
    }

    /// One transformer block. Norms that the family does not have are nil.
    struct Layer {
        var attentionNorm: Vector?  // (width)
        var query = Projection()  // (heads * headSize, width)
        var key = Projection()  // (kvHeads * headSize, width)
        var value = Projection()  // (kvHeads * headSize, width)
        var queryNorm: Vector?  // (headSize)
        var keyNorm: Vector?  // (headSize)
        var attentionOutput = Projection()  // (width, heads * headSize)
        var attentionOutputNorm: Vector?  // (width)
        var forwardNorm: Vector?  // (width)
        var gate = Projection()  // (feedForward, width)
        var up = Projection()  // (feedForward, width)
        var down = Projection()  // (width, feedForward)
        var forwardOutputNorm: Vector?  // (width)
    }

    private(set) var layers: [Layer]
    private(set) var outputNorm: Vector?  // (width)
    private(set) var output = Projection()  // (vocabulary, width)
    private(set) var ropeFactors: Vector?  // (headSize / 2)
    /// All of them, in the order in which a pass reads them.
    private(set) var matrices: [ck_matrix] = []
    /// Stays mapped; rows are read one at a time. Also the source of a tied output matrix.
    let embedding: GGUFTensor
    /// What the output matrix was made of.
    let outputSource: GGUFTensor
    let byteCount: Int
    /// Whether the embedding table is the output matrix, too, and so is held in both forms.
    let isTied: Bool
    private let arena: Arena

    /// Checks that the file has exactly the tensors that a model of its shape has, then loads them.
    init(_ file: GGUFFile, config: ModelConfig, processor: Processor) throws(ModelError) {
        isTied = file.tensor(named: Self.outputTable) == nil
        let tensors = try ListedTensors(
            file, Self.tensors(of: config, tied: isTied), layers: config.layers)
        embedding = try tensors.tensor(named: Self.embeddingTable)
        outputSource = isTied ? embedding : try tensors.tensor(named: Self.outputTable)
        arena = try Arena(byteCount: tensors.byteCount, streamed: true)
        byteCount = arena.byteCount
        layers = [Layer](repeating: Layer(), count: config.layers)
        let loader = WeightLoader(file: file, arena: arena, processor: processor)
        for (entry, tensor) in tensors.found {
            switch entry.place {
            case .matrix(let place):
                let matrix = loader.matrix(tensor, rows: entry.rows)
                matrices.append(matrix)
                self[keyPath: place] = matrix
            case .vector(let place):
                self[keyPath: place] = loader.vector(tensor, count: entry.rows)
            case .file: break
            }
        }
    }
}

extension Weights {
    static let embeddingTable = "token_embd.weight"
    static let outputTable = "output.weight"

    /// Every tensor that a model of this shape has or may have: the one list by which a file is checked, its weights are loaded and its
    /// parameters are counted.
    ///
    /// - Parameter tied: whether the embedding table is the output matrix, too.
    static func tensors(of config: ModelConfig, tied: Bool) -> [TensorEntry] {
        let queries = config.heads * config.headSize
        let keys = config.kvHeads * config.headSize
        let (width, inner) = (config.width, config.feedForward)
        let family = config.architecture
        var entries: [TensorEntry] = []
        for number in 0..<config.layers {
            let layer: WritableKeyPath<Weights, Layer> = \.layers[number]
            func norm(_ name: String, _ count: Int, _ place: WritableKeyPath<Layer, Vector?>) {
                entries.append(
                    TensorEntry(
                        "blk.\(number).\(name).weight", [count],
                        .vector(layer.appending(path: place))))
            }
            func projection(
                _ name: String, _ columns: Int, _ rows: Int,
                _ place: WritableKeyPath<Layer, Projection>
            ) {
                let place = layer.appending(path: place)
                entries.append(
                    TensorEntry(
                        "blk.\(number).\(name).weight", [columns, rows],
                        .matrix(place.appending(path: \.matrix))))
                entries.append(
                    TensorEntry(
                        "blk.\(number).\(name).bias", [rows],
                        .vector(place.appending(path: \.bias)), isOptional: true))
            }
            norm("attn_norm", width, \.attentionNorm)
            projection("attn_q", width, queries, \.query)
            projection("attn_k", width, keys, \.key)
            projection("attn_v", width, keys, \.value)
            if family.headNorms {
                norm("attn_q_norm", config.headSize, \.queryNorm)
                norm("attn_k_norm", config.headSize, \.keyNorm)
            }
            projection("attn_output", queries, width, \.attentionOutput)
            if family.outputNorms { norm("post_attention_norm", width, \.attentionOutputNorm) }
            norm("ffn_norm", width, \.forwardNorm)
            projection("ffn_gate", width, inner, \.gate)
            projection("ffn_up", width, inner, \.up)
            projection("ffn_down", inner, width, \.down)
            if family.outputNorms { norm("post_ffw_norm", width, \.forwardOutputNorm) }
        }
        entries.append(TensorEntry("output_norm.weight", [width], .vector(\.outputNorm)))
        // The tables' rows beyond the tokens are padding and stay in the file.
        let (table, tokens) = ([width, config.tableRows], config.vocabulary)
        let output = TensorEntry.Place.matrix(\.output.matrix)
        if tied {
            entries.append(TensorEntry(embeddingTable, table, output, rows: tokens))
        } else {
            entries.append(TensorEntry(embeddingTable, table, .file))
            entries.append(TensorEntry(outputTable, table, output, rows: tokens))
        }
        entries.append(
            TensorEntry(
                "output.bias", [config.tableRows], .vector(\.output.bias), isOptional: true,
                rows: tokens))
        if family.ropeFactors {
            entries.append(
                TensorEntry(
                    "rope_freqs.weight", [config.headSize / 2], .vector(\.ropeFactors),
                    isOptional: true))
        }
        return entries
    }
}
