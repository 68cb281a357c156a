import CKernels

/// Pages of a key-value cache for the kernels, filled with ones (NaN) where nobody wrote.
final class Pages {
    let pages: [Buffer<UInt8>]
    private let table: Buffer<UnsafeMutablePointer<UInt8>?>

    init(count: Int, bytes: Int) {
        pages = (0..<count).map { _ in Buffer(count: bytes) }
        table = Buffer(pages.map { $0.pointer })
    }

    /// Places of one sequence's tokens, by position. The pages must outlive them.
    func places(_ positions: some Collection<Int>) -> [ck_place] {
        positions.map { ck_place(pages: UnsafePointer(table.pointer), position: Int32($0)) }
    }

    /// A page holds per head the keys, shape (head size, 16), then the values, (16, head size).
    func values(
        at position: Int, head: Int, shape: ck_attention_shape, layerOffset: Int = 0
    ) -> [UInt16] {
        let size = Int(shape.head_size)
        let start = layerOffset / 2 + head * 32 * size + (16 + position % 16) * size
        return halves(of: position / 16) { Array($0[start..<start + size]) }
    }

    /// The keys of one position, in the head's order.
    func keys(
        at position: Int, head: Int, shape: ck_attention_shape, layerOffset: Int = 0
    ) -> [UInt16] {
        let size = Int(shape.head_size)
        let start = layerOffset / 2 + head * 32 * size + position % 16
        return halves(of: position / 16) { halves in
            (0..<size).map { halves[start + $0 * 16] }
        }
    }

    private func halves(
        of page: Int, _ body: (UnsafeBufferPointer<UInt16>) -> [UInt16]
    ) -> [UInt16] {
        let bytes = pages[page]
        return bytes.pointer.withMemoryRebound(to: UInt16.self, capacity: bytes.count / 2) {
            body(UnsafeBufferPointer(start: $0, count: bytes.count / 2))
        }
    }
}
