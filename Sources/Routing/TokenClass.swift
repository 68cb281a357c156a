/// What kind of text a token is: the little of a token's identity that a router can learn from some hundred questions.
///
/// R2R's router sees the embedding of S's token (docs/method.md, 2.6), which takes millions of labels to learn from. Here a dozen numbers say whether a figure, a
/// sign or a word is about to be written: where the two models differ, a digit of S's loses the answer three times as often as a word.
package enum TokenClass: UInt8, CaseIterable, Sendable {
    /// Steers the model; no text.
    case control
    case newline
    case space
    case digits
    /// Signs of arithmetic and comparison, without letters.
    case operation
    /// A backslash, a dollar sign or a brace: TeX and code.
    case markup
    /// Letters after a space.
    case word
    /// Letters that go on or stand alone.
    case wordPart
    case punctuation

    /// The class of a token that stands for these bytes. Bytes above ASCII count as letters.
    package init(_ bytes: [UInt8]) {
        func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
        func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
        func isLetter(_ byte: UInt8) -> Bool {
            (65...90).contains(byte) || (97...122).contains(byte) || byte >= 128
        }
        let text = bytes.drop(while: isBlank)
        let ink = text.filter { !isBlank($0) }
        if bytes.isEmpty {
            self = .control
        } else if ink.isEmpty {
            self = bytes.contains(10) ? .newline : .space
        } else if ink.allSatisfy(isDigit) {
            self = .digits
        } else if ink.contains(where: { "\\${}".utf8.contains($0) }) {
            self = .markup
        } else if !ink.contains(where: isLetter),
            ink.contains(where: { "+-*/=<>^%".utf8.contains($0) })
        {
            self = .operation
        } else if ink.contains(where: isLetter) {
            self = text.count < bytes.count ? .word : .wordPart
        } else {
            self = .punctuation
        }
    }
}
