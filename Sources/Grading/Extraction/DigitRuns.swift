/// Decides which of the digit runs of `1,234.5` group, which are decimals, and where it ends.
struct DigitRuns {
    /// A run of digits (0...9) and the separator before it; none before the first.
    struct Run: Equatable {
        let separator: Unicode.Scalar?
        let digits: [UInt8]
    }

    let integer: [UInt8]
    let fraction: [UInt8]
    /// The scalars taken, separators included.
    let length: Int

    /// Reads as many of the runs (at least one) as make up one number.
    ///
    /// - Parameter groupsBySpace: whether a plain space before exactly three digits groups, which it
    ///   does in the continental convention anyway.
    init(separators runs: [Run], convention: NumberConvention, groupsBySpace: Bool = false) {
        let groups = Self.groupCount(runs, convention, groupsBySpace)
        var used = 1 + groups
        integer = Array(runs.prefix(used).map(\.digits).joined())
        if used < runs.count, let mark = runs[used].separator,
            Self.isDecimalMark(mark, convention), groups == 0 || mark != runs[1].separator
        {
            fraction = runs[used].digits
            used += 1
        } else {
            fraction = []
        }
        length = runs.prefix(used).reduce(used - 1) { $0 + $1.digits.count }
    }

    /// Scalars that may stand between two runs of one number.
    static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        [",", ".", "'", "’", " ", "\u{A0}", "\u{2009}", "\u{202F}", "，", "．", "٬", "٫"]
            .contains(scalar)
    }

    private static func isPoint(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "．" || scalar == "٫"
    }

    private static func isComma(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "," || scalar == "，" || scalar == "٬"
    }

    private static func isDecimalMark(
        _ scalar: Unicode.Scalar, _ convention: NumberConvention
    ) -> Bool {
        isPoint(scalar) || convention == .continental && isComma(scalar)
    }

    /// How many runs after the first are groups of the whole part.
    private static func groupCount(
        _ runs: [Run], _ convention: NumberConvention, _ groupsBySpace: Bool
    ) -> Int {
        guard runs.count > 1, let mark = runs[1].separator, let first = runs.first?.digits,
            first.count <= 3, first.first != 0
        else { return 0 }
        let sameMark = runs.dropFirst().prefix { $0.separator == mark }
        let thousands = sameMark.prefix { $0.digits.count == 3 }.count
        switch convention {
        case .english where mark == " " && !groupsBySpace: return 0
        // One point is a decimal point; only a second one shows that both group.
        case .english where isPoint(mark): return thousands > 1 ? thousands : 0
        case .english, .continental: break
        }
        if thousands == 0, isComma(mark), first.count <= 2 {
            // Indian grouping: pairs, then three at the end, as in 1,00,000.
            let pairs = sameMark.prefix { $0.digits.count == 2 }.count
            let last = sameMark.dropFirst(pairs).first
            return pairs > 0 && last?.digits.count == 3 ? pairs + 1 : 0
        }
        return thousands
    }
}
