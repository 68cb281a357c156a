extension TaskDefinition {
    /// The option that a row's key means.
    ///
    /// Throws where it means none, and where it could mean two: 2 as the number of one option and the
    /// text of another, 1 of the options True and False.
    func goldLabel(of row: Row, among choices: [Choice]) throws(BenchmarkError) -> Choice {
        let value = try required(fields.answer, of: row)
        let meant = Set(meanings(of: value, among: choices)).sorted()
        if meant.count == 1 { return choices[meant[0]] }
        let found = value.text.map { "'\($0.prefix(40))'" } ?? value.kind
        if meant.isEmpty {
            throw .badField(
                line: row.line, field: fields.answer,
                found: { if case .truth = value { value.kind } else { found } }(),
                expected: expectation(choices))
        }
        let options = meant.map { "\(choices[$0].label) (\(choices[$0].text.prefix(40)))" }
        throw .badField(
            line: row.line, field: fields.answer,
            found: "\(found), which could mean \(options.joined(separator: " or "))",
            expected: "what means one option; say whether keys are labels, indices from 0 or texts "
                + "with `key: label`, `index` or `text`")
    }

    private func expectation(_ choices: [Choice]) -> String {
        let labels = "a label (\(choices.map(\.label).joined(separator: ", ")))"
        return switch key {
        case .any:
            labels + ", an index from 0, the text of an option, or a truth value where the options "
                + "are True and False"
        case .label: labels
        case .index: "an index from 0 to \(choices.count - 1)"
        case .text: "the text of an option"
        }
    }

    /// The options that a key could mean, as places among them.
    private func meanings(of value: RowValue, among choices: [Choice]) -> [Int] {
        let answer = value.text?.trimmed
        let labelled = choices.indices.filter { choices[$0].label == answer }
        let texts = choices.indices.filter { choices[$0].text == answer }
        var index: [Int] = []
        if case .integer(let number) = value { index = [number] }
        // Columns hold texts.
        if key == .index, let number = answer.flatMap({ Int($0) }) { index = [number] }
        index.removeAll { !choices.indices.contains($0) }
        switch key {
        case .label: return labelled
        case .index: return index
        case .text: return texts
        case .any: break
        }
        if case .truth(let truth) = value {
            let named = choices.indices.filter { Self.truth(choices[$0]) == truth }
            return named.isEmpty ? texts : named
        }
        // 1 is "true" to many, whatever stands second.
        var numbered: [Int] = []
        if case .integer(let number) = value, (0...1).contains(number) {
            numbered = choices.indices.filter { Self.truth(choices[$0]) == (number == 1) }
        }
        // A label that is a number is no index.
        return labelled + (labelled.isEmpty ? index + numbered : []) + texts
    }

    /// What an option says if it is a truth value.
    private static func truth(_ choice: Choice) -> Bool? {
        switch choice.text.lowercased() {
        case "true", "yes", "correct": true
        case "false", "no", "incorrect": false
        default:
            choice.label.lowercased() == "true"
                ? true : choice.label.lowercased() == "false" ? false : nil
        }
    }
}
