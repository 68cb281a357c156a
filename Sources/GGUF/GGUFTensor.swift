/// One tensor of a model file: what it is and where its bytes lie.
public struct GGUFTensor: Equatable, Sendable {
    /// The tensor's name, such as `blk.0.attn_q.weight`.
    public let name: String
    /// How the elements are stored.
    public let type: TensorType
    /// The extents in ggml's order: `shape[0]`, the columns, varies fastest. One to four of them.
    public let shape: [Int]
    /// Which file of a split model holds it, from 0; 0 in a model of one file.
    public let part: Int
    /// The first byte, counted from the start of its file.
    public let offset: Int
    /// The size in bytes: `rows` x `columns / blockSize` blocks.
    public let byteCount: Int

    /// Elements per row, contiguous in the file.
    public var columns: Int { shape[0] }

    /// The product of all extents but the first.
    public var rows: Int { shape.dropFirst().reduce(1, *) }
}
