/// ROUGE-1, ROUGE-2 and ROUGE-L of a text against one reference (Lin 2004).
///
/// Words are the runs of ASCII letters and digits in lower case, as in PyPI's `rouge-score`, against
/// whose figures the tests compare.
package enum Rouge {
    /// Precision, recall and their harmonic mean, each in 0...1.
    package struct Score: Equatable, Sendable {
        /// The share of the text's units found in the reference.
        package let precision: Double
        /// The share of the reference's units found in the text.
        package let recall: Double

        /// The harmonic mean of precision and recall; 0 where both are.
        package var f1: Double {
            precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
        }

        init(matches: Int, inText text: Int, inReference reference: Int) {
            precision = text > 0 ? Double(matches) / Double(text) : 0
            recall = reference > 0 ? Double(matches) / Double(reference) : 0
        }
    }

    /// The three scores of one text against one reference.
    package struct Scores: Equatable, Sendable {
        /// Over single words.
        package let rouge1: Score
        /// Over pairs of neighbouring words.
        package let rouge2: Score
        /// Over the longest common subsequence of words.
        package let rougeL: Score
    }

    /// The scores of `text`; with `stemming`, words count as equal if their Porter stems are.
    /// O(n m) for n and m words.
    package static func scores(
        of text: String, against reference: String, stemming: Bool = false
    ) -> Scores {
        let (a, b) = (words(in: text, stemming), words(in: reference, stemming))
        return Scores(
            rouge1: overlap(a, b, length: 1), rouge2: overlap(a, b, length: 2),
            rougeL: Score(
                matches: longestCommonSubsequence(a, b), inText: a.count, inReference: b.count))
    }

    private static func words(in text: String, _ stemming: Bool) -> [String] {
        let isWordPart: (UInt8) -> Bool = {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        }
        return text.lowercased().utf8.split { !isWordPart($0) }.map {
            let word = String(Substring($0))
            // As in rouge-score, short words are left alone.
            return stemming && word.utf8.count > 3 ? PorterStemmer.stem(of: word) : word
        }
    }

    private static func overlap(_ a: [String], _ b: [String], length: Int) -> Score {
        let (x, y) = (counts(a, length), counts(b, length))
        let matches = x.reduce(0) { $0 + min($1.value, y[$1.key] ?? 0) }
        return Score(
            matches: matches, inText: max(0, a.count - length + 1),
            inReference: max(0, b.count - length + 1))
    }

    private static func counts(_ words: [String], _ length: Int) -> [[String]: Int] {
        guard words.count >= length else { return [:] }
        return (0...(words.count - length)).reduce(into: [:]) { counts, start in
            counts[Array(words[start..<start + length]), default: 0] += 1
        }
    }

    private static func longestCommonSubsequence(_ a: [String], _ b: [String]) -> Int {
        var row = [Int](repeating: 0, count: b.count + 1)
        for word in a {
            var diagonal = 0
            for (j, other) in b.enumerated() {
                let above = row[j + 1]
                row[j + 1] = word == other ? diagonal + 1 : max(above, row[j])
                diagonal = above
            }
        }
        return row[b.count]
    }
}
