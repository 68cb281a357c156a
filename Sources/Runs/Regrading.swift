import Grading
import ResultsStore
import Specs

/// Stored answers whose grader has changed since are graded again from their text; nothing is decoded.
extension SweepContext {
    /// Grades what is stale in `cells`, which answer rows of one split.
    func regrade(_ cells: [Cell], split: String) throws {
        var questions: [String: Question]?
        var (graded, changed) = (0, 0)
        for cell in cells {
            let result = try store.rescore(cell.id, version: benchmark.graderVersion) {
                question, output, finish in
                let known = try questions ?? allQuestions(of: split)
                questions = known
                guard let question = known[question] else {
                    throw RunError.emptySplit("question \(question) of \(split)")
                }
                return GradeRecord(
                    benchmark.grade(output, isCut: finish == .length, for: question),
                    version: benchmark.graderVersion)
            }
            graded += result.graded
            changed += result.changed
        }
        if graded > 0 {
            note(
                "graded \(graded) stored answers again with \(benchmark.graderVersion): "
                    + "\(changed) changed")
        }
    }

    private func allQuestions(of split: String) throws -> [String: Question] {
        let all = try inputs.task.questions(split: split, rows: .all).questions
        return Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    }
}

extension GradeRecord {
    /// What is stored of a grade.
    init(_ grade: Grade, version: String) {
        self.init(
            extracted: grade.extracted, rule: grade.rule, correct: grade.correct,
            score: grade.correct == nil ? grade.score : nil, version: version)
    }
}
