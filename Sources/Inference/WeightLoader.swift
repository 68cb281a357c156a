import CKernels
import GGUF

/// One tensor that a model of some shape has: what it is called, how large it is, where it goes.
struct TensorEntry {
    enum Place {
        /// Repacked.
        case matrix(WritableKeyPath<Weights, ck_matrix>)
        /// Converted to floats.
        case vector(WritableKeyPath<Weights, Weights.Vector?>)
        /// Stays in the file, whose rows are read when they are needed.
        case file
    }

    let name: String
    /// As in the file: columns, then rows; of a vector, its length.
    let shape: [Int]
    let place: Place
    let isOptional: Bool
    /// How many rows of a matrix or numbers of a vector are loaded; nil: all.
    let rows: Int?

    init(
        _ name: String, _ shape: [Int], _ place: Place, isOptional: Bool = false, rows: Int? = nil
    ) {
        self.name = name
        self.shape = shape
        self.place = place
        self.isOptional = isOptional
        self.rows = rows
    }

    /// The bytes of a tensor's loaded form, if the tensor is what the entry says.
    func byteCount(of tensor: GGUFTensor) throws(ModelError) -> Int {
        guard tensor.shape == shape else {
            throw .wrongShape(tensor: name, found: tensor.shape, expected: shape)
        }
        let isVector = if case .vector = place { true } else { false }
        guard let type = tensor.type.kernelType, !isVector || tensor.type.blockSize == 1 else {
            throw .unsupportedType(tensor: name, type: tensor.type.name)
        }
        switch place {
        case .file: return 0
        case .vector: return Arena.padded((rows ?? shape[0]) * 4)
        case .matrix:
            return Arena.padded(ck_matrix_bytes(type, Int32(rows ?? shape[1]), Int32(shape[0])))
        }
    }
}

/// What a file has of a list of tensors; it has nothing else.
struct ListedTensors {
    /// In the list's order.
    private(set) var found: [(entry: TensorEntry, tensor: GGUFTensor)] = []
    /// Bytes of all loaded forms.
    private(set) var byteCount = 0

    /// Ends of names of tensors that may be in a file although nothing reads them: tables of the rotary frequencies, which the decoder
    /// computes from `rope.freq_base` itself (`rotary_emb.inv_freq` of old Llama checkpoints).
    private static let harmless = [".attn_rot_embd.weight"]

    init(_ file: GGUFFile, _ entries: [TensorEntry], layers: Int) throws(ModelError) {
        for entry in entries {
            guard let tensor = file.tensor(named: entry.name) else {
                if entry.isOptional { continue }
                throw .missingTensor(name: entry.name)
            }
            byteCount += try entry.byteCount(of: tensor)
            found.append((entry, tensor))
        }
        let names = Set(found.map(\.entry.name))
        let rest = file.tensors.filter { tensor in
            !names.contains(tensor.name)
                && !Self.harmless.contains { tensor.name.hasSuffix($0) }
        }
        if let extra = rest.first(where: { Self.layer(of: $0) ?? 0 >= layers }) {
            throw .extraLayer(tensor: extra.name, layers: layers)
        }
        if let first = rest.first { throw .unusedTensor(name: first.name, count: rest.count) }
    }

    func tensor(named name: String) throws(ModelError) -> GGUFTensor {
        guard let item = found.first(where: { $0.entry.name == name }) else {
            throw .missingTensor(name: name)
        }
        return item.tensor
    }

    /// The layer that a tensor's name puts it in.
    private static func layer(of tensor: GGUFTensor) -> Int? {
        guard tensor.name.hasPrefix("blk.") else { return nil }
        let digits = tensor.name.dropFirst(4).prefix { $0 != "." }
        return Int(digits)
    }
}

/// Brings tensors of a file, checked before, into an arena.
struct WeightLoader {
    let file: GGUFFile
    let arena: Arena
    let processor: Processor

    private static let tileRows = 16
    /// Bytes of the file that are repacked at a time.
    private static let slabBytes = 4 << 20

    /// The first `rows` rows of a matrix, or all, repacked.
    func matrix(_ tensor: GGUFTensor, rows: Int?) -> ck_matrix {
        let type = ck_type(rawValue: tensor.type.number)
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

    /// The first `count` numbers of a vector, or all.
    func vector(_ tensor: GGUFTensor, count: Int?) -> Weights.Vector {
        let count = count ?? tensor.columns
        let floats = arena.take(Float.self, count: count)
        file.withBytes(of: tensor) {
            ck_dequantize_row(
                ck_type(rawValue: tensor.type.number), $0.baseAddress, Int32(count), floats)
        }
        return UnsafePointer(floats)
    }
}

extension TensorType {
    /// As the kernels know it; nil where there are none for it.
    var kernelType: ck_type? {
        ck_type_supported(Int32(clamping: number)) ? ck_type(rawValue: number) : nil
    }

    /// Those that there are kernels for.
    static var supported: [TensorType] {
        (0...).lazy.map { ck_type_at($0) }.prefix { $0 >= 0 }
            .compactMap { TensorType(number: UInt32($0)) }
    }
}
