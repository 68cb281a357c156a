/// Finds the tokens that are cut out of a text before anything else: control tokens where they
/// are commands, tokens added by hand always.
struct SpecialTokens: Sendable {
    /// A stretch of a text.
    enum Fragment: Equatable {
        case text(Range<Int>)
        case token(Int32)
    }

    private struct Node: Sendable {
        /// The token that ends here, or -1.
        var id: Int32 = -1
        var isControl = false
    }

    /// A tree of all special texts by their bytes; node 0 is the root.
    private var nodes = [Node()]
    /// Children by `node << 8 | byte`.
    private var children: [UInt64: Int] = [:]
    /// Whether any special text starts with a byte.
    private var isFirst = [Bool](repeating: false, count: 256)

    /// Adds a token by its text; of several with the same text the first is found.
    mutating func add(_ id: Int32, text: some Sequence<UInt8>, isControl: Bool) {
        var node = 0
        for byte in text {
            if node == 0 { isFirst[Int(byte)] = true }
            let key = UInt64(node) << 8 | UInt64(byte)
            if let child = children[key] {
                node = child
            } else {
                nodes.append(Node())
                node = nodes.count - 1
                children[key] = node
            }
        }
        guard node > 0, nodes[node].id < 0 else { return }
        nodes[node] = Node(id: id, isControl: isControl)
    }

    /// Passes the fragments of `text` to `body` in order: at each place the longest special text,
    /// and the stretches between. Control tokens are found within `commands` alone, ranges in
    /// rising order. O(bytes x longest special text).
    func split(
        _ text: UnsafeBufferPointer<UInt8>, commands: [Range<Int>], _ body: (Fragment) -> Void
    ) {
        var start = 0
        var index = 0
        var commands = commands[...]
        while index < text.count {
            guard isFirst[Int(text[index])] else {
                index += 1
                continue
            }
            while let first = commands.first, first.upperBound <= index { commands.removeFirst() }
            let controlEnd = commands.first.map { $0.contains(index) ? $0.upperBound : 0 } ?? 0
            guard let match = longestMatch(in: text, at: index, controlEnd: controlEnd) else {
                index += 1
                continue
            }
            if start < index { body(.text(start..<index)) }
            body(.token(match.id))
            index = match.end
            start = index
        }
        if start < text.count { body(.text(start..<text.count)) }
    }

    /// The longest special text at a place; that of a control token ends at `controlEnd` at the latest.
    private func longestMatch(
        in text: UnsafeBufferPointer<UInt8>, at start: Int, controlEnd: Int
    ) -> (id: Int32, end: Int)? {
        var match: (id: Int32, end: Int)?
        var node = 0
        var index = start
        while index < text.count, let child = children[UInt64(node) << 8 | UInt64(text[index])] {
            node = child
            index += 1
            if nodes[node].id >= 0, index <= controlEnd || !nodes[node].isControl {
                match = (nodes[node].id, index)
            }
        }
        return match
    }
}
