/// Some tokens of a vocabulary, named by their content: the rows that are left of a trimmed output matrix (docs/method.md, 2.11).
package struct TokenRows: Hashable, Sendable {
    /// Token ids, rising, each once.
    package let ids: [Int32]
    /// SHA-256 of the ids as little-endian numbers of 32 bits, in lower-case hexadecimal.
    package let hash: String

    /// The tokens among `ids`, of which there must be at least two different ones: every reading names two.
    package init(_ ids: some Sequence<Int32>) {
        var rows: [Int32] = []
        for id in ids.sorted() where rows.last != id { rows.append(id) }
        precondition(rows.count > 1, "a choice of at least two tokens")
        self.ids = rows
        var hash = SHA256()
        for id in rows { withUnsafeBytes(of: id.littleEndian) { hash.update($0) } }
        self.hash = hash.hexadecimal()
    }

    /// How many there are.
    package var count: Int { ids.count }

    /// A token's place among them; nil if it is not. O(log count).
    package func place(of token: Int32) -> Int? {
        var (low, high) = (0, ids.count)
        while low < high {
            let middle = (low + high) / 2
            if ids[middle] < token { low = middle + 1 } else { high = middle }
        }
        return low < ids.count && ids[low] == token ? low : nil
    }

    /// Equal if their hashes are: SHA-256 of the ids.
    package static func == (a: TokenRows, b: TokenRows) -> Bool { a.hash == b.hash }

    /// By the same hash.
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
