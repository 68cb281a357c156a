import Generation
import ResultsStore
import Routing

/// One cell of a plan: a policy at one setting, its place in the database, and what it has answered there.
struct Cell {
    let id: RowID<CellRecord>
    let setting: PolicySetting
    let policy: RoutingPolicy
    /// Questions that are answered.
    let finished: Set<String>
    /// Questions that failed so far, each with the number of tries.
    let failed: [String: Int]

    /// A question that failed this often is left alone.
    static let mostTries = 3

    /// The cell as the database has it now.
    func current(in store: ResultsStore) throws -> Cell {
        Cell(
            id: id, setting: setting, policy: policy,
            finished: finished.union(try store.reader.finishedQuestions(of: id)),
            failed: try store.reader.failedQuestions(of: id))
    }

    func needs(_ question: String) -> Bool {
        !finished.contains(question) && failed[question, default: 0] < Self.mostTries
    }
}

extension PolicySetting {
    /// The policies that this version runs.
    static let implemented: [PolicyName] = [
        .slm, .llm, .random, .maxProb, .entropy, .margin, .coLLM, .citer, .r2r,
    ]

    /// Whether the policy ever asks the small model.
    var asksSmall: Bool { policy != .llm }

    /// Whether the policy ever asks the large model.
    var asksLarge: Bool { policy != .slm }

    /// The score function of a policy with a threshold; nil where its router is missing.
    func scoreFunction(_ routers: [String: RouterShelf.Entry]) -> (any ScoreFunction)? {
        switch choice {
        case .maxProb: MaxProbability()
        case .entropy: Entropy()
        case .margin: Margin()
        default: router.flatMap { routers[$0] }.map { RouterScore($0.router) }
        }
    }

    /// The policy to run; nil where its threshold is not known yet, or for a policy that is not implemented.
    func policy(seed: Int, routers: [String: RouterShelf.Entry]) -> RoutingPolicy? {
        switch choice {
        case .slm: return .slm
        case .llm: return .llm
        case .random(let ratio):
            let draw = RandomDraw(seed: UInt64(bitPattern: Int64(seed)))
            return .scored(draw, threshold: Float(ratio))
        default:
            guard let function = scoreFunction(routers), case .value(let value)? = threshold
            else { return nil }
            return .scored(function, threshold: Float(value))
        }
    }
}
