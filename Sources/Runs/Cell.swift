package import Generation
import ResultsStore
import Routing

/// One cell of a plan: a policy at one setting, its place in the database, and what it has answered there.
struct Cell {
    let id: RowID<CellRecord>
    let setting: PolicySetting
    let method: AnswerMethod
    /// Questions that are answered.
    let finished: Set<String>
    /// Questions that failed so far, each with the number of tries.
    let failed: [String: Int]

    /// A question that failed this often is left alone.
    static let mostTries = 3

    /// The cell as the database has it now.
    func current(in store: ResultsStore) throws -> Cell {
        Cell(
            id: id, setting: setting, method: method,
            finished: finished.union(try store.reader.finishedQuestions(of: id)),
            failed: try store.reader.failedQuestions(of: id))
    }

    func needs(_ question: String) -> Bool {
        !finished.contains(question) && failed[question, default: 0] < Self.mostTries
    }
}

extension AnswerMethod {
    /// The answer, of those of its lanes, in their order.
    package func answer(of traces: [Trace], isRight: (Trace) -> Bool) -> Trace {
        let large = traces.count > 1 ? traces[1] : nil
        return switch self {
        case .routed: traces[0]
        case .oracle:
            if let large, !isRight(traces[0]), isRight(large) { large } else { traces[0] }
        case .cascade(let function, let threshold):
            .cascade(small: traces[0], large: large, by: function, threshold: threshold)
        }
    }
}
