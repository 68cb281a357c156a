package import Foundation

/// A benchmark: how rows become questions and how answers are graded (docs/method.md, section 6).
package protocol Benchmark: Sendable {
    /// The name results are kept under, such as `gsm8k` or `mgsm-bn`.
    var name: String { get }
    /// Changes whenever the prompt text can change; part of a cell's key.
    var promptVersion: String { get }
    /// Changes whenever the same text could be graded otherwise; kept with each score.
    var graderVersion: String { get }
    /// The system turn of every question.
    var systemPrompt: String { get }
    var splits: [String] { get }

    func source(of split: String) throws(BenchmarkError) -> QuestionSource
    /// Reads all rows, in the file's order. Every id occurs once.
    func questions(from data: Data) throws(BenchmarkError) -> [Question]
    /// Grades a generated text. It sees what the model wrote, never the prompt.
    ///
    /// - Parameters:
    ///   - output: what the model wrote.
    ///   - isCut: whether the limit of tokens ended the text. Such a text has an answer only
    ///     where it marks one: its last number is wherever it was cut (docs/method.md, section 4).
    ///   - question: what was asked, with its gold answer.
    func grade(_ output: String, isCut: Bool, for question: Question) -> Grade
}

extension Benchmark {
    /// Grades a text that ended by itself.
    package func grade(_ output: String, for question: Question) -> Grade {
        grade(output, isCut: false, for: question)
    }
}

/// Where a benchmark's rows come from.
package enum QuestionSource: Equatable, Sendable {
    /// A file, as a path relative to the data directory, such as `gsm8k/test.jsonl`.
    case file(String)
    /// Rows made by the benchmark itself, to be hashed and read like a file's bytes.
    case generated(Data)
}
