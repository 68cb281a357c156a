/// One tensor of a model file: what it is and where its bytes lie.
package struct GGUFTensor: Equatable, Sendable {
    /// The tensor's name, such as `blk.0.attn_q.weight`.
    package let name: String
    /// How the elements are stored.
    package let type: TensorType
    /// The extents in ggml's order: `shape[0]`, the columns, varies fastest. One to four of them.
    package let shape: [Int]
    /// Which file of a split model holds it, from 0; 0 in a model of one file.
    package let part: Int
    /// The first byte, counted from the start of its file.
    package let offset: Int
    /// The size in bytes: `rows` x `columns / blockSize` blocks.
    package let byteCount: Int

    /// Elements per row, contiguous in the file.
    package var columns: Int { shape[0] }

    /// The product of all extents but the first.
    package var rows: Int { shape.dropFirst().reduce(1, *) }
}
