// The built-in tasks as data. Files and field names are those of the published data sets; the
// prompts are this project's.

extension TaskDefinition {
    /// GSM8K (Cobbe et al. 2021), in OpenAI's layout or that of a file of test cases with `prompt`,
    /// `expected` and `upstream_answer`.
    static let gsm8k = TaskDefinition(
        name: "gsm8k", format: .number, files: jsonLines("gsm8k", "train", "test"),
        fields: FieldNames(
            question: "question|prompt", answer: "answer|expected",
            solution: "answer|upstream_answer"))

    /// MATH (Hendrycks et al. 2021); its test split is the 500 questions of Lightman et al. 2023.
    static let math = TaskDefinition(
        name: "math", format: .math, files: jsonLines("math", "train", "test"),
        fields: FieldNames(id: "unique_id|idx", question: "problem", answer: "answer|solution"))

    /// CommonsenseQA (Talmor et al. 2019); `dev` is reported, since the test answers are not public.
    static let commonsenseQA = TaskDefinition(
        name: "commonsense-qa", format: .multipleChoice,
        files: jsonLines("commonsenseqa", "train", "dev"),
        fields: FieldNames(
            question: "question.stem", choices: "question.choices", answer: "answerKey"),
        key: .label)

    /// ARC-Challenge (Clark et al. 2018).
    static let arcChallenge = TaskDefinition(
        name: "arc-challenge", format: .multipleChoice,
        files: jsonLines("arc_challenge", "train", "dev", "test"),
        fields: FieldNames(answer: "answerKey"), key: .label)

    /// The professional-psychology part of MMLU (Hendrycks et al. 2021).
    static let mmluProfessionalPsychology = TaskDefinition(
        name: "mmlu-professional-psychology", format: .multipleChoice,
        files: jsonLines("mmlu_professional_psychology", "dev", "val", "test"),
        fields: FieldNames(answer: "answerKey"), key: .label)

    /// MGSM (Shi et al. 2022) in one language: the question in it, the instruction in English.
    static func mgsm(language: String) throws(BenchmarkError) -> TaskDefinition {
        guard mgsmLanguages.contains(language) else {
            throw .badParameter(
                name: "language", value: language,
                expected: "one of \(mgsmLanguages.joined(separator: ", "))")
        }
        return TaskDefinition(
            name: "mgsm-\(language)", format: .number,
            files: ["test": "mgsm/mgsm_\(language).tsv"], layout: .tabSeparated,
            fields: FieldNames(question: "0", answer: "1"),
            numbers: ["de", "es", "fr", "ru"].contains(language) ? .continental : .english)
    }

    static let mgsmLanguages = ["bn", "de", "en", "es", "fr", "ja", "ru", "sw", "te", "th", "zh"]

    /// SciTLDR-A (Cachola et al. 2020): a paper's abstract in one sentence, against several references.
    static let sciTLDR = TaskDefinition(
        name: "scitldr", format: .text, files: jsonLines("scitldr", "dev", "test"),
        fields: FieldNames(id: "paper_id", question: "source", answer: "target"),
        prompt: "{question}\n\nSummarize this abstract of a paper in one short sentence. "
            + "Write only that sentence.")

    private static func jsonLines(_ folder: String, _ splits: String...) -> [String: String] {
        Dictionary(uniqueKeysWithValues: splits.map { ($0, "\(folder)/\($0).jsonl") })
    }
}
