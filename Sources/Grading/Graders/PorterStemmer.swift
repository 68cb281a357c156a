/// The Porter stemmer of English words, with the extensions that NLTK's default mode has, since
/// `rouge-score` stems with it.
///
/// Source: Porter, "An algorithm for suffix stripping", 1980; the extensions (irregular words, `-ied`,
/// `-y` after a consonant, `-bli`, `-fulli`, `-logi`, short stems) are those NLTK documents.
struct PorterStemmer {
    /// The stem of a word in lower-case ASCII letters and digits. O(length).
    static func stem(of word: String) -> String {
        if let stem = irregular[word] { return stem }
        guard word.utf8.count > 2 else { return word }
        var stem = Array(word.utf8)
        stem = withoutPlural(stem)
        stem = withoutPast(stem)
        stem = apply(finalY, to: stem)
        stem = withoutDoubleSuffix(stem)
        stem = apply(thirdStep, to: stem)
        stem = apply(fourthStep, to: stem)
        stem = withoutFinalE(stem)
        if ends(stem, with: "ll"), measure(stem.dropLast()) > 1 { stem.removeLast() }
        return String(decoding: stem, as: UTF8.self)
    }

    private typealias Word = [UInt8]

    // MARK: Steps

    /// Step 1a.
    private static func withoutPlural(_ word: Word) -> Word {
        if word.count == 4, ends(word, with: "ies") { return word.dropLast(1) }
        return apply(plurals, to: word)
    }

    /// Step 1b.
    private static func withoutPast(_ word: Word) -> Word {
        if ends(word, with: "ied") { return word.dropLast(word.count == 4 ? 1 : 2) }
        if ends(word, with: "eed") {
            return measure(word.dropLast(3)) > 0 ? word.dropLast() : word
        }
        for suffix in ["ed", "ing"] where ends(word, with: suffix) {
            let stem = Array(word.dropLast(suffix.utf8.count))
            if !consonants(stem[...]).allSatisfy(\.self) { return repaired(stem) }
        }
        return word
    }

    /// After `-ed` or `-ing` is gone: conflat(e), hop(p), fil(e).
    private static func repaired(_ stem: Word) -> Word {
        let e = UInt8(ascii: "e")
        if ["at", "bl", "iz"].contains(where: { ends(stem, with: $0) }) { return stem + [e] }
        if endsInDoubleConsonant(stem) {
            return "lsz".utf8.contains(stem[stem.count - 1]) ? stem : stem.dropLast()
        }
        return measure(stem[...]) == 1 && endsShort(stem) ? stem + [e] : stem
    }

    /// Step 2; `-alli` becomes `-al` first and the rest is tried on that.
    private static func withoutDoubleSuffix(_ word: Word) -> Word {
        if ends(word, with: "alli"), measure(word.dropLast(4)) > 0 {
            return withoutDoubleSuffix(word.dropLast(2))
        }
        return apply(secondStep, to: word)
    }

    /// Step 5a.
    private static func withoutFinalE(_ word: Word) -> Word {
        guard ends(word, with: "e") else { return word }
        let stem = Array(word.dropLast())
        let size = measure(stem[...])
        return size > 1 || size == 1 && !endsShort(stem) ? stem : word
    }

    // MARK: Rules

    /// Replaces a suffix if what is left is long enough. Only the first rule whose suffix fits counts.
    private struct Rule {
        let suffix: String
        let replacement: String
        var condition: @Sendable (ArraySlice<UInt8>) -> Bool = { _ in true }
    }

    private static func apply(_ rules: [Rule], to word: Word) -> Word {
        guard let rule = rules.first(where: { ends(word, with: $0.suffix) }) else { return word }
        let stem = word.dropLast(rule.suffix.utf8.count)
        return rule.condition(stem) ? stem + Array(rule.replacement.utf8) : word
    }

    private static func rules(
        _ pairs: KeyValuePairs<String, String>,
        if condition: @escaping @Sendable (ArraySlice<UInt8>) -> Bool = { _ in true }
    ) -> [Rule] {
        pairs.map { Rule(suffix: $0.key, replacement: $0.value, condition: condition) }
    }

    private static let plurals = rules(["sses": "ss", "ies": "i", "ss": "ss", "s": ""])

    private static let finalY = rules(["y": "i"]) { $0.count > 1 && consonants($0).last == true }

    private static let secondStep =
        rules([
            "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize",
            "bli": "ble", "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous",
            "ization": "ize", "ation": "ate", "ator": "ate", "alism": "al", "iveness": "ive",
            "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive", "biliti": "ble",
            "fulli": "ful",
        ]) { measure($0) > 0 }
        // The l of -logi counts to the stem, so that short ones such as geo- pass.
        + rules(["logi": "log"]) { measure($0 + [UInt8(ascii: "l")]) > 0 }

    private static let thirdStep = rules([
        "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "",
        "ness": "",
    ]) { measure($0) > 0 }

    private static let fourthStep =
        rules([
            "al": "", "ance": "", "ence": "", "er": "", "ic": "", "able": "", "ible": "",
            "ant": "", "ement": "", "ment": "", "ent": "",
        ]) { measure($0) > 1 }
        + rules(["ion": ""]) { measure($0) > 1 && "st".utf8.contains($0.last ?? 0) }
        + rules([
            "ou": "", "ism": "", "ate": "", "iti": "", "ous": "", "ive": "", "ize": "",
        ]) { measure($0) > 1 }

    private static let irregular: [String: String] = [
        "sky": "sky", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie",
        "news": "news", "innings": "inning", "inning": "inning", "outings": "outing",
        "outing": "outing", "cannings": "canning", "canning": "canning", "howe": "howe",
        "proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
    ]

    // MARK: Properties of words

    private static func ends(_ word: Word, with suffix: String) -> Bool {
        word.count >= suffix.utf8.count && word.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }

    /// Whether each letter is a consonant; `y` is one unless it follows one.
    private static func consonants(_ word: ArraySlice<UInt8>) -> [Bool] {
        word.reduce(into: []) { flags, letter in
            flags.append(
                letter == UInt8(ascii: "y")
                    ? !(flags.last ?? false) : !"aeiou".utf8.contains(letter))
        }
    }

    /// Porter's m: how often a consonant follows a vowel.
    private static func measure(_ word: ArraySlice<UInt8>) -> Int {
        let flags = consonants(word)
        return zip(flags, flags.dropFirst()).count { !$0 && $1 }
    }

    private static func endsInDoubleConsonant(_ word: Word) -> Bool {
        word.count >= 2 && word[word.count - 1] == word[word.count - 2]
            && consonants(word[...]).last == true
    }

    /// Porter's *o: consonant, vowel, consonant at the end, the last not w, x or y; or a whole word of
    /// vowel and consonant.
    private static func endsShort(_ word: Word) -> Bool {
        let flags = consonants(word[...])
        if word.count == 2 { return !flags[0] && flags[1] }
        return flags.suffix(3).elementsEqual([true, false, true])
            && !"wxy".utf8.contains(word[word.count - 1])
    }
}
