/// The words, signs and commands of LaTeX answers: which mean the same, which mean nothing.
enum MathVocabulary {
    static let commands: [String: MathToken] = [
        "dfrac": .command("frac"), "tfrac": .command("frac"), "cfrac": .command("frac"),
        "dbinom": .command("binom"), "tbinom": .command("binom"),
        "le": .command("leq"), "leqslant": .command("leq"), "leqq": .command("leq"),
        "ge": .command("geq"), "geqslant": .command("geq"), "geqq": .command("geq"),
        "ne": .command("neq"), "lt": .sign("<"), "gt": .sign(">"),
        "cdot": .sign("*"), "times": .sign("*"), "ast": .sign("*"), "div": .sign("/"),
        "lbrace": .sign("⦃"), "rbrace": .sign("⦄"), "lbrack": .sign("["), "rbrack": .sign("]"),
        "lparen": .sign("("), "rparen": .sign(")"),
        "lvert": .sign("|"), "rvert": .sign("|"), "vert": .sign("|"), "mid": .sign("∣"),
        "lVert": .sign("|"), "rVert": .sign("|"), "Vert": .sign("|"),
        "pm": .sign("±"), "mp": .sign("∓"), "varnothing": .command("emptyset"),
        "simeq": .command("approx"), "sim": .command("approx"),
        "rightarrow": .command("to"), "implies": .command("to"), "Rightarrow": .command("to"),
        "lor": .command("or"), "vee": .command("or"), "land": .sign(","), "wedge": .sign(","),
        "colon": .sign(":"), "newline": .sign("⏎"), "cr": .sign("⏎"),
        "prime": .sign("'"), "ldots": .command("dots"), "cdots": .command("dots"),
        "backslash": .command("setminus"), "R": .command("reals"), "Reals": .command("reals"),
        "varphi": .command("phi"), "varepsilon": .command("epsilon"),
    ]

    /// Signs of several characters, the longer ones first.
    static let signs: [(written: String, tokens: [MathToken])] = [
        (">=", [.command("geq")]), ("<=", [.command("leq")]), ("!=", [.command("neq")]),
        ("==", [.sign("=")]), (":=", [.sign("=")]), ("**", [.sign("^")]), ("+/-", [.sign("±")]),
        ("...", [.command("dots")]),
    ]

    static let unicode: [Character: [MathToken]] = {
        var tokens: [Character: [MathToken]] = [
            "−": [.sign("-")], "–": [.sign("-")], "‐": [.sign("-")], "－": [.sign("-")],
            "×": [.sign("*")], "·": [.sign("*")], "⋅": [.sign("*")], "∙": [.sign("*")],
            "÷": [.sign("/")], "⁄": [.sign("/")], "∕": [.sign("/")],
            "≤": [.command("leq")], "⩽": [.command("leq")], "≥": [.command("geq")],
            "⩾": [.command("geq")], "≠": [.command("neq")], "≈": [.command("approx")],
            "∞": [.command("infty")], "√": [.command("sqrt")],
            "∛": [.command("sqrt"), .sign("["), .number("3"), .sign("]")],
            "∜": [.command("sqrt"), .sign("["), .number("4"), .sign("]")],
            "∪": [.command("cup")], "∩": [.command("cap")], "∈": [.command("in")],
            "∅": [.command("emptyset")], "±": [.sign("±")], "∓": [.sign("∓")],
            "°": [.sign("^"), .command("circ")], "º": [.sign("^"), .command("circ")],
            "→": [.command("to")], "‖": [.sign("|")], "，": [.sign(",")], "∠": [.command("angle")],
            "ℝ": [.command("reals")], "∨": [.command("or")], "′": [.sign("'")],
            "…": [.command("dots")], "：": [.sign(":")], "（": [.sign("(")], "）": [.sign(")")],
        ]
        let letters: [Character: String] = [
            "π": "pi", "θ": "theta", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta",
            "λ": "lambda", "μ": "mu", "σ": "sigma", "φ": "phi", "ϕ": "phi", "ω": "omega",
            "ε": "epsilon", "ρ": "rho", "τ": "tau", "Δ": "Delta", "Ω": "Omega",
        ]
        for (letter, name) in letters { tokens[letter] = [.command(name)] }
        let fractions: [Character: (String, String)] = [
            "½": ("1", "2"), "⅓": ("1", "3"), "⅔": ("2", "3"), "¼": ("1", "4"), "¾": ("3", "4"),
            "⅕": ("1", "5"), "⅖": ("2", "5"), "⅗": ("3", "5"), "⅘": ("4", "5"), "⅙": ("1", "6"),
            "⅚": ("5", "6"), "⅐": ("1", "7"), "⅛": ("1", "8"), "⅜": ("3", "8"), "⅝": ("5", "8"),
            "⅞": ("7", "8"), "⅑": ("1", "9"), "⅒": ("1", "10"),
        ]
        for (sign, (top, bottom)) in fractions {
            tokens[sign] = [
                .command("frac"), .sign("{"), .number(top), .sign("}"), .sign("{"),
                .number(bottom), .sign("}"),
            ]
        }
        return tokens
    }()

    static let raised: [Character: Character] = [
        "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8",
        "⁹": "9", "⁻": "-", "⁺": "+", "ⁿ": "n", "ˣ": "x", "ⁱ": "i",
    ]

