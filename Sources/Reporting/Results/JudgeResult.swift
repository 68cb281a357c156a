import ResultsStore
import Routing

/// What a judge learned from, and what its thresholds do on questions that it did not learn from (docs/method.md, 2.10).
struct JudgeResult {
    /// What a threshold does that refuses a share of the harmful tokens.
    struct Point {
        /// Of the tokens that L would not have written, harmful or not, the share that stays.
        let staying: Double
        /// Of those that the judge need not refuse, the share that stays; nil without any.
        let harmlessStaying: Double?
        /// Of those refused, the share that is harmful.
        let precision: Double
    }

    /// The shares of harmful tokens that are refused.
    static let recalls = [0.9, 0.95, 0.99]

    let router: RouterLabels
    let questions: Int
    /// By what became of the answer: right and then wrong, wrong and then right, neither.
    let harmful: Int
    let helpful: Int
    let neutral: Int
    /// The share of changes after which the answer is L's own.
    let same: Double?
    /// Labels held out, and those among them that the judge is to refuse.
    let held: Int
    let heldHarmful: Int
    /// One for each of `recalls`; nil where too few tokens are harmful to tell.
    let points: [Point?]

    /// Of the judges that were trained here.
    static func all(_ data: ReportData) -> [JudgeResult] {
        data.routerLabels.filter { $0.kind == Router.judgeKind }.map(JudgeResult.init)
    }

    private init(_ router: RouterLabels) {
        let labels = router.labels
        func count(_ before: Bool, _ after: Bool) -> Int {
            labels.count { $0.llmRight == before && $0.slmRight == after }
        }
        let known = labels.compactMap(\.isSame)
        let held = labels.filter(\.isHeldOut)
        let lost = held.filter { $0.label < 0.5 }.map(\.score).sorted()
        self.router = router
        questions = Set(labels.map(\.question)).count
        harmful = count(true, false)
        helpful = count(false, true)
        neutral = labels.count { $0.llmRight == $0.slmRight }
        same = known.isEmpty ? nil : Double(known.count { $0 }) / Double(known.count)
        self.held = held.count
        heldHarmful = lost.count
        points = Self.recalls.map { recall in
            guard let threshold = Router.threshold(recall: recall, of: lost) else { return nil }
            let refused = held.filter { $0.score >= threshold }
            let right = refused.count { $0.label < 0.5 }
            let harmless = held.count - lost.count
            let spared = harmless - (refused.count - right)
            return Point(
                staying: 1 - Double(refused.count) / Double(held.count),
                harmlessStaying: harmless > 0 ? Double(spared) / Double(harmless) : nil,
                precision: Double(right) / Double(refused.count))
        }
    }
}
