/// What lm-evaluation-harness's `gsm8k` task would say of an output (docs/method.md, section 6).
///
/// Its two filters are re-stated from the task's published configuration: `strict-match` takes the
/// first match of `#### (\-?[0-9\.\,]+)`, `flexible-extract` the last match of
/// `(-?[$0-9.,]{2,})|(-?[0-9]+)`. The strings are then compared after removing every comma and
/// dollar sign and one final point; `18.00` and `18` are therefore different there.
package enum HarnessFilters {
    /// What one filter finds and whether it equals the gold answer.
    package struct Match: Equatable, Sendable {
        /// The text the filter takes; nil where the harness says `[invalid]`.
        package let extracted: String?
        /// Whether it equals the gold answer after the harness's normalisation.
        package let correct: Bool
    }

    /// The `strict-match` filter.
    package static func strict(_ output: String, gold: String) -> Match {
        let text = Array(output.unicodeScalars)
        let mark = Array("#### ".unicodeScalars)
        for position in text.indices where text[position...].starts(with: mark) {
            var end = position + mark.count
            if end < text.count, text[end] == "-" { end += 1 }
            let digits = text[end...].prefix { isDigit($0) || $0 == "." || $0 == "," }
            if !digits.isEmpty {
                return match(text[(position + mark.count)..<digits.endIndex], gold)
            }
        }
        return Match(extracted: nil, correct: false)
    }

    /// The `flexible-extract` filter.
    package static func flexible(_ output: String, gold: String) -> Match {
        let text = Array(output.unicodeScalars)
        var last: ArraySlice<Unicode.Scalar>?
        var position = 0
        while position < text.count {
            if let found = flexibleMatch(in: text, at: position) {
                last = found
                position = found.endIndex
            } else {
                position += 1
            }
        }
        return last.map { match($0, gold) } ?? Match(extracted: nil, correct: false)
    }

    /// The alternation's first branch needs two of its characters, the second one digit.
    private static func flexibleMatch(
        in text: [Unicode.Scalar], at start: Int
    ) -> ArraySlice<Unicode.Scalar>? {
        let signEnd = text[start] == "-" ? start + 1 : start
        let loose = text[signEnd...].prefix {
            isDigit($0) || $0 == "$" || $0 == "." || $0 == ","
        }
        if loose.count >= 2 { return text[start..<loose.endIndex] }
        let digits = text[signEnd...].prefix(while: isDigit)
        return digits.isEmpty ? nil : text[start..<digits.endIndex]
    }

    private static func match(_ found: ArraySlice<Unicode.Scalar>, _ gold: String) -> Match {
        let text = String(String.UnicodeScalarView(found))
        return Match(extracted: text, correct: normalised(text) == normalised(gold))
    }

    private static func normalised(_ text: String) -> String {
        let kept = text.lowercased().filter { $0 != "," && $0 != "$" }
        return kept.hasSuffix(".") ? String(kept.dropLast()) : kept
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        ("0"..."9").contains(scalar)
    }
}
