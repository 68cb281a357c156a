import CKernels
import Hashing
import TestSupport
import Testing

/// Matrix products: every instruction set and every batch size gives the scalar reference's bits.
struct MultiplyTests {
    /// Every size of a group, alone and after one and two of 16, and many.
    static let batches = Array(1...40) + [100]
    static let most = 100

    @Test(arguments: TinyTensorType.allCases)
    func equalsScalarForEveryBatchAndShape(type: TinyTensorType) throws {
        let kernels = try Kernels.all()
        for columns in type.oddColumns {
            let floats = activationLike(Self.most * columns, seed: UInt64(columns))
            let inputs = Self.batches.map { quantized($0, columns, floats, kernels[0]) }
            for (rows, seed) in zip([1, 15, 16, 17, 40], 1...) {
                let matrix = Matrix(type, rows, columns, seed: UInt64(seed), kernels[0])
                for bias in [nil, Buffer(activationLike(rows, seed: 9))] {
                    guard let all = inputs.last else { return }
                    let reference = matrix.multiply(all, bias: bias, kernels[0])
                    for set in kernels {
                        for input in inputs {
                            let out = matrix.multiply(input, bias: bias, set)
                            let same = sameBits(out, Array(reference.prefix(out.count)))
                            #expect(
                                same,
                                "\(type) \(rows) x \(columns), \(set.set), \(input.value.tokens)")
                        }
                    }
                }
            }
        }
    }

    /// All bits set, none set, scales negative, subnormal or zero, activations at their limits.
    @Test(arguments: TinyTensorType.allCases.filter { $0.blockSize > 1 })
    func equalsScalarAtExtremes(type: TinyTensorType) throws {
        let kernels = try Kernels.all()
        let columns = type.oddColumns[1]
        // Blocks at ±127, all of one sign, alternating, and zero.
        let floats = (0..<33 * columns).map { index -> Float in
            switch index / 32 % 4 {
            case 0: 127
            case 1: -127
            case 2: index.isMultiple(of: 2) ? 127 : -127
            default: 0
            }
        }
        for halves in [[0x3C00, 0xBC00], [0x0001, 0x83FF], [0x8000, 0x0000]] as [[UInt16]] {
            for fill in [0x00, 0xFF, 0x80, 0x7F] as [UInt8] {
                let row = type.row(columns, fill: fill, halves: halves)
                let source = (0..<17).flatMap { _ in row }
                let matrix = Matrix(type, 17, columns, source, kernels[0])
                for tokens in [1, 5, 33] {
                    let input = quantized(tokens, columns, floats, kernels[0])
                    let reference = matrix.multiply(input, bias: nil, kernels[0])
                    for set in kernels {
                        #expect(
                            sameBits(matrix.multiply(input, bias: nil, set), reference),
                            "\(type) filled with \(fill), \(set.set), \(tokens) tokens")
                    }
                }
            }
        }
    }

    /// Against sums in double precision of the published formats' weights and the blocks' values.
    @Test(arguments: TinyTensorType.allCases)
    func agreesWithDoubleArithmetic(type: TinyTensorType) throws {
        let kernels = try Kernels.all()
        let (rows, columns, tokens) = (17, 512, 3)
        let matrix = Matrix(type, rows, columns, seed: 5, kernels[0])
        let input = quantized(
            tokens, columns, activationLike(tokens * columns, seed: 6), kernels[0])
        let found = matrix.multiply(input, bias: nil, kernels[0])
        // A chain of sums, one a block (or column), and the roundings of each summand.
        let steps = type.blockSize == 1 ? columns : 2 * columns / 32
        let bound = Double(steps + 6) * 0x1p-24
        for token in 0..<tokens {
            let x = input.values(of: token, exactly: type.blockSize == 1)
            for row in 0..<rows {
                let weights = PublishedBlocks.weights(type, row: matrix.row(row))
                var (sum, magnitude) = (0.0, 0.0)
                for (weight, x) in zip(weights, x) {
                    let w = Double(weight.scale) * Double(weight.integer) + Double(weight.offset)
                    sum += w * x
                    magnitude += weight.magnitude * abs(x)
                }
                let error = abs(Double(found[token * rows + row]) - sum)
                #expect(error <= bound * magnitude, "\(type) row \(row), token \(token)")
            }
        }
    }

    /// Several products of different types in one region, on two threads, written with a stride.
    @Test func productsThatShareTheirInput() throws {
        let kernels = try Kernels.all(threads: 2)
        let (columns, tokens) = (256, 5)
        let floats = activationLike(tokens * columns, seed: 3)
        let input = quantized(tokens, columns, floats, kernels[0])
        let matrices = zip([TinyTensorType.q4_K, .f16, .q5_0, .q6_K], [100, 33, 1, 250]).map {
            Matrix($0, $1, columns, seed: UInt64($1), kernels[0])
        }
        for set in kernels {
            let outs = matrices.map { Buffer<Float>(count: tokens * ($0.rows + 3)) }
            let products = zip(matrices, outs).map { matrix, out in
                ck_product(
                    matrix: matrix.value, bias: nil, out: out.pointer, out_stride: matrix.rows + 3)
            }
            ck_multiply(
                set.table, set.pool.pointer, products, Int32(products.count), input.value)
            for (matrix, out) in zip(matrices, outs) {
                let alone = matrix.multiply(input, bias: nil, kernels[0])
                for token in 0..<tokens {
                    let start = token * (matrix.rows + 3)
                    let row = Array(out.array[start..<start + matrix.rows + 3])
                    let expected = Array(alone[token * matrix.rows..<(token + 1) * matrix.rows])
                    #expect(sameBits(Array(row.prefix(matrix.rows)), expected), "\(set.set)")
                    let gap = row.suffix(3).filter { $0.isNaN }
                    #expect(gap.count == 3, "written past the row")
                }
            }
        }
    }

    @Test func shapesThatDoNotFitTheType() {
        #expect(ck_matrix_bytes(CK_Q4_K, 16, 128) == 0)
        #expect(ck_matrix_bytes(CK_Q8_0, 16, 48) == 0)
        #expect(ck_matrix_bytes(CK_Q8_0, 0, 32) == 0)
        #expect(ck_matrix_bytes(CK_Q8_0, 16, 0) == 0)
        #expect(ck_matrix_bytes(ck_type(10), 16, 256) == 0)
    }

    private func quantized(
        _ tokens: Int, _ columns: Int, _ floats: [Float], _ kernels: Kernels
    ) -> Activations {
        let input = Activations(tokens: tokens, columns: columns, floats)
        ck_quantize(kernels.table, kernels.pool.pointer, input.value)
        return input
    }
}

