/// One tensor of a model file: what it is and where its bytes lie.
package struct GGUFTensor: Equatable, Sendable {
    package let name: String  // such as `blk.0.attn_q.weight`
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

/// A tensor as the header describes it, before the place of the data is known.
struct TensorDescription {
    let name: String
    private let type: TensorType
    private let shape: [Int]
    private let byteCount: Int
    private let dataOffset: UInt64

    init(index: Int, cursor: inout ByteCursor) throws(GGUFError) {
        let name = try cursor.name("the name of tensor \(index)")
        let rank = try cursor.read(UInt32.self, "the rank of tensor \(name)")
        guard (1...4).contains(rank) else { throw .badRank(tensor: name, found: rank) }
        var extents: [UInt64] = []
        for axis in 0..<Int(rank) {
            let extent = try cursor.read(UInt64.self, "dimension \(axis) of tensor \(name)")
            guard extent > 0 else { throw .zeroDimension(tensor: name, axis: axis) }
            extents.append(extent)
        }
        let typeNumber = try cursor.read(UInt32.self, "the type of tensor \(name)")
        dataOffset = try cursor.read(UInt64.self, "the offset of tensor \(name)")
        guard let type = TensorType(number: typeNumber) else {
            throw .unknownTensorType(tensor: name, found: typeNumber)
        }
        guard let size = Self.size(of: extents, type: type) else {
            throw .shapeOverflow(tensor: name, shape: extents)
        }
        let columns = size.shape[0]
        guard columns.isMultiple(of: type.blockSize) else {
            throw .partialBlock(tensor: name, columns: columns, type: type)
        }
        self.name = name
        self.type = type
        shape = size.shape
        byteCount = size.bytes
    }

    /// The tensor in the file, checked to start on the alignment and to end inside the file.
    func located(
        part: Int, dataStart: Int, alignment: Int, fileSize: Int
    ) throws(GGUFError) -> GGUFTensor {
        guard dataOffset.isMultiple(of: UInt64(alignment)) else {
            throw .misalignedTensor(tensor: name, offset: dataOffset, alignment: alignment)
        }
        let available = max(0, fileSize - dataStart)
        guard byteCount <= available, dataOffset <= UInt64(available - byteCount) else {
            throw .tensorOutsideFile(
                tensor: name, offset: dataOffset, byteCount: byteCount, available: available)
        }
        return GGUFTensor(
            name: name, type: type, shape: shape, part: part,
            offset: dataStart + Int(dataOffset), byteCount: byteCount)
    }

    /// The extents as `Int` and the size in bytes, or nil if any product exceeds an `Int`.
    private static func size(
        of extents: [UInt64], type: TensorType
    ) -> (shape: [Int], bytes: Int)? {
        var shape: [Int] = []
        var elements = 1
        for extent in extents {
            guard let value = Int(exactly: extent) else { return nil }
            let (product, overflow) = elements.multipliedReportingOverflow(by: value)
            guard !overflow else { return nil }
            elements = product
            shape.append(value)
        }
        let (bytes, overflow) = (elements / type.blockSize)
            .multipliedReportingOverflow(by: type.blockBytes)
        return overflow ? nil : (shape, bytes)
    }
}
