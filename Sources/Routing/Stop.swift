/// When a stretch of S's tokens ends and L is asked: the first of a policy's two decisions (docs/method.md, 2.8).
package enum Stop: Sendable {
    /// S writes every token.
    case never
    /// L writes every token; S does not run.
    case always
    /// After so many tokens of S.
    case every(Int)
    /// Where the score is on its calling side of the threshold, but for the decisions that are flipped.
    case scored(any ScoreFunction, threshold: Float, flips: Flips? = nil)
    /// One model for the whole answer, chosen by a score of the prompt: S's view of the first token (docs/method.md, 2.4).
    case whole(any ScoreFunction, threshold: Float)
    /// Both models at every step, and L's token is S's where they agree (docs/method.md, 2.7).
    case everywhere

    /// The score that it looks at, if any.
    package var function: (any ScoreFunction)? {
        switch self {
        case .scored(let function, _, _), .whole(let function, _): function
        case .never, .always, .every, .everywhere: nil
        }
    }
}
