package import Inference
package import Routing

extension Signals {
    /// What S's reading of a prefix shows of the answer's token at `position`.
    ///
    /// - Parameters:
    ///   - previous: the token before; nil for a view of a whole question.
    ///   - promptMean: of S's hidden states over the prompt, shape (width), where it is wanted.
    package init(
        _ reading: Reading, of question: String, at position: Int, after previous: Int32? = nil,
        promptMean: [Float] = []
    ) {
        self.init(
            question: question, position: position, logProbability: reading.logProbability,
            secondLogProbability: reading.secondLogProbability, entropy: reading.entropy,
            tokens: previous.map {
                Tokens(first: reading.argmax, second: reading.second, previous: $0)
            }, hidden: reading.hidden, layers: reading.layers, top: reading.top,
            promptMean: promptMean)
    }
}
