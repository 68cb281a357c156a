import Platform

/// Why a judge cannot be used as asked.
package enum JudgeError: ReportableError, Equatable {
    /// A router that decides before a token.
    case notAJudge(kind: String)
    /// A judge where a router is wanted that decides before a token.
    case isAJudge
    case recall(Double)
    /// So few harmful tokens were held out that the recall is not known.
    case tooFewHarmful(recall: Double, found: Int, needed: Int)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected and what to do.
    package var description: String {
        switch self {
        case .notAJudge(let kind):
            "a router of kind \(kind), which decides before a token; keep rules want one of kind \(Router.judgeKind)"
        case .isAJudge:
            "a router of kind \(Router.judgeKind), which decides after the large model's pass: name it in keep"
        case .recall(let recall):
            "a recall of \(settingText(recall)); expected a number above 0 and below 1"
        case .tooFewHarmful(let recall, let found, let needed):
            "a recall of \(settingText(recall)) is told by at least \(needed) harmful tokens of held-out questions, and this judge has \(found): "
                + "label more questions, or ask for less"
        }
    }
}
