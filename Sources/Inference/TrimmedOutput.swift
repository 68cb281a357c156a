import CKernels
import GGUF
import Hashing

/// Some rows of a model's output matrix, in a copy of their own: a reading over them costs less than one over all (docs/method.md, 2.11).
final class TrimmedOutput {
    /// Shape (rows, width), repacked as the whole matrix is.
    let projection: Weights.Projection
    let rows: TokenRows
    private let arena: Arena

    /// Bytes of the file that are gathered at a time.
    private static let slabBytes = 4 << 20
    private static let tileRows = 16

    /// Copies rows out of the file, block by block as they are, so that their products have the bits that the whole matrix gives them.
    init(
        _ rows: TokenRows, of weights: Weights, file: GGUFFile, processor: Processor
    ) throws(ModelError) {
        let tensor = weights.outputSource
        let (type, columns) = (ck_type(rawValue: tensor.type.number), Int32(tensor.columns))
        let bias = weights.output.bias
        arena = try Arena(
            byteCount: Self.byteCount(rows.count, of: tensor, biased: bias != nil), streamed: true)
        let tiles = arena.take(
            UInt8.self, count: ck_matrix_bytes(type, Int32(rows.count), columns))
        let matrix = ck_matrix_make(type, Int32(rows.count), columns, tiles)
        let rowBytes = tensor.byteCount / tensor.rows
        let slab = max(Self.slabBytes / rowBytes / Self.tileRows, 1) * Self.tileRows
        var gathered = [UInt8](repeating: 0, count: min(slab, rows.count) * rowBytes)
        for first in stride(from: 0, to: rows.count, by: slab) {
            let ids = rows.ids[first..<min(first + slab, rows.count)]
            file.withBytes(of: tensor) { source in
                gathered.withUnsafeMutableBytes { to in
                    guard let from = source.baseAddress, let base = to.baseAddress else { return }
                    for (place, id) in ids.enumerated() {
                        (base + place * rowBytes).copyMemory(
                            from: from + Int(id) * rowBytes, byteCount: rowBytes)
                    }
                    ck_repack(
                        processor.pool, type, Int32(ids.count), columns, base,
                        tiles + first / Self.tileRows * matrix.tile_bytes)
                }
            }
        }
        file.dropPages(of: tensor)
        var kept: UnsafeMutablePointer<Float>?
        if let bias {
            let copy = arena.take(Float.self, count: rows.count)
            for (place, id) in rows.ids.enumerated() { copy[place] = bias[Int(id)] }
            kept = copy
        }
        projection = Weights.Projection(matrix: matrix, bias: kept.map { UnsafePointer($0) })
        self.rows = rows
    }

    /// Bytes of so many rows' copy.
    static func byteCount(_ rows: Int, of tensor: GGUFTensor, biased: Bool) -> Int {
        let type = ck_type(rawValue: tensor.type.number)
        return Arena.padded(ck_matrix_bytes(type, Int32(rows), Int32(tensor.columns)))
            + (biased ? Arena.padded(rows * 4) : 0)
    }
}

extension Model {
    /// Bytes of memory that a trimmed output matrix of so many rows takes beside the whole one, for as long as the model lives.
    package func trimmedBytes(rows: Int) -> Int {
        TrimmedOutput.byteCount(
            rows, of: weights.outputSource, biased: weights.output.bias != nil)
    }

    /// The trimmed matrix of some rows, made when it is first asked for.
    func trimmed(to rows: TokenRows) throws(ForwardError) -> TrimmedOutput {
        if let made = trimmedOutputs[rows] { return made }
        do throws(ModelError) {
            let made = try TrimmedOutput(rows, of: weights, file: file, processor: processor)
            trimmedOutputs[rows] = made
            return made
        } catch {
            throw .memory(bytes: trimmedBytes(rows: rows.count))
        }
    }
}
