/// Recognises a text that stops in the middle of a sentence, where nobody has said so.
enum CutText {
    /// Whether the text ends in an operator, an opening bracket, a comma or a word that no English
    /// sentence ends with. Most cut texts do not; those that do are cut.
    ///
    /// - Parameter choices: options, whose texts may well end in such a word ("get tired of").
    static func isVisible(_ output: String, choices: [Choice] = []) -> Bool {
        var end = output.unicodeScalars.suffix(200)[...]
        while let last = end.last, last.properties.isWhitespace { end.removeLast() }
        guard let last = end.last else { return false }
        if "=+×÷<(,\\^&".unicodeScalars.contains(last) { return true }
        var word = String.UnicodeScalarView()
        while let letter = end.last, letter.properties.isAlphabetic || letter == "'" {
            word.append(letter)
            end.removeLast()
        }
        // The whole text may be such a word, or an option's name.
        guard end.contains(where: { $0.properties.isAlphabetic }) else { return false }
        guard openWords.contains(String(String(word).reversed())) else { return false }
        return !choices.contains { endsIn($0.text.trimmed, output.trimmed) }
    }

    /// Whether a text ends in a whole option, in any case, with or without the option's full stop.
    private static func endsIn(_ text: String, _ output: String) -> Bool {
        var option = text[...]
        while option.last == "." { option.removeLast() }
        let end = output.suffix(option.count)
        guard !option.isEmpty, end.lowercased() == option.lowercased() else { return false }
        return output[..<end.startIndex].last.map { !$0.isLetter && !$0.isNumber } ?? true
    }

    private static let openWords: Set<String> = [
        "a", "an", "the", "and", "or", "of", "to", "is", "are", "was", "were", "be", "can", "could",
        "will", "would", "should", "may", "might", "must", "has", "have", "had", "his", "her",
        "their",
        "its", "our", "your", "my", "with", "from", "for", "by", "at", "in", "into", "than", "that",
        "which", "because", "since", "so", "if", "when", "then", "per", "each", "every", "but",
        "as",
        "we", "Therefore", "Thus", "The", "So", "Then", "If", "We", "This", "does", "did",
    ]
}
