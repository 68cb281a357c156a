import CKernels
import GGUF

/// How fast the weight matrices of one type and shape are multiplied, by themselves.
package struct ProductTiming: Sendable, Encodable {
    /// As files name it: `Q4_K`.
    package let type: String
    /// Outputs of one matrix.
    package let rows: Int
    /// Inputs of one matrix.
    package let columns: Int
    /// Matrices of this type and shape in the model.
    package let matrices: Int
    /// Bytes that one token's products read: of all these matrices. Where that is less than the processor's caches, they are read from there.
    package let bytes: Int
    /// Tokens in each product.
    package let tokens: Int
    /// Of all the matrices once, the median of several rounds.
    package let seconds: Double

    /// Bytes of weights read a second.
    package var bytesPerSecond: Double { Double(bytes) / seconds }
    /// 8-bit multiply-adds a second.
    package var multiplyAddsPerSecond: Double {
        Double(rows * columns) * Double(matrices * tokens) / seconds
    }
}

extension Model {
    /// Times the products of each kind of matrix with `tokens` tokens (1 to 512), in the layers' order.
    package func timeProducts(tokens: Int, rounds: Int) throws(ModelError) -> [ProductTiming] {
        var kinds: [[ck_matrix]] = []
        for matrix in weights.matrices {
            if let kind = kinds.firstIndex(where: { $0[0].isLike(matrix) }) {
                kinds[kind].append(matrix)
            } else {
                kinds.append([matrix])
            }
        }
        var timings: [ProductTiming] = []
        for kind in kinds { timings.append(try time(kind, tokens: tokens, rounds: rounds)) }
        return timings
    }

    private func time(_ matrices: [ck_matrix], tokens: Int, rounds: Int) throws(ModelError)
        -> ProductTiming
    {
        let (rows, columns) = (Int(matrices[0].rows), Int(matrices[0].columns))
        let blocks = ck_blocks_needed(Int32(tokens), Int32(columns))
        let memory = try Arena(
            byteCount: Arena.padded(tokens * columns * 4)
                + Arena.padded(blocks * MemoryLayout<ck_block>.stride)
                + Arena.padded(tokens * rows * 4), streamed: false)
        let input = ck_activations(
            tokens: Int32(tokens), columns: Int32(columns),
            floats: memory.take(Float.self, count: tokens * columns),
            blocks: memory.take(ck_block.self, count: blocks))
        let out = memory.take(Float.self, count: tokens * rows)
        // Numbers without meaning: time does not depend on them.
        for i in 0..<(tokens * columns) { input.floats[i] = Float(i % 17) - 8 }
        ck_quantize(processor.kernels, processor.pool, input)
        let clock = ContinuousClock()
        let seconds = (0...max(rounds, 1)).map { _ in
            let start = clock.now
            for matrix in matrices {
                var product = ck_product(matrix: matrix, bias: nil, out: out, out_stride: rows)
                ck_multiply(processor.kernels, processor.pool, &product, 1, input)
            }
            return (clock.now - start) / .seconds(1)
        }.dropFirst().sorted()  // the first warms up
        return ProductTiming(
            type: TensorType(number: matrices[0].type.rawValue)?.name ?? "?", rows: rows,
            columns: columns, matrices: matrices.count,
            bytes: matrices.count
                * ck_matrix_bytes(matrices[0].type, matrices[0].rows, matrices[0].columns),
            tokens: tokens, seconds: seconds[seconds.count / 2])
    }
}

extension ck_matrix {
    fileprivate func isLike(_ other: ck_matrix) -> Bool {
        type == other.type && rows == other.rows && columns == other.columns
    }
}
