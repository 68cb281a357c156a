/// Finds where the match of a pre-tokenizer's pattern ends. Positions count scalars.
struct PatternScanner {
    let text: ClassifiedText

    /// The end of the longest run from `start` whose classes satisfy `condition`.
    func endOfRun(at start: Int, limit: Int? = nil, where condition: (ScalarClass) -> Bool) -> Int {
        let limit = limit ?? text.count
        var end = start
        while end < limit, condition(text.classes[end]) { end += 1 }
        return end
    }

    /// One match of the gpt2 pattern in a text that ends at `limit`.
    func endOfGPT2Piece(at start: Int, limit: Int) -> Int {
        if let end = endOfContraction(at: start, limit: limit, anyCase: false) { return end }
        // ` ?` may take a space before a run of letters, numbers or others.
        let first = text.ascii[start] == 0x20 && start + 1 < limit ? start + 1 : start
        let kind = text.classes[first]
        if kind == .letter || kind == .number || kind == .other {
            return endOfRun(at: first, limit: limit) { other in other == kind }
        }
        return endOfWhitespace(at: start, limit: limit)
    }

    /// One match of the llama3 pattern; `digits` is how many numbers a piece may hold.
    func endOfLlama3Piece(at start: Int, digits: Int) -> Int {
        let limit = text.count
        if let end = endOfContraction(at: start, limit: limit, anyCase: true) { return end }

        // `[^\r\n\p{L}\p{N}]?\p{L}+`
        let kind = text.classes[start]
        let followed = start + 1 < limit ? text.classes[start + 1] : nil
        if kind == .letter || (kind == .space || kind == .other) && followed == .letter {
            return endOfRun(at: start + 1) { other in other == .letter }
        }
        if kind == .number {
            return endOfRun(at: start, limit: min(start + digits, limit)) { $0 == .number }
        }
        // ` ?[^\s\p{L}\p{N}]+[\r\n]*`
        if kind == .other || text.ascii[start] == 0x20 && followed == .other {
            let end = endOfRun(at: start + 1) { other in other == .other }
            return endOfRun(at: end) { other in other == .lineBreak }
        }
        // `\s*[\r\n]+`: up to the last line break of the whitespace.
        let end = endOfRun(at: start, where: \.isWhitespace)
        if let last = text.classes[start..<end].lastIndex(of: .lineBreak) { return last + 1 }
        return endOfWhitespace(at: start, limit: limit)
    }

    /// `\s+(?!\S)|\s+`: all of the whitespace, but its last scalar is left to what follows unless
    /// it is the only one.
    private func endOfWhitespace(at start: Int, limit: Int) -> Int {
        let end = endOfRun(at: start, limit: limit, where: \.isWhitespace)
        return end == limit || end == start + 1 ? end : end - 1
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d`.
    private func endOfContraction(at start: Int, limit: Int, anyCase: Bool) -> Int? {
        guard text.ascii[start] == UInt8(ascii: "'"), start + 1 < limit else { return nil }
        // Setting bit 5 turns capitals into small letters, and no other ASCII into a letter.
        let mask: UInt8 = anyCase ? 0x20 : 0
        let first = text.ascii[start + 1] | mask
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            let wanted = first == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return start + 2 < limit && text.ascii[start + 2] | mask == wanted ? start + 3 : nil
        default:
            return nil
        }
    }
}

extension ScalarClass {
    /// `\s`.
    var isWhitespace: Bool { self == .space || self == .lineBreak }
}
