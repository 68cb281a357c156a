/// The words of statements, in English and the languages of MGSM.
///
/// One table for all: a word means the same role wherever it is written, and models answer in other
/// languages than they are asked in.
enum ConclusionLexicon {
    /// The roles of a word in lower case; none for most words.
    static func roles(of word: String) -> WordRole {
        if let roles = table[word] { return roles }
        return word.hasSuffix("n't") ? [.negation] : []
    }

    /// The roles that a word has in a sentence of no language but English; nil where they are the same
    /// as anywhere.
    static func englishRoles(of word: String) -> WordRole? {
        lookAlikes.contains(word) ? englishTable[word] ?? [] : nil
    }

    /// Whether a word shows that a sentence is in another language.
    static func isForeign(_ word: String) -> Bool {
        table[word] != nil && englishTable[word] == nil && !lookAlikes.contains(word)
    }

    /// Words of other languages that English writes, too, as words, names, symbols or variables.
    private static let lookAlikes: Set<String> = [
        "car", "falls", "die", "den", "son", "plus", "da", "si", "na", "au", "ni", "la", "el",
        "le", "les", "los", "las", "un", "der", "das", "mi", "ma", "o", "u", "y", "et", "ou", "ya",
        "pas", "sera", "seria", "faux", "entre", "par", "mala", "sio", "ob", "no", "por", "lo",
        "exact", "proposition", "propositions",
    ]

    /// The longest entry that begins at a position of a text without spaces between words (Chinese,
    /// Japanese, Thai).
    static func entry(
        at start: Int, of text: [Unicode.Scalar]
    ) -> (word: String, length: Int)? {
        guard let lengths = unspaced[text[start]] else { return nil }
        for length in lengths where start + length <= text.count {
            let word = String(String.UnicodeScalarView(text[start..<(start + length)]))
            if table[word] != nil { return (word, length) }
        }
        return nil
    }

    private static let table = table(of: entries)
    private static let englishTable = table(of: english)

    private static func table(of entries: [(WordRole, String)]) -> [String: WordRole] {
        var table: [String: WordRole] = [:]
        for (roles, words) in entries {
            for word in words.split(separator: " ") {
                table[String(word), default: []].formUnion(roles)
            }
        }
        return table
    }

    /// The lengths of entries by their first scalar, longest first.
    private static let unspaced: [Unicode.Scalar: [Int]] = {
        var lengths: [Unicode.Scalar: Set<Int>] = [:]
        for word in table.keys {
            guard let first = word.unicodeScalars.first,
                ConclusionTokens.isUnspaced(first)
            else { continue }
            lengths[first, default: []].insert(word.unicodeScalars.count)
        }
        return lengths.mapValues { $0.sorted(by: >) }
    }()

    private static let entries: [(WordRole, String)] = english + spaced + unspacedScripts

    private static let english: [(WordRole, String)] = [
        (
            .subject,
            "answer ans solution conclusion verdict guess decision judgment judgement response"
        ),
        (.optionWord, "option choice selection pick letter alternative proposition"),
        (.list, "options choices alternatives selections letters possibilities statements"),
        (.list, "propositions"),
        (
            .good,
            "correct right final chosen selected my our appropriate suitable accurate proper true"
        ),
        (
            .good,
            "likely logical reasonable plausible probable sensible preferred remaining fitting exact"
        ),
        ([.subject, .direct], "answer's"),
        (.superlative, "best better most only clearest strongest closest likeliest"),
        (
            .bad,
            "wrong incorrect false worst least unlikely inaccurate irrelevant invalid eliminated"
        ),
        (.bad, "wrongly falsely mistakenly incorrectly inaccurately erroneously"),
        (.bad, "less weaker inappropriate unsuitable implausible improbable inconsistent untrue"),
        (
            .indefinite,
            "a an another other one some each every any possible potential alternative first second"
        ),
        (
            .indefinite,
            "third fourth fifth sixth next last previous tempting common popular candidate bad poor"
        ),
        (.indefinite, "weak which what no different similar good typical initial"),
        (
            .hedge,
            "initially originally tempted tempting might may could maybe perhaps possibly doubt"
        ),
        (.hedge, "doubtful questionable debatable"),
        (.hedge, "unclear unsure uncertain arguably potentially torn wonder wondering"),
        (.copula, "is be was are being seems appears remains equals stands becomes looks were"),
        (.modal, "would should must will shall has have had does do did need needs"),
        (
            .negation,
            "not never cannot nor neither none nothing no isnt cant without except exclude"
        ),
        ([.negation, .copula], "isn't wasn't aren't ain't"),
        (.several, "either both between"),
        (
            .conditional,
            "if whether unless suppose supposing assuming assume imagine"
        ),
        (
            .chooser,
            "choose select pick choosing selecting picking chose selected picked go going opt"
        ),
        (.chooser, "say vote settle stick conclude settling mark circle guess bet answering"),
        (
            .firstPerson,
            "i i'd i'll i'm i've we we'd we'll we're we've let's lets let me us must should"
        ),
        (
            .otherPerson,
            "people students student someone somebody some others anyone everyone nobody"
        ),
        (.otherPerson, "thinks says claims believes chooses picks selects author teacher friend"),
        (.belief, "think believe say know sure certain clear mean conclude claim agree guess case"),
        (.belief, "convinced believed thought suppose feel argue obvious true likely mistaken"),
        (.therefore, "so therefore thus hence consequently accordingly conclusion summary ergo"),
        (
            [.after, .reason],
            "because since as so due given based which although though while whereas however"
        ),
        ([.after, .reason], "considering according hence therefore thus"),
        (
            .after,
            "with for in when where over from by on at among here above then too only again it"
        ),
        (.after, "this that after before despite thanks under out"),
        (.reset, "but rather instead it's actually"),
        (.article, "the"),
        (
            .filler,
            "to indeed definitely clearly certainly simply just actually obviously fact still"
        ),
        (
            .filler,
            "then hence therefore thus so likely probably most labelled labeled number follows"
        ),
        (
            .filler,
            "following given by indicated namely represented corresponding found marked here in"
        ),
        (.filler, "this that question problem of above with only us down as up for on at final"),
        (.filler, "surely undoubtedly evidently going ultimately finally overall really as either"),
        (.coordinator, "and or & nor"),
        (.pronoun, "it"),
        ([.pronoun, .copula], "it's it'll"),
        (.partial, "also partly partially almost nearly somewhat equally sometimes usually often"),
        (.partial, "technically generally entirely fully completely necessarily both too"),
        (.pointer, "leaves leaving leave left points corresponds matches supports indicates means"),
        (.pointer, "implies gives narrowed narrows"),
        (
            .fits,
            "fits makes make making describes answers matches completes satisfies explains works"
        ),
        (.yes, "yes correct right ✓ ✔ ✅ ☑"),
        (.no, "no incorrect wrong ✗ ✘ ❌ ✖ not"),
    ]
}
