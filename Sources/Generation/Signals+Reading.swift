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

extension JudgedPlace {
    /// What both models' readings of a prefix show of S's token after it, that of the answer at `position`.
    ///
    /// - Parameters:
    ///   - previous: the prefix's last token.
    ///   - logProbability: what L gives S's token.
    package init(
        at position: Int, after previous: Int32, slm: Reading, llm: Reading,
        logProbability: Float
    ) {
        self.init(
            position: position, draft: slm.argmax, favourite: llm.argmax, previous: previous,
            logProbability: logProbability, favouriteLogProbability: llm.logProbability,
            llmEntropy: llm.entropy, slmEntropy: slm.entropy,
            slmLogProbability: slm.logProbability,
            slmSecondLogProbability: slm.secondLogProbability, kl: llm.divergence?.kl,
            js: llm.divergence?.js)
    }
}
