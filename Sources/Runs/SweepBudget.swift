/// How much one run may use. Questions are finished or not begun: nothing in flight is thrown away.
package struct SweepBudget: Equatable, Sendable {
    /// No question is begun that, as long as the longest so far has taken, would end later than this.
    package var time: TimeSpan?
    /// The most tokens of all answers together; an answer counts for `max_tokens` while it is under way.
    package var tokens: Int?

    /// Without limits.
    package init(time: TimeSpan? = nil, tokens: Int? = nil) {
        self.time = time
        self.tokens = tokens
    }
}

/// A length of time as people write it: `90s`, `30m`, `2h`, `1h30m`.
package struct TimeSpan: Equatable, Sendable, CustomStringConvertible {
    /// The length in seconds.
    package let seconds: Int
    /// As it was written.
    package let description: String

    /// The largest number before a unit.
    package static let most = 1_000_000

    /// Reads whole numbers with the units d, h, m and s, the larger before the smaller; nil for anything else.
    package init?(_ text: String) {
        let units: [Character: Int] = ["d": 86_400, "h": 3_600, "m": 60, "s": 1]
        var (sum, last, number) = (0, Int.max, "")
        for character in text {
            if character.isASCII, character.isNumber {
                number.append(character)
                continue
            }
            guard let unit = units[character], unit < last, let count = Int(number),
                count <= Self.most
            else { return nil }
            sum += count * unit
            last = unit
            number = ""
        }
        guard number.isEmpty, sum > 0 else { return nil }
        seconds = sum
        description = text
    }
}

/// What a run has used of its budget.
final class BudgetMeter {
    private let budget: SweepBudget
    private let start: ContinuousClock.Instant
    private let now: () -> ContinuousClock.Instant
    private var spent = 0
    private var reserved = 0
    private var longest = Duration.zero

    /// Starts the clock; `now` is another one in tests.
    init(
        _ budget: SweepBudget,
        now: @escaping () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.budget = budget
        self.now = now
        start = now()
    }

    /// One question under way.
    struct Ticket {
        fileprivate let begin: ContinuousClock.Instant
        fileprivate let tokens: Int
    }

    /// Why a question of at most `tokens` tokens may not be begun; nil if it may.
    func refusal(tokens: Int) -> String? {
        if let time = budget.time, now() - start + longest > .seconds(time.seconds) {
            return "--max-time \(time) is used up"
        }
        guard let most = budget.tokens, spent + reserved + tokens > most else { return nil }
        return reserved == 0 && spent == 0
            ? "--max-tokens \(most) is too little: one question may take \(tokens)"
            : "--max-tokens \(most) is used up, but for \(most - spent - reserved)"
    }

    func begin(tokens: Int) -> Ticket {
        reserved += tokens
        return Ticket(begin: now(), tokens: tokens)
    }

    /// One answer of `tokens` tokens, of those that a question had reserved `most` for.
    func answer(tokens: Int, of most: Int) {
        spent += tokens
        reserved -= most
    }

    /// All answers of a question are there.
    func end(_ ticket: Ticket) {
        longest = max(longest, now() - ticket.begin)
    }
}
