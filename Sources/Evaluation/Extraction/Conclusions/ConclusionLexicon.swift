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

    private static let table: [String: WordRole] = {
        var table: [String: WordRole] = [:]
        for (roles, words) in entries {
            for word in words.split(separator: " ") {
                table[String(word), default: []].formUnion(roles)
            }
        }
        return table
    }()

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
        (.subject, "answer ans solution conclusion verdict guess decision judgment judgement"),
        (.optionWord, "option choice selection pick letter alternative"),
        (.list, "options choices alternatives selections letters possibilities statements"),
        (
            .good,
            "correct right final chosen selected my our appropriate suitable accurate proper true"
        ),
        (
            .good,
            "likely logical reasonable plausible probable sensible preferred remaining fitting"
        ),
        (.superlative, "best most only clearest strongest closest likeliest"),
        (
            .bad,
            "wrong incorrect false worst least unlikely inaccurate irrelevant invalid eliminated"
        ),
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

    private static let spaced: [(WordRole, String)] = [
        // Spanish, French, German.
        (.subject, "respuesta solución réponse solution antwort lösung"),
        (
            .optionWord,
            "opción opcion alternativa letra inciso choix proposition lettre antwortmöglichkeit"
        ),
        (.optionWord, "möglichkeit buchstabe auswahl"),
        (.list, "opciones respuestas réponses choix optionen antworten propositions"),
        (
            .good,
            "correcta correcto final bonne correcte exacte juste finale richtige richtig korrekt"
        ),
        (.good, "korrekte endgültige mi ma meine notre unsere beste correct exacta adecuada"),
        (.superlative, "mejor única meilleure seule beste einzige más plus"),
        (.bad, "incorrecta incorrecto falsa incorrecte fausse faux falsch falsche mauvaise mala"),
        (.indefinite, "una otra un une autre eine ein andere posible mögliche"),
        (
            .copula,
            "es sería seria será est serait sera ist lautet wäre son sont sind parece semble"
        ),
        (.negation, "no pas nicht kein keine"),
        ([.negation, .copula], "n'est"),
        ([.pronoun, .copula], "c'est"),
        (.hedge, "podría podria puede quizás quizá pourrait peut könnte vielleicht möglicherweise"),
        (.several, "entre zwischen weder entweder ambas"),
        (.conditional, "si wenn falls ob"),
        (
            [.chooser, .firstPerson],
            "elijo escojo elegiría selecciono elegimos choisis choisirais choisissons wähle nehme"
        ),
        (.therefore, "tanto entonces así donc ainsi daher somit deshalb folglich"),
        ([.after, .reason], "porque ya parce puisque car weil da denn pues"),
        (.reset, "sino pero mais sondern aber"),
        (.article, "la el le les der die das den"),
        (.filler, "por lo tanto entonces donc daher somit folglich eindeutig claramente que"),
        (.coordinator, "y o u et ou und oder"),
        // Russian.
        ([.subject, .direct], "ответ"),
        (.optionWord, "вариант буква пункт"),
        (.list, "варианты ответы"),
        (
            .good,
            "правильный правильным верный верным правильно верно верен правилен окончательный мой"
        ),
        (.superlative, "лучший единственный"),
        (.bad, "неправильный неверный неверно неправильно неверен ложный ошибочный"),
        (.indefinite, "другой возможный один"),
        (.copula, "это является будет есть"),
        (.subject, "ответом"),
        (.negation, "не нет ни"),
        (.hedge, "может возможно могло мог"),
        (.several, "либо оба между"),
        (.conditional, "если ли"),
        ([.chooser, .firstPerson], "выбираю выберу выбираем выбрал"),
        (.therefore, "значит поэтому следовательно итак таким"),
        ([.after, .reason], "потому так поскольку"),
        (.reset, "а но"),
        (.coordinator, "и или"),
        (.filler, "образом итак следовательно значит поэтому под"),
        // Swahili.
        ([.subject, .direct], "jibu"),
        (.optionWord, "chaguo herufi"),
        (.list, "machaguo majibu"),
        (.good, "sahihi mwisho langu"),
        (.superlative, "bora"),
        (.bad, "makosa"),
        (.copula, "ni ndiyo ndilo ndio"),
        (.negation, "si sio siyo"),
        (.hedge, "huenda labda inaweza"),
        ([.chooser, .firstPerson], "nachagua ninachagua"),
        (.therefore, "hivyo kwa"),
        ([.after, .reason], "kwa kwani"),
        (.coordinator, "na au"),
        (.filler, "la hivyo kwa hiyo"),
        // Bengali, Telugu.
        ([.subject, .direct], "উত্তর উত্তরটি উত্তরঃ জবাব సమాధానం జవాబు సమాధానము"),
        (.optionWord, "বিকল্প বিকল্পটি অপশন ఎంపిక ఆప్షన్"),
        (.good, "সঠিক চূড়ান্ত సరైన సరైనది తుది"),
        (.bad, "ভুল తప్పు"),
        (.copula, "হল হলো হচ্ছে হবে అవుతుంది"),
        (.negationAfter, "নয় নয় না కాదు"),
        (.hedge, "সম্ভবত হতে బహుశా కావచ్చు"),
        (.therefore, "তাই অতএব সুতরাং కాబట్టి అందువల్ల"),
        (.filler, "তাই অতএব সুতরাং"),
        (.coordinator, "এবং বা অথবা লేదా లేదా మరియు"),
        ([.after, .reason], "কারণ ఎందుకంటే"),
    ]

    private static let unspacedScripts: [(WordRole, String)] = [
        // Chinese.
        (.subject, "答案 正解 答"),
        ([.subject, .direct], "正确的是 正確的是"),
        (.optionWord, "选项 選項 字母"),
        (.good, "正确 正確 最终 最終 最后"),
        (.superlative, "最佳 最好 唯一"),
        (.bad, "错误 錯誤 不正确 不正確 不对"),
        (.copula, "是 为 為 就是 应为 应该是"),
        (.negation, "不是 并非 不 非 不选"),
        (.hedge, "可能是 可能 也许 或许"),
        (.conditional, "如果 若 是否"),
        ([.chooser, .firstPerson], "选择 選擇 选 選 故选 应选"),
        (.therefore, "因此 所以 综上 故"),
        (.filler, "应 该 应该 的 所以 因此 了"),
        ([.after, .reason], "因为 因為"),
        (.reset, "而是 但"),
        (.coordinator, "和 或 或者 与 、"),
        // Japanese.
        (.subject, "答え 正答 回答 解答 こたえ"),
        ([.subject, .direct], "正しいのは 正しいものは"),
        (.optionWord, "選択肢"),
        (.good, "正しい 正しく"),
        (.bad, "間違い 誤り 不正解"),
        (.copula, "は が"),
        (.negationAfter, "ではありません ではない じゃない でない ではなく くありません くない"),
        (.hedge, "かもしれない かもしれません"),
        ([.chooser, .firstPerson], "選ぶ"),
        (.therefore, "したがって よって だから"),
        (.after, "です だ である を の と なので"),
        (.coordinator, "か または"),
        (.conditional, "もし"),
        // Thai.
        (.subject, "คำตอบ คําตอบ"),
        ([.chooser, .firstPerson], "ตอบ เลือก"),
        (.optionWord, "ข้อ ตัวเลือก"),
        (.good, "ถูกต้อง ถูก สุดท้าย"),
        (.bad, "ผิด"),
        (.copula, "คือ เป็น"),
        (.negation, "ไม่ใช่ ไม่"),
        (.hedge, "อาจจะ อาจ"),
        (.therefore, "ดังนั้น"),
        (.filler, "ที่ จึง นั้น ก็"),
        (.conditional, "ถ้า หาก"),
        (.coordinator, "หรือ และ"),
        ([.after, .reason], "เพราะ เนื่องจาก"),
        (.after, "ครับ ค่ะ"),
    ]
}
