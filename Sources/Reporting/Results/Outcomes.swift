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

/// Whether figures of so many questions may be marked at all (docs/method.md, section 4).
func mayMark(questions: Int) -> Bool { questions >= PairedDifference.leastQuestions }

extension Bootstrap.Estimate? {
    /// Whether the interval excludes 0, and the questions are enough to say so.
    func isMarked(questions: Int) -> Bool {
        mayMark(questions: questions) && (self?.excludesZero ?? false)
    }
}

/// Things to be compared with the single models on the same questions: they share their resamples, hence the time that these take.
struct SharedQuestions<Item> {
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
    /// Each with its cells' outcomes on these questions.
    private(set) var members: [(item: Item, cells: [[QuestionOutcome]])] = []

    /// The items by the questions that their cells and both single models finished; those without a question in common are left out.
    static func batches(
        of items: [Item], _ singles: SingleModels, cells: (Item) -> [[QuestionOutcome]]
    ) -> [SharedQuestions] {
        var batches: [SharedQuestions] = []
        var places: [[String]: Int] = [:]
        for item in items {
            let common = paired([singles.small, singles.large] + cells(item))
            guard let small = common.first, !small.isEmpty else { continue }
            let questions = small.map(\.question)
            let place = places[questions] ?? batches.count
            if place == batches.count {
                places[questions] = place
                batches.append(SharedQuestions(small: small, large: common[1]))
            }
            batches[place].members.append((item, Array(common[2...])))
        }
        return batches
    }
}
