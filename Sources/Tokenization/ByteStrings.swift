/// Many short byte strings in one allocation.
struct ByteStrings: Equatable, Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

    /// The number of strings.
    var count: Int { ends.count }

    /// Makes room for `count` strings of `bytes` bytes together.
    mutating func reserve(count: Int, bytes total: Int) {
        ends.reserveCapacity(count)
        bytes.reserveCapacity(total)
    }

    /// Adds one string: whatever `write` appends.
    mutating func append(_ write: (inout [UInt8]) -> Void) {
        write(&bytes)
        ends.append(bytes.count)
    }

    /// Where string `index` lies within `withAllBytes`.
    func range(at index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    /// A copy of string `index`.
    subscript(index: Int) -> [UInt8] { Array(slice(at: index)) }

    /// String `index` without a copy.
    func slice(at index: Int) -> ArraySlice<UInt8> { bytes[range(at: index)] }

    /// Passes all strings, one after another, to `body`.
    func withAllBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        bytes.withUnsafeBytes(body)
    }
}
