/// A head's probability that a draft costs the answer, by what is known after L's pass (docs/method.md, 2.9 and 2.10).
package struct JudgeScore: Equatable, Sendable {
    /// The SHA-256 of the head's file: it decides every score, so that equal ones are equal heads.
    package let sha256: String
    /// What readings must show: of S after the draft, of L before and after it.
    package let needs: Pair<SignalNeeds>
    private let function: @Sendable (JudgedPlace) -> Float

    /// A head of any kind. `function` must be pure.
    package init(
        sha256: String, needs: Pair<SignalNeeds>,
        function: @escaping @Sendable (JudgedPlace) -> Float
    ) {
        self.sha256 = sha256
        self.needs = needs
        self.function = function
    }

    /// A trained head; `classes` holds every token's class if `token` is among its inputs.
    package init(_ router: Router, sha256: String, classes: [TokenClass]) {
        self.init(sha256: sha256, needs: router.features.draftNeeds) { place in
            router.score(router.features.vector(of: place, classes: classes))
        }
    }

    /// 0...1.
    package func score(_ place: JudgedPlace) -> Float { function(place) }

    /// Equal if they come from the same file.
    package static func == (a: JudgeScore, b: JudgeScore) -> Bool { a.sha256 == b.sha256 }
}

extension Router {
    /// The kind of a router that judges drafts; no policy's name.
    package static let judgeKind = "judge"

    /// Whether it judges drafts after L's pass, rather than deciding before a token.
    package var isJudge: Bool { kind == Self.judgeKind }

    /// Below which score a judge lets drafts stay, so that at least a share `recall` of the harmful tokens of its validation questions does not.
    ///
    /// A judge's `quantiles` are the scores of those tokens, rising. The share that may be lost must be one of them at least: where it is less, their number
    /// cannot tell.
    package func threshold(recall: Double) throws(JudgeError) -> Float {
        guard isJudge else { throw .notAJudge(kind: kind) }
        guard recall > 0, recall < 1 else { throw .recall(recall) }
        guard let threshold = Self.threshold(recall: recall, of: quantiles) else {
            throw .tooFewHarmful(
                recall: recall, found: quantiles.count, needed: Self.needed(for: recall))
        }
        return threshold
    }

    /// The largest of some rising scores that at least a share `recall` of them reaches; nil where they are too few to tell.
    package static func threshold<Score>(recall: Double, of scores: [Score]) -> Score? {
        guard scores.count >= needed(for: recall) else { return nil }
        let caught = Int((recall * Double(scores.count) - tolerance).rounded(.up))
        return scores[scores.count - max(caught, 1)]
    }

    /// Of how many scores one is the share that may be lost.
    private static func needed(for recall: Double) -> Int {
        let most = 1e9
        return Int(min(1 / (1 - recall) - tolerance, most).rounded(.up))
    }

    /// Binary fractions lie beside the decimal ones that are meant.
    private static var tolerance: Double { 1e-6 }
}