/// A repacked matrix and the file's bytes that it came from.
private final class Matrix {
    let rows: Int
    let source: [UInt8]
    let tiles: Buffer<UInt8>
    let value: ck_matrix

    init(_ type: TinyTensorType, _ rows: Int, _ columns: Int, _ source: [UInt8], _ kernels: Kernels)
    {
        self.rows = rows
        self.source = source
        let (kind, r, c) = (type.kernelType, Int32(rows), Int32(columns))
        tiles = Buffer(count: ck_matrix_bytes(kind, r, c))
        ck_repack(kernels.pool.pointer, kind, r, c, source, tiles.pointer)
        value = ck_matrix_make(kind, r, c, tiles.pointer)
    }

    convenience init(
        _ type: TinyTensorType, _ rows: Int, _ columns: Int, seed: UInt64, _ kernels: Kernels
    ) {
        var generator = SplitMix64(seed: seed)
        let source = type.randomBytes(elements: rows * columns, spread: 0.05, using: &generator)
        self.init(type, rows, columns, source, kernels)
    }

    func row(_ index: Int) -> [UInt8] {
        let bytes = source.count / rows
        return Array(source[index * bytes..<(index + 1) * bytes])
    }

    func multiply(_ input: Activations, bias: Buffer<Float>?, _ kernels: Kernels) -> [Float] {
        let out = Buffer<Float>(count: Int(input.value.tokens) * rows)
        var product = ck_product(
            matrix: value, bias: bias.map { UnsafePointer($0.pointer) }, out: out.pointer,
            out_stride: rows)
        ck_multiply(kernels.table, kernels.pool.pointer, &product, 1, input.value)
        return out.array
    }
}

extension Activations {
    /// What the kernels multiply with: the blocks' values or, for unquantised weights, the floats.
    fileprivate func values(of token: Int, exactly: Bool) -> [Double] {
        if exactly {
            let columns = Int(value.columns)
            return floats.array[token * columns..<(token + 1) * columns].map { Double($0) }
        }
        return blocks(of: token).flatMap { block in
            withUnsafeBytes(of: block.q) { q in
                q.map { Double(Int8(bitPattern: $0)) * Double(block.d) }
            }
        }
    }
}

extension TinyTensorType {
    /// Blocks of equal bytes, with the given halves as their scales in turn.
    fileprivate func row(_ columns: Int, fill: UInt8, halves: [UInt16]) -> [UInt8] {
        (0..<columns / blockSize).flatMap { index in
            var block = [UInt8](repeating: fill, count: blockBytes)
            for (place, offset) in scaleOffsets.enumerated() {
                let half = halves[(index + place) % halves.count]
                block[offset] = UInt8(truncatingIfNeeded: half)
                block[offset + 1] = UInt8(truncatingIfNeeded: half >> 8)
            }
            return block
        }
    }
}
