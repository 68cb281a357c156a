// Both families of tokenizers do the same thing to a piece of text: start from its smallest
// symbols and, as long as some neighbours make a token, join the most wanted pair, the leftmost
// of several. They differ in what "wanted" means, which is the `MergeRule`.
//
// The symbols form a doubly linked list and the pairs a heap, so a piece of n symbols takes
// O(n log n). A pair in the heap may have lost a member since it was put there; it is skipped when
// its priority is no longer that of the symbol at its place. (Should the new pair have the very
// same priority, joining it now is what the rule wants anyway.)

/// A run of text that is one token, or none yet.
struct Symbol {
    /// The token, or -1.
    var id: Int32
    /// The bytes of the text that the symbol covers.
    var bytes: Range<Int>
}

/// What two neighbouring tokens become when they are joined, and how soon.
struct Joined: Equatable, Sendable {
    /// Pairs of lower priority numbers are joined first.
    let priority: UInt32
    /// The token that the pair becomes.
    let id: Int32
}

/// Says which neighbours may be joined.
protocol MergeRule {
    /// What two neighbouring symbols become, or nil if they stay apart.
    func joined(_ left: Symbol, _ right: Symbol) -> Joined?
}

/// Joins neighbouring symbols until no rule applies; its memory is reused from piece to piece.
struct SymbolMerger {
    private struct Node {
        var symbol: Symbol
        var previous: Int32
        var next: Int32
        /// What this symbol and the next become.
        var joined: Joined?
    }

    private var nodes: [Node] = []
    private var pairs = MinHeap()

    mutating func append(_ symbol: Symbol) {
        precondition(nodes.count < Int(Int32.max), "a text of 2^31 symbols is not supported")
        let index = Int32(nodes.count)
        nodes.append(Node(symbol: symbol, previous: index - 1, next: index + 1, joined: nil))
    }

    /// Joins what `rule` joins, passes the symbols that remain to `emit` in order, and empties
    /// the list.
    mutating func merge(by rule: some MergeRule, emit: (Symbol) -> Void) {
        guard !nodes.isEmpty else { return }
        for index in 0..<nodes.count - 1 { offer(index, rule) }
        while let pair = pairs.pop() {
            let left = Int(pair & 0xFFFF_FFFF)
            guard let joined = nodes[left].joined, joined.priority == UInt32(pair >> 32) else {
                continue
            }
            let right = Int(nodes[left].next)
            let next = Int(nodes[right].next)
            nodes[left].symbol.id = joined.id
            nodes[left].symbol.bytes =
                nodes[left].symbol.bytes.lowerBound..<nodes[right].symbol.bytes.upperBound
            nodes[left].next = Int32(next)
            nodes[right].joined = nil
            if next < nodes.count { nodes[next].previous = Int32(left) }
            offer(left, rule)
            if nodes[left].previous >= 0 { offer(Int(nodes[left].previous), rule) }
        }
        var index = 0
        while index < nodes.count {
            emit(nodes[index].symbol)
            index = Int(nodes[index].next)
        }
        nodes.removeAll(keepingCapacity: true)
    }

    /// Puts the pair that starts at `left` into the heap if it can be joined.
    private mutating func offer(_ left: Int, _ rule: some MergeRule) {
        let next = Int(nodes[left].next)
        guard next < nodes.count,
            let joined = rule.joined(nodes[left].symbol, nodes[next].symbol)
        else {
            nodes[left].joined = nil
            return
        }
        nodes[left].joined = joined
        pairs.push(UInt64(joined.priority) << 32 | UInt64(left))
    }
}

/// A binary heap of integers, the smallest on top.
private struct MinHeap {
    private var items: [UInt64] = []

    /// Adds an item. O(log n).
    mutating func push(_ item: UInt64) {
        items.append(item)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard item < items[parent] else { break }
            items[child] = items[parent]
            child = parent
        }
        items[child] = item
    }

    /// Removes the smallest item. O(log n).
    mutating func pop() -> UInt64? {
        guard let top = items.first, let item = items.popLast() else { return nil }
        guard !items.isEmpty else { return top }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < item else { break }
            items[parent] = items[child]
            parent = child
        }
        items[parent] = item
        return top
    }
}
