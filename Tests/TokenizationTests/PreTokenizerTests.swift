import Hashing
import Testing

@testable import Tokenization

/// The scanners against the published patterns, run by Swift's own regular expressions.
struct PreTokenizerTests {
    private static let contraction = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
    private static let rest = "[^\\r\\n\\p{L}\\p{N}]?\\p{L}+"
    private static let tail =
        " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"
    private static let gpt2 =
        "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

    @Test(arguments: PreTokenizer.allCases)
    func agreesWithThePattern(_ preTokenizer: PreTokenizer) throws {
        var generator = SplitMix64(seed: 11)
        for _ in 0..<400 {
            let text = randomText(using: &generator)
            let expected = try Self.patternPieces(preTokenizer, text)
            #expect(Self.pieces(preTokenizer, text) == expected, "\(text.debugDescription)")
        }
    }

    @Test(
        arguments: [
            (.gpt2, "it's 2024, OK", ["it", "'s", " 2024", ",", " OK"]),
            (.gpt2, "IT'S", ["IT", "'", "S"]),
            (.gpt2, "a  b\n\n c", ["a", " ", " b", "\n\n", " c"]),
            (.smollm, "in  2024: 10%", ["in", "  ", "2", "0", "2", "4", ":", " ", "1", "0", "%"]),
            (.llama3, "12345 IT'S", ["123", "45", " IT", "'S"]),
            (.llama3, "x();\n\n  y", ["x", "();\n\n", " ", " y"]),
            (.qwen2, "12345", ["1", "2", "3", "4", "5"]),
            (.qwen2, "a\n \n b", ["a", "\n \n", " b"]),
            (.qwen2, "don't\u{3000}go", ["don", "'t", "\u{3000}go"]),
            (.qwen2, "tab\tword", ["tab", "\tword"]),
            (.qwen2, "   ", ["   "]),
            (.qwen2, "e\u{301}e", ["e", "\u{301}e"]),
            (.qwen2, "", []),
        ] as [(PreTokenizer, String, [String])])
    func splits(_ preTokenizer: PreTokenizer, _ text: String, _ pieces: [String]) {
        // Compared by bytes: strings that are only canonically equal must not pass.
        #expect(Self.pieces(preTokenizer, text) == pieces.map { Array($0.utf8) })
    }

    @Test func namesFindTheirPatterns() {
        let names = PreTokenizer.names.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(PreTokenizer.names.map(\.value)) == Set(PreTokenizer.allCases))
    }

    private static func pieces(_ preTokenizer: PreTokenizer, _ text: String) -> [[UInt8]] {
        var text = text
        return text.withUTF8 { utf8 in
            var pieces: [[UInt8]] = []
            preTokenizer.split(ClassifiedText(utf8)) { range in pieces.append(Array(utf8[range])) }
            return pieces
        }
    }

    private static func patternPieces(
        _ preTokenizer: PreTokenizer, _ text: String
    ) throws -> [[UInt8]] {
        func matches(_ pattern: String, _ text: Substring) throws -> [Substring] {
            let regex = try Regex(pattern).matchingSemantics(.unicodeScalar)
            return String(text).matches(of: regex).map { match in match.0 }.map { Substring($0) }
        }
        let found: [Substring]
        switch preTokenizer {
        case .gpt2:
            found = try matches(gpt2, Substring(text))
        case .smollm:
            found = try matches("\\p{N}|\\P{N}+", Substring(text)).flatMap { part in
                try matches(gpt2, part)
            }
        case .llama3:
            found = try matches(
                "\(contraction)|\(rest)|\\p{N}{1,3}|\(tail)", Substring(text))
        case .qwen2:
            found = try matches("\(contraction)|\(rest)|\\p{N}|\(tail)", Substring(text))
        }
        return found.map { Array($0.utf8) }
    }

    /// Short texts in which the interesting characters stand side by side.
    private func randomText(using generator: inout SplitMix64) -> String {
        let scalars: [Unicode.Scalar] = [
            " ", " ", " ", "\n", "\r", "\t", "\u{85}", "\u{A0}", "\u{3000}", "\u{200B}", "'", "'",
            "s", "S", "t", "r", "e", "l", "L", "v", "m", "d", "a", "Z", "é", "\u{301}", "中", "ß",
            "0", "7", "²", "½", "٣", "Ⅷ", ".", "(", "_", "—", "🙂", "\u{FE0F}", "\u{0}", "ａ",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...24, using: &generator) {
            if let scalar = scalars.randomElement(using: &generator) { text.append(scalar) }
        }
        return String(text)
    }
}
