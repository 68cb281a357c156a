import ResultsStore
import Statistics

// What a cell's finished questions amount to.

extension [QuestionOutcome] {
    /// Tokens written.
    var tokens: Int { reduce(0) { $0 + $1.tokens } }

    /// Tokens written by the large model.
    var llmCalls: Int { reduce(0) { $0 + $1.llmCalls } }

    /// The share of the tokens that the large model wrote; nil without tokens.
    var callRatio: Double? { tokens > 0 ? Double(llmCalls) / Double(tokens) : nil }

    /// Whether both models write: a threshold that nothing or everything passes is a single model by another name.
    var isMixed: Bool { 0 < llmCalls && llmCalls < tokens }

    /// The mean of right and wrong or of scores, 0...1; nil without any.
    var accuracy: Double? {
        let marks = compactMap(\.mark)
        return marks.isEmpty ? nil : marks.reduce(0, +) / Double(marks.count)
    }

    /// The share that was cut at the most tokens allowed; nil without any.
    var cutShare: Double? {
        isEmpty ? nil : Double(count(where: \.isCut)) / Double(count)
    }

    /// The mean cost a question; nil where it was not measured of all.
    func mean(_ currency: Currency) -> Double? {
        let costs = compactMap(currency.cost)
        return costs.count == count && !costs.isEmpty
            ? costs.reduce(0, +) / Double(costs.count) : nil
    }
}

/// Whether a figure of so many questions has an interval: of fewer it says nothing.
func mayHaveInterval(questions: Int) -> Bool { questions >= 10 }

/// Whether figures of so many questions may be marked at all (docs/method.md, section 4).
func mayMark(questions: Int) -> Bool { questions >= PairedDifference.leastQuestions }

/// A comparison that a table marks if it is significant among all that the table makes.
struct Mark: Equatable, Sendable {
    let pValue: Double
    /// Whether it would be marked: a table may mark what is better alone.
    let isMeant: Bool
}

/// When a table marks.
let markNote =
    "5 % over all comparisons of this table, by Holm's correction; never below \(PairedDifference.leastQuestions) questions"

extension Bootstrap.Estimate? {
    /// Whether it is 0; nil for too few questions to say so. Where there is another test, too, both must say so.
    func mark(questions: Int, and other: Double? = nil, onlyAbove: Bool = false) -> Mark? {
        guard let self, mayMark(questions: questions) else { return nil }
        return Mark(
            pValue: Swift.max(self.pValue, other ?? 0), isMeant: !onlyAbove || self.value > 0)
    }
}
