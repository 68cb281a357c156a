/// What can be dropped or settled only when all tokens of an answer are known.
enum MathTokenPasses {
    static func tidied(_ tokens: [MathToken]) -> [MathToken] {
        let kept = withUnitQuotients(withoutDegrees(tokens))
        return withoutLeadingWords(trimmed(withoutOuterBraces(trimmed(kept))))
    }

    /// Drops `^\circ` with a temperature's letter, and the `th` of `5^{\text{th}}`.
    private static func withoutDegrees(_ tokens: [MathToken]) -> [MathToken] {
        var kept: [MathToken] = []
        var position = 0
        while position < tokens.count {
            let rest = tokens[position...]
            if let form = raisedMarks.first(where: { rest.starts(with: $0) }) {
                position += form.count
                if form.contains(.command("circ")), position < tokens.count,
                    [.symbol("C"), .symbol("F")].contains(tokens[position])
                {
                    position += 1
                }
            } else {
                kept.append(tokens[position])
                position += 1
            }
        }
        return kept
    }

    private static let raisedMarks: [[MathToken]] =
        [.command("circ"), .text("st"), .text("nd"), .text("rd"), .text("th"), .text("o")]
        .flatMap { mark in
            [[.sign("^"), mark], [.sign("^"), .sign("{"), mark, .sign("}")]]
        }

    /// The letters of `5 m/s` and `5 km/h` are units.
    private static func withUnitQuotients(_ tokens: [MathToken]) -> [MathToken] {
        var changed = tokens
        for slash in tokens.indices.dropFirst().dropLast() where tokens[slash] == .sign("/") {
            guard case .symbol(let below) = tokens[slash + 1],
                MathVocabulary.letterUnits.contains(below)
            else { continue }
            switch tokens[slash - 1] {
            case .symbol(let above)
            where MathVocabulary.letterUnits.contains(above) && slash >= 2:
                guard case .number = tokens[slash - 2] else { continue }
                changed[slash - 1] = .text(String(above))
            case .text: break
            default: continue
            }
            changed[slash + 1] = .text(String(below))
        }
        return changed
    }

    /// `{1, 2}` as the whole answer is what a colour or a size was given to.
    private static func withoutOuterBraces(_ tokens: [MathToken]) -> [MathToken] {
        var kept = tokens[...]
        for _ in 0..<MathLexer.maximumLevel
        where kept.first == .sign("{") && kept.last == .sign("}") && closesAtEnd(kept) {
            kept = kept.dropFirst().dropLast()
        }
        return Array(kept)
    }

    private static func closesAtEnd(_ tokens: ArraySlice<MathToken>) -> Bool {
        var depth = 0
        for index in tokens.indices {
            if tokens[index] == .sign("{") { depth += 1 }
            if tokens[index] == .sign("}") { depth -= 1 }
            if depth == 0 { return index == tokens.endIndex - 1 }
        }
        return false
    }

    /// Without punctuation and line breaks at the ends, and without `=` or `≈` before the value.
    private static func trimmed(_ tokens: [MathToken]) -> [MathToken] {
        var kept = tokens[...]
        let atEnd: [MathToken] = [
            .sign("."), .sign(","), .sign(";"), .sign(":"), .sign("⏎"), .sign("&"),
        ]
        while let last = kept.last, atEnd.contains(last) { kept.removeLast() }
        let atStart: [MathToken] = [
            .sign("="), .command("approx"), .sign("⏎"), .sign(":"), .sign("&"), .sign(","),
        ]
        while let first = kept.first, atStart.contains(first) { kept.removeFirst() }
        return Array(kept)
    }

    /// Drops the words of "the answer is 12" and "Area: 12".
    private static func withoutLeadingWords(_ tokens: [MathToken]) -> [MathToken] {
        guard tokens.count > 1, case .text(let words) = tokens[0] else { return tokens }
        let parts = words.split(separator: " ").map(String.init)
        guard !MathVocabulary.changesValue(words) else { return tokens }
        let rest = tokens.dropFirst()
        // "Area = 12" names its value.
        guard rest.first != .sign("=") else { return tokens }
        if rest.first == .sign(":"), rest.count > 1 { return Array(rest.dropFirst()) }
        let isStatement =
            parts.allSatisfy(MathVocabulary.fillers.contains)
            || parts.last.map(MathVocabulary.copulas.contains) == true
        return isStatement ? Array(rest) : tokens
    }
}
