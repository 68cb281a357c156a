/// What a trained policy's router learns from.
package enum RouterLearning: Sendable, Equatable {
    /// Along references: whether S's token leads to a right answer, when S, or the router of the round before, goes on (docs/method.md, 1.3).
    case preferences
    /// Along references: whether S's token changes the answer, when L goes on (docs/method.md, 2.6).
    case divergence
    /// Along references: how likely both models find their tokens (docs/method.md, 2.5).
    case likelihood
    /// Whether S's whole answer is wrong and L's right, by what S sees before it or in it (docs/method.md, 2.4).
    case outcome
}
