package import Inference

/// What a model's passes cost: the constants of its shape.
package struct ModelCosts: Sendable, Equatable {
    package let bodyParameters: Int
    package let outputParameters: Int
    package let attentionPerPosition: Int
    package let weightBytes: Int
    package let kvBytesPerToken: Int

    package init(
        bodyParameters: Int, outputParameters: Int, attentionPerPosition: Int, weightBytes: Int,
        kvBytesPerToken: Int
    ) {
        self.bodyParameters = bodyParameters
        self.outputParameters = outputParameters
        self.attentionPerPosition = attentionPerPosition
        self.weightBytes = weightBytes
        self.kvBytesPerToken = kvBytesPerToken
    }

    /// A pass that reads tokens `from ..< to` of a text and computes the next one's distribution.
    package func pass(from: Int, to: Int) -> (flops: Int, bytes: Int) {
        let tokens = to - from
        // Token i attends to i + 1 positions.
        let positions = (to * (to + 1) - from * (from + 1)) / 2
        let flops =
            2 * bodyParameters * tokens + attentionPerPosition * positions + 2 * outputParameters
        return (flops, weightBytes + kvBytesPerToken * (from + tokens))
    }
}

extension ModelCosts {
    /// - Parameter weightBytes: what a pass reads of the weights.
    package init(_ config: ModelConfig, weightBytes: Int) {
        self.init(
            bodyParameters: config.bodyParameters,
            outputParameters: config.vocabulary * config.width,
            attentionPerPosition: 4 * config.heads * config.headSize * config.layers,
            weightBytes: weightBytes, kvBytesPerToken: config.kvBytesPerToken)
    }
}
