import GGUF

/// Byte-level byte-pair encoding (Sennrich, Haddow and Birch 2016, over bytes as in GPT-2).
struct BytePairEncoder: Sendable {
    let preTokenizer: PreTokenizer
    private let merges: PairTable
    /// The token of each single byte, or -1.
    private let byteTokens: [Int32]
    /// Set where a piece that is a token needs no merging; Llama 3's vocabulary has tokens that
    /// its merges never reach.
    private let wholePieces: TokenIndex?
    /// What of the merges could not be used; nil if all could.
    let warning: String?

    init(
        _ metadata: GGUFMetadata, vocabulary: Vocabulary
    ) throws(TokenizerError) {
        let name = try metadata.required(string: "tokenizer.ggml.pre")
        let known = PreTokenizer.names
        guard let value = known.first(where: { entry in entry.name == name })?.value else {
            throw .unknownPreTokenizer(found: name, known: known.map(\.name))
        }
        preTokenizer = value

        let index = vocabulary.textIndex(withAdded: true)
        byteTokens = (0...255).map { byte in
            withUnsafeBytes(of: UInt8(byte)) { bytes in index.id(of: bytes) ?? -1 }
        }
        (merges, warning) = try Self.readMerges(metadata, index)
        wholePieces = preTokenizer == .llama3 ? index : nil
    }

    /// Appends the ids of `text` to `ids`.
    ///
    /// A byte that the vocabulary has no token for keeps its neighbours apart and is then left
    /// out, as llama.cpp does. (SmolLM's lacks six control characters and two bytes that only
    /// unassigned planes use.)
    func encode(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
        guard preTokenizer.composes, !ComposedText.isComposed(text) else {
            return encodeComposed(text, into: &ids)
        }
        var composed = ComposedText.composing(String(decoding: text, as: UTF8.self))
        composed.withUTF8 { encodeComposed($0, into: &ids) }
    }

    private func encodeComposed(_ text: UnsafeBufferPointer<UInt8>, into ids: inout [Int32]) {
        var merger = SymbolMerger()
        let rule = RankedMerges(table: merges)
        let bytes = UnsafeRawBufferPointer(text)
        preTokenizer.split(ClassifiedText(text)) { piece in
            if let wholePieces,
                let id = wholePieces.id(of: UnsafeRawBufferPointer(rebasing: bytes[piece]))
            {
                ids.append(id)
                return
            }
            for index in piece {
                merger.append(
                    Symbol(id: byteTokens[Int(text[index])], bytes: index..<index + 1))
            }
            merger.merge(by: rule) { symbol in
                if symbol.id >= 0 { ids.append(symbol.id) }
            }
        }
    }

    /// Reads `tokenizer.ggml.merges`: strings of two tokens with a space between, first the most
    /// wanted. A few that join nothing are left out, with a warning.
    private static func readMerges(
        _ metadata: GGUFMetadata, _ index: TokenIndex
    ) throws(TokenizerError) -> (PairTable, warning: String?) {
        let key = "tokenizer.ggml.merges"
        guard let strings = metadata.strings(key) else {
            throw .missing(key: key, expected: "an array of strings")
        }
        var table = PairTable(count: strings.count)
        var bad: [Int] = []
        var scratch: [UInt8] = []
        for rank in strings.indices {
            scratch.removeAll(keepingCapacity: true)
            let added = strings.withBytes(at: rank) { text in
                // A token may be a space's stand-in but never contains a space.
                guard let space = text.firstIndex(of: 0x20) else { return false }
                let left = UnsafeRawBufferPointer(rebasing: text[..<space])
                let right = UnsafeRawBufferPointer(rebasing: text[(space + 1)...])
                guard ByteStandIns.append(decoding: left, to: &scratch) else { return false }
                let middle = scratch.count
                guard ByteStandIns.append(decoding: right, to: &scratch) else { return false }
                return scratch.withUnsafeBytes { both in
                    guard let a = index.id(of: UnsafeRawBufferPointer(rebasing: both[..<middle])),
                        let b = index.id(of: UnsafeRawBufferPointer(rebasing: both[middle...])),
                        let joined = index.id(of: both)
                    else { return false }
                    table.add(a, b, Joined(priority: UInt32(rank), id: joined))
                    return true
                }
            }
            if !added { bad.append(rank) }
        }
        guard let first = bad.first else { return (table, nil) }
        let text = strings[first].description
        guard bad.count * 2 <= strings.count else {
            throw .badMerges(count: bad.count, of: strings.count, first: first, text: text)
        }
        return (
            table,
            "\(bad.count) of the \(strings.count) merges do not join two tokens into a third and are"
                + " left out, the first of them merge \(first), \"\(text)\""
        )
    }
}

/// Joins pairs in the order of the merges.
private struct RankedMerges: MergeRule {
    let table: PairTable

    func joined(_ left: Symbol, _ right: Symbol) -> Joined? { table.joined(left.id, right.id) }
}

/// The merges of a byte-pair encoding by their two tokens: an open-addressed hash table.
///
/// Encoding asks about three times per byte of text, mostly for pairs that are not there, so keys
/// lie densely together.
struct PairTable: Sendable {
    private static let empty = UInt64.max

    private var keys: [UInt64]
    private var values: [Joined]

    /// A table for up to `count` pairs, at most half full.
    init(count: Int) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        keys = [UInt64](repeating: Self.empty, count: capacity)
        values = [Joined](repeating: Joined(priority: 0, id: 0), count: capacity)
    }

    /// Adds a pair; one that is there already keeps its value.
    mutating func add(_ left: Int32, _ right: Int32, _ joined: Joined) {
        let slot = slot(of: left, right)
        guard keys[slot] == Self.empty else { return }
        keys[slot] = Self.key(left, right)
        values[slot] = joined
    }

    /// What the pair becomes, if it is ever joined.
    func joined(_ left: Int32, _ right: Int32) -> Joined? {
        let slot = slot(of: left, right)
        return keys[slot] == Self.empty ? nil : values[slot]
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    private func slot(of left: Int32, _ right: Int32) -> Int {
        let key = Self.key(left, right)
        let mask = keys.count - 1
        // Multiplying by 2^64 / golden ratio spreads keys that differ in few bits (Knuth, 6.4).
        var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
        while keys[slot] != key, keys[slot] != Self.empty { slot = (slot + 1) & mask }
        return slot
    }
}
