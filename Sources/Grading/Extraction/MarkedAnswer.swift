/// Finds what follows a marker such as `####` on its line.
enum MarkedAnswer {
    /// The trimmed rest of the line after each occurrence of `marker`, in order; blank ones are left
    /// out. The texts are made when they are asked for, so that a model that repeats the marker
    /// costs no more than its text's length.
    static func all(in output: String, marker: String) -> MarkedAnswers {
        let text = Array(output.unicodeScalars)
        let mark = Array(marker.unicodeScalars)
        var found: [Range<Int>] = []
        var lineStart = 0
        while lineStart < text.count, !mark.isEmpty {
            let lineEnd = text[lineStart...].firstIndex(where: isNewline) ?? text.count
            let words = text[lineStart..<lineEnd]
            let end = words.lastIndex { !$0.properties.isWhitespace }.map { $0 + 1 } ?? lineStart
            var position = lineStart
            while position + mark.count <= end {
                if text[position] == mark[0], text[position...].starts(with: mark) {
                    position += mark.count
                    if position < end { found.append(position..<end) }
                } else {
                    position += 1
                }
            }
            lineStart = lineEnd + 1
        }
        return MarkedAnswers(text: text, ranges: found)
    }

    private static func isNewline(_ scalar: Unicode.Scalar) -> Bool {
        Character(scalar).isNewline
    }
}

/// What follows a marker at each of its places; a text is cut out when it is asked for.
struct MarkedAnswers: BidirectionalCollection {
    fileprivate let text: [Unicode.Scalar]
    fileprivate let ranges: [Range<Int>]

    var startIndex: Int { 0 }
    var endIndex: Int { ranges.count }
    func index(after index: Int) -> Int { index + 1 }
    func index(before index: Int) -> Int { index - 1 }

    subscript(index: Int) -> String {
        String(String.UnicodeScalarView(text[ranges[index]])).trimmed
    }

    /// The last answer whose beginning, of at most 200 scalars, can be one.
    func last(beginning isAnswer: (ArraySlice<Unicode.Scalar>) -> Bool) -> String? {
        let index = ranges.lastIndex { range in isAnswer(text[range].prefix(200)) }
        return index.map { self[$0] }
    }
}
