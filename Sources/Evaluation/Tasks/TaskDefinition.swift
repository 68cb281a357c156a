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
public struct TaskDefinition: Equatable, Sendable {
    /// What an answer is, and so how it is graded.
    public enum Format: String, Codable, CaseIterable, Sendable {
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
    public enum Layout: String, Codable, CaseIterable, Sendable {
        /// One JSON object on each line.
        case jsonLines = "jsonl"
        /// Tab-separated columns, named by their number from 0.
        case tabSeparated = "tsv"
    }

    /// What names the right option in a row.
    public enum KeyForm: String, Codable, CaseIterable, Sendable {
        /// Its label, its number from 0 or its text, whichever it is; what could be two options is refused.
        case any
        /// Its label.
        case label
        /// Its number from 0.
        case index
        /// Its text.
        case text
    }

    /// The name results are kept under.
    public var name: String
    /// What an answer is.
    public var format: Format
    /// Each split's file, as a path relative to the data directory.
    public var files: [String: String]
    /// How the files hold rows.
    public var layout: Layout
    /// Which fields of a row hold what.
    public var fields: FieldNames
    /// The user turn, in which `{question}` and `{choices}` are replaced.
    public var prompt: String
    /// The system turn.
    public var system: String
    /// How to find the answer in a generated text, tried in order.
    public var extraction: [ExtractionRule]
    /// How to find the gold answer in its field, tried in order; the whole field if none applies.
    public var goldExtraction: [ExtractionRule]
    /// What the gold answer of a choice is.
    public var key: KeyForm
    /// How separators in numbers of generated text are read. Gold numbers are in English convention.
    public var numbers: NumberConvention

    /// A task with its format's defaults for whatever is not given.
    public init(
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
    public static let defaultSystem = "You are a helpful assistant."
}

/// Which fields of a row hold what.
///
/// A name may be a path (`question.stem`), and may list alternatives (`question|prompt`): the first
/// that a row has is used.
public struct FieldNames: Equatable, Sendable {
    /// The row's id; a row without one is named by its number from 0.
    public var id: String
    /// The question: a text, or a list of texts to be joined by spaces.
    public var question: String
    /// The options: a list of texts, or of objects with `label` and `text`.
    public var choices: String
    /// The gold answer. Of a choice: its label, its number from 0, its text, or a truth value where the
    /// options are True and False (`TaskDefinition.key` says which, where it could be two). Of a
    /// text: one reference or a list of them.
    public var answer: String
    /// The worked solution; optional in every row.
    public var solution: String

    /// The names given, and the commonest names for the others.
    public init(
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
    public var defaultPrompt: String {
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
    public var defaultExtraction: [ExtractionRule] {
        switch self {
        case .number, .math: [.boxed, .marker("####"), .lastNumber]
        case .multipleChoice: [.boxed, .statedLetter, .lastLetter]
        case .text: [.whole]
        }
    }

    /// Where the gold answer stands in its field unless a task says otherwise.
    public var defaultGoldExtraction: [ExtractionRule] {
        switch self {
        case .number: [.marker("####")]
        case .math: [.boxed]
        case .multipleChoice, .text: []
        }
    }
}
