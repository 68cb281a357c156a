import CKernels
import GGUF

/// The tensors of a model of some shape: the one list by which a file is checked and its weights are loaded.
struct ModelTensors {
    /// One tensor that the forward pass knows.
    struct Entry {
        let name: String
        /// As in the file: columns, then rows.
        let shape: [Int]
        var isOptional = false
        /// Rows that are loaded; nil: all. A table's padding stays in the file.
        var rows: Int?
        /// Rows are read from the file when they are needed, besides or instead of a loaded form.
        var isMapped = false
    }

    /// Those that the file has.
    private let found: [String: GGUFTensor]
    /// Bytes of all loaded forms.
    let byteCount: Int
    /// The output matrix, which may be the embedding table.
    let outputName: String

    /// Ends of names of tensors that may be in a file although nothing reads them: tables of the rotary frequencies, which the decoder
    /// computes from `rope.freq_base` itself (`rotary_emb.inv_freq` of old Llama checkpoints).
    private static let harmless = [".attn_rot_embd.weight"]

    /// Every tensor that a model of this shape may have.
    static func tensors(of config: ModelConfig, tied: Bool) -> [Entry] {
        let queries = config.heads * config.headSize
        let keys = config.kvHeads * config.headSize
        let (width, inner) = (config.width, config.feedForward)
        let family = config.architecture
        var entries: [Entry] = []
        func matrix(_ name: String, _ columns: Int, _ rows: Int) {
            entries.append(Entry(name: name + ".weight", shape: [columns, rows]))
            entries.append(Entry(name: name + ".bias", shape: [rows], isOptional: true))
        }
        func norm(_ name: String, _ count: Int) {
            entries.append(Entry(name: name + ".weight", shape: [count]))
        }
        for layer in 0..<config.layers {
            let block = "blk.\(layer)."
            norm(block + "attn_norm", width)
            matrix(block + "attn_q", width, queries)
            matrix(block + "attn_k", width, keys)
            matrix(block + "attn_v", width, keys)
            if family.headNorms {
                norm(block + "attn_q_norm", config.headSize)
                norm(block + "attn_k_norm", config.headSize)
            }
            matrix(block + "attn_output", queries, width)
            if family.outputNorms { norm(block + "post_attention_norm", width) }
            norm(block + "ffn_norm", width)
            matrix(block + "ffn_gate", width, inner)
            matrix(block + "ffn_up", width, inner)
            matrix(block + "ffn_down", inner, width)
            if family.outputNorms { norm(block + "post_ffw_norm", width) }
        }
        norm("output_norm", width)
        let (table, tokens) = ([width, config.tableRows], config.vocabulary)
        let embedding = "token_embd.weight"
        entries.append(
            Entry(name: embedding, shape: table, rows: tied ? tokens : 0, isMapped: true))
        if !tied { entries.append(Entry(name: "output.weight", shape: table, rows: tokens)) }
        entries.append(
            Entry(name: "output.bias", shape: [config.tableRows], isOptional: true, rows: tokens))
        if family.ropeFactors {
            entries.append(
                Entry(name: "rope_freqs.weight", shape: [config.headSize / 2], isOptional: true))
        }
        return entries
    }

    /// Checks that the file has what the list asks for, in shapes and types that can be read, and nothing else.
    init(_ file: GGUFFile, config: ModelConfig) throws(ModelError) {
        let tied = file.tensor(named: "output.weight") == nil
        outputName = tied ? "token_embd.weight" : "output.weight"
        var found: [String: GGUFTensor] = [:]
        var bytes = 0
        for entry in Self.tensors(of: config, tied: tied) {
            guard let tensor = file.tensor(named: entry.name) else {
                if entry.isOptional { continue }
                throw .missingTensor(name: entry.name)
            }
            bytes += try Self.bytes(of: tensor, entry)
            found[entry.name] = tensor
        }
        let rest = file.tensors.filter { tensor in
            found[tensor.name] == nil
                && !Self.harmless.contains { tensor.name.hasSuffix($0) }
        }
        if let extra = rest.first(where: { Self.layer(of: $0) ?? 0 >= config.layers }) {
            throw .extraLayer(tensor: extra.name, layers: config.layers)
        }
        if let first = rest.first { throw .unusedTensor(name: first.name, count: rest.count) }
        self.found = found
        byteCount = bytes
    }

    /// A tensor of the list, if the file has it.
    func tensor(_ name: String) -> GGUFTensor? { found[name] }

    /// How many there are.
    var count: Int { found.count }

    /// The bytes of a tensor's loaded form.
    private static func bytes(of tensor: GGUFTensor, _ entry: Entry) throws(ModelError) -> Int {
        guard tensor.shape == entry.shape else {
            throw .wrongShape(tensor: entry.name, found: tensor.shape, expected: entry.shape)
        }
        let type = Int32(clamping: tensor.type.rawValue)
        let isVector = entry.shape.count == 1
        guard ck_type_supported(type), !isVector || ck_type_block(ck_type(UInt32(type))) == 1
        else { throw .unsupportedType(tensor: entry.name, type: tensor.type.name) }
        if isVector { return Arena.padded((entry.rows ?? entry.shape[0]) * 4) }
        let rows = entry.rows ?? entry.shape[1]
        guard rows > 0 else { return 0 }
        return Arena.padded(
            ck_matrix_bytes(ck_type(UInt32(type)), Int32(rows), Int32(entry.shape[0])))
    }

    /// The layer that a tensor's name puts it in.
    private static func layer(of tensor: GGUFTensor) -> Int? {
        guard tensor.name.hasPrefix("blk.") else { return nil }
        let digits = tensor.name.dropFirst(4).prefix { $0 != "." }
        return Int(digits)
    }
}
