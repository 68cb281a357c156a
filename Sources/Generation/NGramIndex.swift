/// What followed the last tokens of a text where they stood before (`DraftSource.ngram`).
///
/// A tree of all endings, read backwards from each place of the text, up to a length: each node is an ending and knows where it stood last. O(length) a
/// token that comes or goes, whatever the text's length, and exact: no two endings share a node.
struct NGramIndex {
    /// The longest ending.
    private let longest: Int
    private var tokens: [Int32] = []
    /// By a node, in the upper half, and the token before it. The ending without tokens is node 0.
    private var nodes: [UInt64: Int32] = [:]
    /// By node: how many tokens stood up to the end of its latest place; 0: it stands nowhere.
    private var latest: [Int32] = [0]
    /// For each token of the text: its endings, the shortest first, and where they stood last before it.
    private var endings: [(node: Int32, before: Int32)] = []
    /// Where each token's endings begin.
    private var starts: [Int] = []

    /// The index of a text.
    init(of text: [Int32], longest: Int) {
        self.longest = longest
        for token in text { append(token) }
    }

    /// Tokens of the text.
    var length: Int { tokens.count }

    mutating func append(_ token: Int32) {
        tokens.append(token)
        starts.append(endings.count)
        var node: Int32 = 0
        for back in 1...min(longest, tokens.count) {
            let key =
                UInt64(UInt32(bitPattern: node)) << 32
                | UInt64(UInt32(bitPattern: tokens[tokens.count - back]))
            if let known = nodes[key] {
                node = known
            } else {
                node = Int32(latest.count)
                nodes[key] = node
                latest.append(0)
            }
            endings.append((node, latest[Int(node)]))
            latest[Int(node)] = Int32(tokens.count)
        }
    }

    /// Forgets all but the first `length` tokens.
    mutating func rewind(to length: Int) {
        while tokens.count > length, let start = starts.popLast() {
            for (node, before) in endings[start...] { latest[Int(node)] = before }
            endings.removeSubrange(start...)
            tokens.removeLast()
        }
    }

    /// What followed the longest ending that stood before, at its latest place; nil if none did.
    var next: Int32? {
        guard let start = starts.last else { return nil }
        return endings[start...].last { $0.before > 0 }.map { tokens[Int($0.before)] }
    }
}
