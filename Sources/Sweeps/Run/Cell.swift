import Generation
import Inference
import ResultsStore
import Routing

/// One cell of a plan: a policy at one setting, its place in the database, and what it has answered there.
struct Cell {
    let id: RowID<CellRecord>
    let setting: PolicySetting
    let method: CellMethod
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

/// How a cell's answers are made: by one lane, or in hindsight from two.
enum CellMethod {
    /// By two models, as they go.
    case routed(RoutingPolicy)
    /// In hindsight, from both models' own answers: S's, unless only L's is right (docs/method.md, 2.4).
    case queryOracle
    /// S's answer, unless a score of what S saw while writing it calls for L's: both are paid for then (docs/method.md, 2.4).
    case cascade(any ScoreFunction, threshold: Float)

    /// The lanes of a request that it takes: its own, or S's answer and L's.
    var lanes: [RoutingPolicy] {
        switch self {
        case .routed(let policy): [policy]
        case .queryOracle: [.slm, .llm]
        case .cascade(let function, let threshold):
            // A calibration never calls.
            [.observed(function.needs)] + (threshold.isFinite ? [.llm] : [])
        }
    }

    /// The cell's answer, of those of its lanes, in their order.
    func answer(of traces: [Trace], isRight: (Trace) -> Bool) -> Trace {
        let large = traces.count > 1 ? traces[1] : nil
        return switch self {
        case .routed: traces[0]
        case .queryOracle:
            if let large, !isRight(traces[0]), isRight(large) { large } else { traces[0] }
        case .cascade(let function, let threshold):
            .cascade(small: traces[0], large: large, by: function, threshold: threshold)
        }
    }
}

extension PolicySetting {
    /// Whether the policy ever asks the small model.
    var asksSmall: Bool { policy != .llm }

    /// Whether its answers are drafted and checked.
    var isDrafted: Bool { policy == .speculative || policy == .bild }

    /// Whether the policy ever asks the large model.
    var asksLarge: Bool { policy != .slm }

    /// The score function of a policy with a threshold; nil where its router is missing.
    func scoreFunction(_ routers: [String: RouterShelf.Entry]) -> (any ScoreFunction)? {
        switch choice {
        case .maxProb: MaxProbability()
        case .entropy: Entropy()
        case .margin: Margin()
        default: router.flatMap { routers[$0]?.score }
        }
    }

    /// How to run it; nil where its threshold is not known yet or its router is missing.
    func method(seed: Int, routers: [String: RouterShelf.Entry]) -> CellMethod? {
        let bits = UInt64(bitPattern: Int64(seed))
        switch choice {
        case .slm: return .routed(.slm)
        case .llm: return .routed(.llm)
        case .disagree: return .routed(.disagree)
        case .queryOracle: return .queryOracle
        case .random(let ratio):
            return .routed(.scored(RandomDraw(seed: bits), threshold: Float(ratio)))
        case .queryRandom(let ratio):
            return .routed(.whole(QueryDraw(seed: bits), threshold: Float(ratio)))
        case .speculative(let draft): return .routed(.speculative(draft: draft))
        case .bild(let fallback, let rollback):
            return .routed(.bigLittle(fallback: Float(fallback), rollback: Float(rollback)))
        case .maxProb, .entropy, .margin, .query, .cascade, .coLLM, .citer, .r2r:
            guard let function = scoreFunction(routers), case .value(let value)? = threshold
            else { return nil }
            switch choice {
            case .query: return .routed(.whole(function, threshold: Float(value)))
            case .cascade: return .cascade(function, threshold: Float(value))
            default:
                let flips = flip.map { Flips(rate: Float($0), seed: bits) }
                return .routed(.scored(function, threshold: Float(value), flips: flips))
            }
        }
    }
}