    static let lowered: [Character: Character] = [
        "₀": "0", "₁": "1", "₂": "2", "₃": "3", "₄": "4", "₅": "5", "₆": "6", "₇": "7", "₈": "8",
        "₉": "9", "ₙ": "n",
    ]

    /// Words that models write without a backslash.
    static let plainWords: [String: MathToken] = [
        "sqrt": .command("sqrt"), "pi": .command("pi"),
        "infinity": .command("infty"), "infty": .command("infty"), "inf": .command("infty"),
        "sin": .command("sin"), "cos": .command("cos"), "tan": .command("tan"),
        "log": .command("log"), "ln": .command("ln"), "exp": .command("exp"),
        "theta": .command("theta"), "alpha": .command("alpha"), "beta": .command("beta"),
        "cup": .command("cup"), "union": .command("cup"),
    ]

    /// How many zeros a word after a number stands for.
    static let multipliers: [String: Int] = [
        "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
    ]

    /// The bases that are written as words: `2516_{\text{eight}}`.
    static let bases: [String: Int] = [
        "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
        "sixteen": 16,
    ]

    /// Signs without a value: a question says what is asked for, in dollars, degrees or percent.
    static let ignoredCharacters: Set<Character> = [
        "$", "%", "~", "€", "£", "¥", "₩", "₹", "?", "\"",
    ]

    static let ignoredCommands: Set<String> = [
        "quad", "qquad", "thinspace", "enspace", "space", "degree", "degrees", "percent",
        "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "boxed", "fbox",
        "nolimits", "hfill", "hline", "textdollar", "underline", "tiny", "small", "normalsize",
        "large", "Large", "LARGE", "huge", "Huge", "bf", "rm", "it", "sf", "tt", "bfseries",
        "textcelsius", "nobreak", "allowbreak", "negthinspace", "par", "strut",
    ]

    /// Commands that go with the argument in braces after them.
    static let dropped: Set<String> = [
        "color", "textcolor", "colorbox", "phantom", "hphantom", "vphantom", "hspace", "vspace",
        "tag", "label", "kern", "mathstrut",
    ]

    static let sizes: Set<String> = [
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
        "biggr", "Biggl", "Biggr", "middle",
    ]

    static let textCommands: Set<String> = [
        "text", "mbox", "hbox", "textbf", "textit", "textrm", "textsf", "texttt", "textsc",
        "textnormal", "emph", "textup", "textmd", "texttip",
    ]

    /// Commands that change the letters' look; what is in them is mathematics.
    static let fonts: Set<String> = [
        "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathbb", "mathcal", "mathfrak",
        "mathscr", "operatorname", "boldsymbol", "bm", "mathnormal",
    ]

    static let functions: Set<String> = [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
        "tanh", "log", "ln", "lg", "exp", "det", "gcd", "lcm", "min", "max", "deg", "dim", "ker",
        "arg",
    ]

    /// Commands with one argument in braces and no arithmetic meaning here.
    static let accents: Set<String> = [
        "overline", "hat", "widehat", "vec", "bar", "tilde", "overrightarrow", "dot",
        "ddot", "overarc", "not", "pmod", "bmod",
    ]

    /// Units of one letter, which count as such only inside a text command.
    static let letterUnits: Set<Character> = ["m", "s", "g", "h", "l", "L", "J", "N", "W"]

    /// Units as plain words. One-letter units are left out, since they are variables.
    static let units: Set<String> = [
        "cm", "mm", "km", "ft", "yd", "mi", "kg", "mg", "lb", "lbs", "oz", "ml", "mph", "kph",
        "rpm", "usd", "eur", "gbp", "hz", "sec", "min", "hr", "hrs", "rad", "sq", "per",
        "inch", "foot", "feet", "yard", "mile", "day", "way", "unit", "cent", "cubic", "square",
    ]

    /// Words that only introduce a value.
    static let fillers: Set<String> = [
        "the", "answer", "final", "is", "are", "there", "we", "get", "have", "has", "so", "thus",
        "hence", "therefore", "total", "of", "value", "result", "about", "approximately",
        "roughly", "exactly", "usd", "eur", "gbp", "rs", "it", "he", "she", "they", "equals", "an",
        "number", "be", "was", "were", "for", "area", "solution", "solutions",
    ]

    /// Words that end a statement about what follows, as in "Janet has 12".
    static let copulas: Set<String> = [
        "is", "are", "was", "were", "has", "have", "equals", "equal", "makes", "gets", "earns",
        "needs", "costs", "pays", "be", "total", "totals", "answer",
    ]

    /// Whether words beside a number say more than its unit: `at least 5`, `5 less than x`.
    static func changesValue(_ words: String) -> Bool {
        words.split(separator: " ").contains { modifiers.contains(String($0)) }
    }

    private static let modifiers: Set<String> = [
        "not", "no", "never", "least", "most", "more", "less", "fewer", "than", "over", "under",
        "above", "below", "between", "half", "twice", "double", "triple", "thrice", "without",
        "non", "up", "either", "neither", "nor", "except", "dozen", "hundred", "thousand",
        "million", "billion", "trillion", "base", "if", "isn't", "aren't",
    ]
}
