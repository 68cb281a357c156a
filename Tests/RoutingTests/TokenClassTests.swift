import Routing
import Testing

struct TokenClassTests {
    @Test(arguments: [
        ("", TokenClass.control), ("\n", .newline), (" \n\n", .newline), (" ", .space),
        ("\t\t", .space), ("7", .digits), (" 42", .digits), ("+", .operation), (" =", .operation),
        ("**", .operation), ("%", .operation), ("\\(", .markup), ("$", .markup),
        (" \\frac", .markup),
        ("{", .markup), (" the", .word), (" half", .word), ("ing", .wordPart), ("x=", .wordPart),
        ("é", .wordPart), (" é", .word), (".", .punctuation), (" (", .punctuation),
        (",", .punctuation),
        ("1st", .wordPart), ("3.5", .punctuation), ("-1", .operation),
    ])
    func classOf(text: String, expected: TokenClass) {
        #expect(TokenClass(Array(text.utf8)) == expected)
    }

    /// Parts of characters, as byte-level vocabularies have them, are letters.
    @Test func bytesThatAreNoCharacter() {
        #expect(TokenClass([0xE4, 0xBD]) == .wordPart)
        #expect(TokenClass([0x20, 0xE4]) == .word)
    }
}
