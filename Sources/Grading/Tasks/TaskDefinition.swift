/// A task as data: where its rows are, how a row becomes a question, how an answer is graded.
///
/// The built-in tasks are values of this type, and a user's own JSON Lines need no more. In a spec:
///
///     name: trivia
///     format: multiple-choice          # number | math | multiple-choice | text
///     files: { test: trivia/test.jsonl }
///     fields: { question: q, choices: options, answer: key }
///
/// Everything else has a default that depends on the format.
package struct TaskDefinition: Equatable, Sendable {
    /// What an answer is, and so how it is graded.
    package enum Format: String, Codable, CaseIterable, Sendable {
        /// One number, compared exactly.
        case number
        /// A mathematical answer in LaTeX, compared after normalisation.
        case math
        /// One of several listed options, by its letter.
        case multipleChoice = "multiple-choice"
        /// A text, scored by ROUGE against references.
        case text
    }

    /// How a file holds rows.
    package enum Layout: String, Codable, CaseIterable, Sendable {
        /// One JSON object on each line.
        case jsonLines = "jsonl"
        /// Tab-separated columns, named by their number from 0.
        case tabSeparated = "tsv"
    }

    /// What names the right option in a row.
    package enum KeyForm: String, Codable, CaseIterable, Sendable {
        /// Its label, its number from 0 or its text, whichever it is; what could be two options is refused.
        case any
        case label
        /// Its number from 0.
        case index
        case text
    }

    /// The name results are kept under.
    package var name: String
    package var format: Format
    /// Each split's file, as a path relative to the data directory.
    package var files: [String: String]
    package var layout: Layout
    /// Which fields of a row hold what.
    package var fields: FieldNames
    /// The user turn, in which `{question}` and `{choices}` are replaced.
    package var prompt: String
    package var system: String
    /// How to find the answer in a generated text, tried in order.
    package var extraction: [ExtractionRule]
    /// How to find the gold answer in its field, tried in order; the whole field if none applies.
    package var goldExtraction: [ExtractionRule]
    /// What the gold answer of a choice is.
    package var key: KeyForm
    /// How separators in numbers of generated text are read. Gold numbers are in English convention.
    package var numbers: NumberConvention

    /// A task with its format's defaults for whatever is not given.
    package init(
        name: String, format: Format, files: [String: String], layout: Layout = .jsonLines,
        fields: FieldNames = FieldNames(), prompt: String? = nil,
        system: String = TaskDefinition.defaultSystem, extraction: [ExtractionRule]? = nil,
        goldExtraction: [ExtractionRule]? = nil, key: KeyForm = .any,
        numbers: NumberConvention = .english
    ) {
        self.name = name
        self.format = format
        self.files = files
        self.layout = layout
        self.fields = fields
        self.prompt = prompt ?? format.defaultPrompt
        self.system = system
        self.extraction = extraction ?? format.defaultExtraction
        self.goldExtraction = goldExtraction ?? format.defaultGoldExtraction
        self.key = key
        self.numbers = numbers
    }

    /// The system turn unless a task says otherwise.
    package static let defaultSystem = "You are a helpful assistant."
}

/// Which fields of a row hold what.
///
/// A name may be a path (`question.stem`), and may list alternatives (`question|prompt`): the first
/// that a row has is used.
package struct FieldNames: Equatable, Sendable {
    /// The row's id; a row without one is named by its number from 0.
    package var id: String
    /// The question: a text, or a list of texts to be joined by spaces.
    package var question: String
    /// The options: a list of texts, or of objects with `label` and `text`.
    package var choices: String
    /// The gold answer. Of a choice: its label, its number from 0, its text, or a truth value where the
    /// options are True and False (`TaskDefinition.key` says which, where it could be two). Of a
    /// text: one reference or a list of them.
    package var answer: String
    /// The worked solution; optional in every row.
    package var solution: String

    /// The names given, and the commonest names for the others.
    package init(
        id: String = "id", question: String = "question", choices: String = "choices",
        answer: String = "answer", solution: String = "solution"
    ) {
        self.id = id
        self.question = question
        self.choices = choices
        self.answer = answer
        self.solution = solution
    }
}

extension TaskDefinition.Format {
    /// The user turn of a task that gives none.
    package var defaultPrompt: String {
        switch self {
        case .number, .math:
            "{question}\n"
                + "Please reason step by step, and put your final answer within \\boxed{}."
        case .multipleChoice:
            "{question}\n{choices}\n"
                + "Please reason step by step, and put the letter of your answer within \\boxed{}."
        case .text:
            "{question}\nPlease summarize the text above in one sentence."
        }
    }

    /// The extraction rules of a task that gives none.
    package var defaultExtraction: [ExtractionRule] {
        switch self {
        case .number, .math: [.boxed, .marker("####"), .lastNumber]
        case .multipleChoice: [.boxed, .statedLetter, .lastLetter]
        case .text: [.whole]
        }
    }

    /// Where the gold answer stands in its field unless a task says otherwise.
    package var defaultGoldExtraction: [ExtractionRule] {
        switch self {
        case .number: [.marker("####")]
        case .math: [.boxed]
        case .multipleChoice, .text: []
        }
    }
}
