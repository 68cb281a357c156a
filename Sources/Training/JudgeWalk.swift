import Foundation
import Generation
import Routing

/// What S's token did to the answer (docs/method.md, 2.10).
package enum ChangeClass: String, CaseIterable, Sendable {
    /// Right before, wrong after.
    case harmful
    /// Wrong before, right after.
    case helpful
    case neutral

    package init(rightBefore: Bool, rightAfter: Bool) {
        self = rightBefore == rightAfter ? .neutral : rightBefore ? .harmful : .helpful
    }
}

/// A place of a walked answer where S would write something else, and what came of its token.
package struct JudgedChange: Codable, Equatable, Sendable {
    /// Of the answer, from 0.
    package let position: Int
    package let slmToken: Int32
    /// The text's own there.
    package let llmToken: Int32
    package let rightBefore: Bool
    package let rightAfter: Bool
    /// Whether the text came out as L's own answer before, and after.
    package let sameBefore: Bool
    package let sameAfter: Bool
    /// Tokens that L wrote behind S's.
    package let rolloutTokens: Int

    package var changeClass: ChangeClass {
        ChangeClass(rightBefore: rightBefore, rightAfter: rightAfter)
    }
}

/// A walk along L's answer: S's token in the text's place wherever they differ, L's way on from there, and which of both texts is gone on with.
///
/// Knows no model. The text before a place never changes again, so all that was known at a place stands in the text at the end.
struct JudgeWalk {
    let question: TrainingQuestion
    let substitution: JudgePlan.Substitution
    /// The answer as it is by now, the end token included.
    private(set) var text: [Int32]
    private(set) var changes: [JudgedChange] = []
    /// The first place that was not looked at.
    private(set) var next = 0
    /// Measured, of all continuations.
    private(set) var seconds = 0.0
    /// How L's own text came out.
    private let own: String?
    private var isRight: Bool
    private var isSame = true

    /// Along L's own answer.
    init(
        _ question: TrainingQuestion, along own: [Int32], substitution: JudgePlan.Substitution
    ) {
        self.question = question
        self.substitution = substitution
        text = own
        self.own = question.extracted(own)
        isRight = question.isRight(own)
    }

    /// L has gone on from `token` at `position`, the first place where S differs from `next` on. Whether the changed text is the one that is gone on with.
    mutating func change(
        to token: Int32, at position: Int, _ continuation: Continuation
    ) -> Bool {
        let changed = branch(token, at: position) + continuation.tokens
        let (right, same) = (question.isRight(changed), question.extracted(changed) == own)
        let change = JudgedChange(
            position: position, slmToken: token, llmToken: text[position], rightBefore: isRight,
            rightAfter: right, sameBefore: isSame, sameAfter: same,
            rolloutTokens: continuation.tokens.count)
        changes.append(change)
        next = position + 1
        seconds += continuation.seconds
        guard substitution == .sequence, change.changeClass != .harmful else { return false }
        text = changed
        (isRight, isSame) = (right, same)
        return true
    }

    /// Nothing is left to look at.
    mutating func end() { next = text.count }

    /// The text up to a place, with S's token there.
    func branch(_ token: Int32, at position: Int) -> [Int32] {
        text.prefix(position) + [token]
    }
}

/// What L wrote behind a branch, as it is stored. The same text is gone on with in the same way, whatever walk came there.
struct Continuation: Codable {
    /// The end token included.
    let tokens: [Int32]
    /// Its share of the measured time of L's passes.
    let seconds: Double
}
