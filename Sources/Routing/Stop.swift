/// When a stretch of S's tokens ends and L is asked: the first of a policy's two decisions (docs/method.md, 2.8). A stretch may end earlier because it is long
/// (`DraftSource.most`).
package enum Stop: Sendable {
    /// Never because of what S says.
    case never
    /// L writes every token; S does not run.
    case always
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
        case .never, .always, .everywhere: nil
        }
    }

    /// Whether S writes until something tells it to stop, as it goes.
    package var isByToken: Bool {
        switch self {
        case .never, .scored: true
        case .always, .whole, .everywhere: false
        }
    }
}
