import Hashing

extension TaskDefinition: Benchmark {
    package var systemPrompt: String { system }

    /// The splits that have a file, by name.
    package var splits: [String] { files.keys.sorted() }

    /// A fingerprint of all that decides the prompt's text, so that it cannot be left unchanged by
    /// mistake.
    package var promptVersion: String {
        Fingerprint.text(of: [
            format.rawValue, layout.rawValue, fields.question, fields.choices, prompt, system,
        ])
    }

    /// The grader and its rules, such as `number-1 boxed marker:#### last-number`.
    package var graderVersion: String {
        let grader =
            switch format {
            case .number: "\(NumberGrader.version)-\(numbers.rawValue)"
            case .math: MathGrader.version
            case .multipleChoice: ChoiceGrader.version
            case .text: TextGrader.version
            }
        return ([grader] + extraction.map(\.rawValue)).joined(separator: " ")
    }

    /// The split's file; throws `unknownSplit` with those that there are.
    package func source(of split: String) throws(BenchmarkError) -> QuestionSource {
        guard let path = files[split] else {
            throw .unknownSplit(name: split, benchmark: name, known: splits)
        }
        return .file(path)
    }

    /// Grades by the task's format, with its extraction rules in order; of a text that was cut, or that
    /// visibly stops in the middle of a sentence, with those that find a marked answer alone.
    package func grade(_ output: String, isCut: Bool, for question: Question) -> Grade {
        var choices: [Choice] = []
        if case .choices(let listed) = question.key { choices = listed }
        let isWhole = !isCut && !CutText.isVisible(output, choices: choices)
        let rules = extraction.filter { isWhole || $0.marksItsAnswer || format == .text }
        return switch (format, question.key) {
        case (.multipleChoice, .choices(let choices)):
            ChoiceGrader(rules: rules, choices: choices).grade(output, gold: question.gold)
        case (.text, .references(let references)):
            TextGrader(rules: rules).grade(output, references: references)
        case (.text, _):
            TextGrader(rules: rules).grade(output, references: [question.gold])
        case (.math, _):
            MathGrader(rules: rules).grade(output, gold: question.gold)
        case (.number, _), (.multipleChoice, _):
            NumberGrader(rules: rules, convention: numbers)
                .grade(output, gold: question.gold)
        }
    }
}
