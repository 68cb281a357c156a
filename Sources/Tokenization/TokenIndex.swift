/// Finds a token by its bytes: an open-addressed hash table of ids over the vocabulary's bytes.
///
/// A dictionary keyed by arrays would allocate once per token and once per question.
struct TokenIndex: Sendable {
    private let tokens: ByteStrings
    /// Ids, or -1 where empty; a power of two, at most half full.
    private var slots: [Int32]
    /// The longest indexed token in bytes; longer strings need no look-up.
    private(set) var longest = 0

    /// An empty index of `tokens`, with room for all of them.
    init(of tokens: ByteStrings) {
        self.tokens = tokens
        var capacity = 16
        while capacity < tokens.count * 2 { capacity *= 2 }
        slots = [Int32](repeating: -1, count: capacity)
    }

    /// Adds a token; of several with the same bytes the first added is found.
    mutating func add(_ id: Int32) {
        let range = tokens.range(at: Int(id))
        let (slot, found) = tokens.withAllBytes { all in
            place(of: UnsafeRawBufferPointer(rebasing: all[range]))
        }
        guard found < 0 else { return }
        slots[slot] = id
        longest = max(longest, range.count)
    }

    /// The id of the token with exactly these bytes.
    func id(of bytes: UnsafeRawBufferPointer) -> Int32? {
        guard bytes.count <= longest else { return nil }
        let found = place(of: bytes).id
        return found < 0 ? nil : found
    }

    /// The slot that holds `bytes`, or the empty one where they belong.
    private func place(of bytes: UnsafeRawBufferPointer) -> (slot: Int, id: Int32) {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        let mask = slots.count - 1
        var slot = hasher.finalize() & mask
        return tokens.withAllBytes { all in
            while true {
                let id = slots[slot]
                if id < 0 { return (slot, id) }
                let range = tokens.range(at: Int(id))
                if range.count == bytes.count,
                    UnsafeRawBufferPointer(rebasing: all[range]).elementsEqual(bytes)
                {
                    return (slot, id)
                }
                slot = (slot + 1) & mask
            }
        }
    }
}

/// Many short byte strings in one allocation.
struct ByteStrings: Equatable, Sendable {
    private var bytes: [UInt8] = []
    private var ends: [Int] = []

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

    subscript(index: Int) -> [UInt8] { Array(slice(at: index)) }

    /// String `index` without a copy.
    func slice(at index: Int) -> ArraySlice<UInt8> { bytes[range(at: index)] }

    /// Passes all strings, one after another, to `body`.
    func withAllBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        bytes.withUnsafeBytes(body)
    }
}
