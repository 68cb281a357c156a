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
        "lvert": .sign("|"), "rvert": .sign("|"), "vert": .sign("|"),
        "pm": .sign("±"), "mp": .sign("∓"), "varnothing": .command("emptyset"),
        "simeq": .command("approx"), "sim": .command("approx"),
        "rightarrow": .command("to"), "implies": .command("to"), "Rightarrow": .command("to"),
        "arcsin": .command("arcsin"), "colon": .sign(":"), "newline": .sign("⏎"), "cr": .sign("⏎"),
        "prime": .sign("'"), "ldots": .command("dots"), "cdots": .command("dots"),
    ]

    static let unicodeCommands: [Character: MathToken] = [
        "−": .sign("-"), "–": .sign("-"), "×": .sign("*"), "·": .sign("*"), "⋅": .sign("*"),
        "÷": .sign("/"), "⁄": .sign("/"), "≤": .command("leq"), "≥": .command("geq"),
        "≠": .command("neq"), "≈": .command("approx"), "π": .command("pi"),
        "∞": .command("infty"), "√": .command("sqrt"), "∪": .command("cup"),
        "∩": .command("cap"), "∈": .command("in"), "∅": .command("emptyset"), "±": .sign("±"),
        "θ": .command("theta"), "→": .command("to"), "‖": .sign("|"), "，": .sign(","),
    ]

    static let superscripts: [Character: String] = [
        "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
    ]

    /// Words that models write without a backslash.
    static let plainWords: [String: MathToken] = [
        "and": .sign(","), "or": .sign(","), "sqrt": .command("sqrt"), "pi": .command("pi"),
        "infinity": .command("infty"), "inf": .command("infty"), "sin": .command("sin"),
        "cos": .command("cos"), "tan": .command("tan"), "log": .command("log"),
        "ln": .command("ln"),
    ]

    /// Signs without a value: a question says what is asked for, in dollars, degrees or percent.
    static let ignoredCharacters: Set<Character> = ["$", "%", "°", "~", "€", "£", "?"]

    static let ignoredCommands: Set<String> = [
        "quad", "qquad", "thinspace", "enspace", "space", "degree", "degrees", "percent",
        "displaystyle", "textstyle", "scriptstyle", "limits", "boxed", "nolimits", "hfill",
        "textdollar", "phantom", "boldsymbol",
    ]

    static let sizes: Set<String> = [
        "left", "right", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl", "Bigr", "biggl",
        "biggr", "Biggl", "Biggr", "middle",
    ]

    static let textCommands: Set<String> = [
        "text", "mbox", "hbox", "textbf", "textit", "textrm", "textsf", "texttt", "textsc",
        "textnormal", "mathrm", "mathbf", "mathit", "mathsf", "mathbb", "mathcal", "operatorname",
        "emph",
    ]

    static let functions: Set<String> = [
        "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh",
        "tanh", "log", "ln", "lg", "exp", "det", "gcd", "lcm", "min", "max", "deg", "dim", "ker",
        "arg",
    ]

    /// Commands with one argument in braces and no arithmetic meaning here.
    static let accents: Set<String> = [
        "overline", "underline", "hat", "widehat", "vec", "bar", "tilde", "overrightarrow", "dot",
        "ddot", "overarc", "not", "pmod", "bmod",
    ]

    /// Units of one letter, which count as such only inside a text command.
    static let letterUnits: Set<Character> = ["m", "s", "g", "h", "l", "L", "J", "N", "W"]

    /// Units as plain words. One-letter units are left out, since they are variables.
    static let units: Set<String> = [
        "cm", "mm", "km", "ft", "yd", "mi", "kg", "mg", "lb", "lbs", "oz", "ml", "mph", "kph",
        "rpm",
        "inch", "inches", "foot", "feet", "yard", "yards", "mile", "miles", "meter", "meters",
        "metre", "metres", "centimeter", "centimeters", "kilometer", "kilometers", "millimeter",
        "millimeters", "gram", "grams", "kilogram", "kilograms", "pound", "pounds", "ounce",
        "ounces", "liter", "liters", "gallon", "gallons", "second", "seconds", "sec", "minute",
        "minutes", "hour", "hours", "hr", "hrs", "day", "days", "week", "weeks", "month", "months",
        "year", "years", "degree", "degrees", "radian", "radians", "rad", "percent", "dollar",
        "dollars", "cent", "cents", "unit", "units", "square", "squared", "sq", "cubic", "cubed",
        "per", "point", "points", "people", "students", "ways", "times", "integers", "numbers",
        "pages", "games", "marbles", "coins", "cards", "books", "apples", "outcomes",
    ]
}
