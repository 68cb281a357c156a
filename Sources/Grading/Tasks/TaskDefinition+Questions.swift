package import Foundation

extension TaskDefinition {
    /// Reads all rows, in the file's order.
    ///
    /// Throws for text that is not UTF-8, a line that is no JSON object, a field that is missing or of
    /// another kind, a gold answer that cannot be read, and an id that occurs twice.
    package func questions(from data: Data) throws(BenchmarkError) -> [Question] {
        var seen: Set<String> = []
        var questions: [Question] = []
        for row in try Row.all(in: data, layout: layout) {
            let question = try question(from: row, number: questions.count)
            guard seen.insert(question.id).inserted else {
                throw .duplicateID(line: row.line, id: question.id)
            }
            questions.append(question)
        }
        return questions
    }

    private func question(from row: Row, number: Int) throws(BenchmarkError) -> Question {
        let text = try joinedText(fields.question, of: row)
        var gold: String
        var key = AnswerKey.open
        var choices: [Choice] = []
        switch format {
        case .number, .math:
            gold = try goldAnswer(of: row)
        case .multipleChoice:
            choices = try listedChoices(of: row)
            gold = try goldLabel(of: row, among: choices).label
            key = .choices(choices)
        case .text:
            let references = try references(of: row)
            gold = references[0]
            key = .references(references)
        }
        return Question(
            id: try id(of: row) ?? String(number),
            user: userTurn(question: text, choices: choices), gold: gold,
            solution: row.value(fields.solution)?.text.map(Self.withoutCalculations), key: key)
    }

    /// Without GSM8K's notes to a calculator, `<<48/2=24>>`, which no model writes.
    private static func withoutCalculations(_ solution: String) -> String {
        solution.replacing(/<<[^<>\n]*>>/, with: "")
    }

    /// Fills the prompt's placeholders in one pass, so that a question's own braces stay as they are.
    private func userTurn(question: String, choices: [Choice]) -> String {
        let list = choices.map { "\($0.label). \($0.text)" }.joined(separator: "\n")
        var turn = ""
        var rest = Substring(prompt)
        while let brace = rest.firstIndex(of: "{") {
            turn += rest[..<brace]
            rest = rest[brace...]
            if rest.hasPrefix("{question}") {
                turn += question
                rest = rest.dropFirst("{question}".count)
            } else if rest.hasPrefix("{choices}") {
                turn += list
                rest = rest.dropFirst("{choices}".count)
            } else {
                turn.append(rest.removeFirst())
            }
        }
        return turn + rest
    }

    // MARK: Fields

    /// The row's own id. It becomes a name in databases, tables and terminals, so it holds no control
    /// characters.
    private func id(of row: Row) throws(BenchmarkError) -> String? {
        guard let id = row.value(fields.id)?.text else { return nil }
        let control = id.unicodeScalars.first {
            [.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        if let control {
            let code = String(control.value, radix: 16, uppercase: true)
            throw .badField(
                line: row.line, field: fields.id,
                found: "a text with the control character U+"
                    + String(repeating: "0", count: max(0, 4 - code.count)) + code,
                expected: "a name without control characters")
        }
        guard !id.trimmed.isEmpty else {
            throw .badField(
                line: row.line, field: fields.id, found: "an empty text", expected: "a name")
        }
        return id
    }

    func required(_ field: String, of row: Row) throws(BenchmarkError) -> RowValue {
        guard let value = row.value(field) else {
            throw .missingField(line: row.line, field: field)
        }
        return value
    }

    private func joinedText(_ field: String, of row: Row) throws(BenchmarkError) -> String {
        let value = try required(field, of: row)
        let texts: [String]
        if case .list(let members) = value {
            texts = members.compactMap { $0.text?.trimmed }
            guard texts.count == members.count else {
                throw .badField(
                    line: row.line, field: field, found: value.kind, expected: "a list of texts")
            }
        } else {
            texts = value.text.map { [$0] } ?? []
        }
        let joined = texts.joined(separator: " ")
        guard !joined.trimmed.isEmpty else {
            throw .badField(line: row.line, field: field, found: value.kind, expected: "a text")
        }
        return joined
    }

    func goldAnswer(of row: Row) throws(BenchmarkError) -> String {
        if format == .math { return try mathGold(of: row) }
        let field = fields.answer
        let value = try required(field, of: row)
        guard let written = value.text, !written.trimmed.isEmpty else {
            throw .badField(line: row.line, field: field, found: value.kind, expected: "an answer")
        }
        let answer =
            goldExtraction.lazy.compactMap { rule -> String? in
                switch rule {
                case .boxed: BoxedAnswer.last(in: written)
                case .marker(let marker): MarkedAnswer.all(in: written, marker: marker).last
                case .lastNumber, .statedLetter, .lastLetter, .whole: nil
                }
            }.first ?? written.trimmed
        guard let number = NumberAnswer.value(of: answer, convention: .english) else {
            throw .badField(
                line: row.line, field: field, found: "'\(answer.prefix(40))'", expected: "a number")
        }
        return number.description
    }

    func listedChoices(of row: Row) throws(BenchmarkError) -> [Choice] {
        let field = fields.choices
        let value = try required(field, of: row)
        guard case .list(let members) = value, (2...Self.letters.count).contains(members.count)
        else {
            throw .badField(
                line: row.line, field: field, found: value.kind,
                expected: "a list of 2 to \(Self.letters.count) options")
        }
        var choices: [Choice] = []
        for (member, letter) in zip(members, Self.letters) {
            if let text = member.text?.trimmed, !text.isEmpty {
                choices.append(Choice(label: String(letter), text: text))
            } else if case .list(let pair) = member, pair.count == 2,
                let label = pair[0].text?.trimmed, let text = pair[1].text?.trimmed,
                !label.isEmpty, !text.isEmpty
            {
                choices.append(Choice(label: label, text: text))
            } else if case .object(let parts) = member, let label = parts["label"]?.text?.trimmed,
                let text = parts["text"]?.text?.trimmed, !label.isEmpty, !text.isEmpty
            {
                choices.append(Choice(label: label, text: text))
            } else {
                throw .badField(
                    line: row.line, field: field, found: "a list with \(member.kind)",
                    expected:
                        "a list of texts, of pairs of a label and a text, or of objects with 'label' "
                        + "and 'text'")
            }
        }
        guard Set(choices.map(\.label)).count == choices.count else {
            throw .badField(
                line: row.line, field: field, found: "a list with a repeated label",
                expected: "a different label for each option")
        }
        return choices
    }

    func references(of row: Row) throws(BenchmarkError) -> [String] {
        let value = try required(fields.answer, of: row)
        let members = if case .list(let list) = value { list } else { [value] }
        let texts = members.compactMap { $0.text?.trimmed }.filter { !$0.isEmpty }
        guard !texts.isEmpty, texts.count == members.count else {
            throw .badField(
                line: row.line, field: fields.answer, found: value.kind,
                expected: "a reference text or a list of them")
        }
        return texts
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}
