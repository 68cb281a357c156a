/// A model file (GGUF version 2 or 3, little-endian), mapped read-only and validated.
///
/// A model that is split into several files is read as one, whichever of them is given.
/// Opening reads the header alone; the weights stay in the file and are paged in when touched.
/// No length, count or offset in the file is trusted, and memory use is in proportion to the
/// header. The file must not be shortened while it is open.
package final class GGUFFile: Sendable {
    package let metadata: GGUFMetadata
    /// In the file's order.
    package let tensors: [GGUFTensor]

    let path: String
    private let mappings: [FileMapping]
    private let indices: [String: Int]

    /// Maps and validates the file at `path`, which must be a regular file.
    package init(path: String) throws(GGUFError) {
        self.path = path
        let parts = try GGUFParts(path: path)
        mappings = parts.mappings
        metadata = parts.metadata
        tensors = parts.tensors
        var indices: [String: Int] = [:]
        for (index, tensor) in tensors.enumerated() { indices[tensor.name] = index }
        self.indices = indices
    }

    /// The size in bytes, of all parts together.
    package var byteCount: Int { mappings.reduce(0) { $0 + $1.bytes.count } }

    /// The tensor of that name, if the file has one. O(1).
    package func tensor(named name: String) -> GGUFTensor? {
        indices[name].map { index in tensors[index] }
    }

    /// Passes a tensor's bytes, in the mapped file, to `body`.
    ///
    /// The pointer is valid as long as this object lives, and aligned to 8 bytes or more.
    /// `tensor` must be one of this file's own.
    package func withBytes<R, E>(
        of tensor: GGUFTensor, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        try body(UnsafeRawBufferPointer(rebasing: mappings[tensor.part].bytes[range(of: tensor)]))
    }

    /// Gives the memory of the pages wholly inside `tensor`, or inside some of its rows, back to
    /// the system.
    ///
    /// The bytes can still be read: the pages are then fetched from the file again.
    package func dropPages(of tensor: GGUFTensor, rows: Range<Int>? = nil) {
        let whole = range(of: tensor)
        let mapping = mappings[tensor.part]
        guard let rows else { return mapping.dropPages(inside: whole) }
        precondition(0 <= rows.lowerBound && rows.upperBound <= tensor.rows, "no such rows")
        let rowBytes = tensor.byteCount / tensor.rows
        let start = whole.lowerBound + rows.lowerBound * rowBytes
        mapping.dropPages(inside: start..<start + rows.count * rowBytes)
    }

    private func range(of tensor: GGUFTensor) -> Range<Int> {
        let end = tensor.offset + tensor.byteCount
        precondition(
            tensor.part < mappings.count && end <= mappings[tensor.part].bytes.count,
            "\(tensor.name) is not a tensor of \(path)")
        return tensor.offset..<end
    }
}
