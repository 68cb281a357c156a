import ResultsStore

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
