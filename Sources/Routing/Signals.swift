import CKernels

/// What a policy may look at before a token is chosen: the small model's view of one step.
package struct Signals: Equatable, Codable, Sendable {
    /// Names the question in keyed draws; the data set's own id.
    package let question: String
    /// Of the token to be chosen; 0 is the first generated one.
    package let position: Int
    /// Natural logarithms of the two largest next-token probabilities.
    package let logProbability: Float
    /// The second's.
    package let secondLogProbability: Float
    /// Of the next-token distribution, in nats.
    package let entropy: Float
    /// The two likeliest next tokens, and the one before; nil for a view of a whole question.
    package private(set) var tokens: Tokens?
    /// h_t of docs/method.md, shape (width); empty unless a score function needs it.
    package let hidden: [Float]
    /// The residual stream after so many layers, each of shape (width); empty unless a score function needs it.
    package private(set) var layers: [Int: [Float]] = [:]
    /// Natural logarithms of the largest next-token probabilities, falling; empty unless a score function needs them.
    package private(set) var top: [Float] = []
    /// The mean of the hidden states over the prompt's tokens, shape (width); empty unless a score function needs it, which only the
    /// answer's first token can satisfy.
    package let promptMean: [Float]

    /// Tokens around a step, as ids of the pair's vocabulary.
    package struct Tokens: Equatable, Sendable {
        /// S's first choice.
        package let first: Int32
        /// S's second choice.
        package let second: Int32
        /// The last one written, or the prompt's last.
        package let previous: Int32

        /// Three ids.
        package init(first: Int32, second: Int32, previous: Int32) {
            self.first = first
            self.second = second
            self.previous = previous
        }
    }

    // Tokens, middle layers and top probabilities are not kept with views of whole questions, whose routers see none of them.
    private enum CodingKeys: String, CodingKey {
        case question, position, logProbability, secondLogProbability, entropy, hidden, promptMean
    }

    /// A step's view.
    package init(
        question: String, position: Int, logProbability: Float, secondLogProbability: Float,
        entropy: Float, tokens: Tokens? = nil, hidden: [Float] = [],
        layers: [Int: [Float]] = [:], top: [Float] = [], promptMean: [Float] = []
    ) {
        self.question = question
        self.position = position
        self.logProbability = logProbability
        self.secondLogProbability = secondLogProbability
        self.entropy = entropy
        self.tokens = tokens
        self.hidden = hidden
        self.layers = layers
        self.top = top
        self.promptMean = promptMean
    }

    /// The largest probability, 0...1.
    package var maxProbability: Float { ck_exp(logProbability) }
    /// The largest probability minus the second, 0...1.
    package var margin: Float { ck_exp(logProbability) - ck_exp(secondLogProbability) }
}
