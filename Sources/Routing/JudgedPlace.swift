/// What is known of a draft that is not L's favourite, once L has read it and what S drafted behind it (docs/method.md, 2.10).
///
/// p is L's and q S's distribution at its place. Labels and the engine fill it the same way, from readings of the same prefixes.
package struct JudgedPlace: Equatable, Sendable {
    /// The most drafts behind it that are looked at.
    package static let lookahead = 5

    /// Of the draft in the answer, from 0.
    package let position: Int
    /// What S wrote, what L would have written, and the token before both.
    package let draft: Int32
    package let favourite: Int32
    package let previous: Int32
    /// log p of the draft.
    package let logProbability: Float
    /// log p of the favourite.
    package let favouriteLogProbability: Float
    /// Of p, in nats.
    package let llmEntropy: Float
    /// Of q, in nats.
    package let slmEntropy: Float
    /// The logarithms of q's two largest probabilities.
    package let slmLogProbability: Float
    package let slmSecondLogProbability: Float
    /// How far q lies from p, in nats, as in `JudgedDraft`; nil where it is not looked at.
    package var kl: Float?
    package var js: Float?
    /// S's state after the final norm, when it has read the draft, shape (S's width); empty unless it is looked at.
    package var slmHidden: [Float] = []
    /// The same of L, shape (L's width).
    package var llmHidden: [Float] = []
    /// L's residual stream after so many layers, when it has read the draft.
    package var llmLayers: [Int: [Float]] = [:]
    /// Of the drafts behind it, in order, whether each is what L would have written there: as many as there are, `lookahead` at most.
    ///
    /// There are fewer where S's stretch ends sooner, so a judge is told their number, too, and learns from stretches of every length.
    package var agreements: [Bool] = []

    package init(
        position: Int, draft: Int32, favourite: Int32, previous: Int32, logProbability: Float,
        favouriteLogProbability: Float, llmEntropy: Float, slmEntropy: Float,
        slmLogProbability: Float, slmSecondLogProbability: Float, kl: Float? = nil,
        js: Float? = nil, slmHidden: [Float] = [], llmHidden: [Float] = [],
        llmLayers: [Int: [Float]] = [:], agreements: [Bool] = []
    ) {
        self.position = position
        self.draft = draft
        self.favourite = favourite
        self.previous = previous
        self.logProbability = logProbability
        self.favouriteLogProbability = favouriteLogProbability
        self.llmEntropy = llmEntropy
        self.slmEntropy = slmEntropy
        self.slmLogProbability = slmLogProbability
        self.slmSecondLogProbability = slmSecondLogProbability
        self.kl = kl
        self.js = js
        self.slmHidden = slmHidden
        self.llmHidden = llmHidden
        self.llmLayers = llmLayers
        self.agreements = agreements
    }
}
