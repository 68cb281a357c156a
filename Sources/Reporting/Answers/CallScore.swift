import ResultsStore
import Routing

/// What a cell holds its scores against: the large model is called where a score lies beyond the threshold.
struct CallScore: Equatable {
    /// What the score is called, such as `margin`.
    let name: String
    /// The side of the threshold on which the large model is called.
    let calls: CallSide
    let threshold: Double

    /// Scores are stored to the nearest millionth, so one may be off by half of that, and by what arithmetic adds.
    static let slack = 0.51e-6

    /// Nil for a cell without a score, or whose threshold is stored nowhere.
    init?(of cell: CellRow) {
        guard let policy = cell.policy else {
            guard let side = cell.record.calls.flatMap(CallSide.init(named:)),
                let threshold = cell.record.threshold
            else { return nil }
            (name, calls, self.threshold) = (cell.record.policy, side, threshold)
            return
        }
        let found: (name: String, calls: CallSide, threshold: Double?)? =
            switch policy.decision {
            case .fixed: nil
            case .draw(_, let below): ("draw", .below, cell.numbers[below])
            case .score(let function): (function.name, function.calls, nil)
            case .router(let side, _): (policy.name, side, nil)
            case .drafts(let make):
                if case .scored(let function, let threshold, _) = make(cell.numbers).stop {
                    // The shortest text that reads back the same: 0.6, not 0.60000002.
                    (function.name, function.calls, Double("\(threshold)"))
                } else {
                    nil
                }
            }
        guard let found, let threshold = cell.record.threshold ?? found.threshold else {
            return nil
        }
        (name, calls, self.threshold) = (found.name, found.calls, threshold)
    }

    /// How far a score lies from a call, on its own scale; 0 at the threshold, where the small model writes, and less where the large one is called.
    func distance(of score: Double) -> Double {
        let distance = calls == .below ? score - threshold : threshold - score
        return abs(distance) < Self.slack ? 0 : distance
    }
}

/// How near scores were to a call: the one meaning that shading has.
///
/// Scores of different policies have different scales, and most of them lie far from any threshold: a probability of
/// 0.9999 is as common as one of 0.9 is rare. So a step of shade is a share of the cell's own decisions against a call, the nearest
/// ones; it means the same whatever the score is.
struct CallNearness {
    /// The nearest of all scores that asked for no call, as shares of them; a step of shade each.
    static let shares = [0.5, 0.25, 0.1, 0.02]
    /// The step of a score that asked for a call.
    static let called = shares.count + 1

    let score: CallScore
    /// The largest distance that still belongs to each share; empty where no score asked for no call.
    let cutoffs: [Double]

    /// `scores` are all that the cell's decisions hold, in any order.
    init(_ score: CallScore, scores: some Sequence<Double>) {
        self.score = score
        let distances = scores.map(score.distance).filter { $0 >= 0 }.sorted()
        cutoffs =
            distances.isEmpty
            ? []
            : Self.shares.map { share in
                let count = (share * Double(distances.count)).rounded(.up)
                return distances[max(0, Int(count) - 1)]
            }
    }

    /// Nil for a cell without a score.
    init?(_ reader: ResultsReader, _ cell: CellRow) throws(StoreError) {
        guard let score = CallScore(of: cell) else { return nil }
        let millionths = try reader.scoreMillionths(of: cell.id)
        self.init(score, scores: millionths.lazy.map { Double($0) / 1e6 })
    }

    /// From 0, the farther half of those that asked for no call, to `called`.
    func step(of score: Double) -> Int {
        let distance = self.score.distance(of: score)
        if distance < 0 { return Self.called }
        return cutoffs.count { distance <= $0 + CallScore.slack }
    }
}

extension CallSide {
    /// The side as the database names it.
    fileprivate init?(named name: String) {
        switch name {
        case "below": self = .below
        case "above": self = .above
        default: return nil
        }
    }
}

extension CellRow {
    /// The numbers of its setting: those of `fallback=0.5,rollback=2.5`.
    fileprivate var numbers: [String: Double] {
        let pairs = (record.setting ?? "").split(separator: ",").compactMap { part in
            let words = part.split(separator: "=", maxSplits: 1)
            return words.count == 2
                ? Double(words[1]).map { (String(words[0]), $0) } : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }
}
