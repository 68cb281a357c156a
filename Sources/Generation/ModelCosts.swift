package import Inference

/// What a model's passes cost: the constants of its shape.
package struct ModelCosts: Sendable, Equatable {
    /// Weights without embedding table and output matrix: B of docs/cost.md.
    package let bodyParameters: Int
    /// Weights of the output matrix: O.
    package let outputParameters: Int
    /// Operations of a token's attention to one position: A.
    package let attentionPerPosition: Int
    /// Bytes of weights that a pass reads: W.
    package let weightBytes: Int
    /// Bytes of a token's keys and values: K.
    package let kvBytesPerToken: Int
    /// The output matrix; all of it is counted above.
    package let output: Output

    /// What a row of the output matrix adds to a pass: a trimmed one has fewer.
    package struct Output: Sendable, Equatable {
        /// All rows of which `weightBytes` count the bytes, padding included.
        package let rows: Int
        /// Bytes of one row in the file.
        package let rowBytes: Int
        /// Weights of one row: the model's width.
        package let rowParameters: Int

        package init(rows: Int, rowBytes: Int, rowParameters: Int) {
            self.rows = rows
            self.rowBytes = rowBytes
            self.rowParameters = rowParameters
        }

        /// Of a model whose output matrix is never trimmed.
        package static let whole = Output(rows: 0, rowBytes: 0, rowParameters: 0)
    }

    package init(
        bodyParameters: Int, outputParameters: Int, attentionPerPosition: Int, weightBytes: Int,
        kvBytesPerToken: Int, output: Output = .whole
    ) {
        self.bodyParameters = bodyParameters
        self.outputParameters = outputParameters
        self.attentionPerPosition = attentionPerPosition
        self.weightBytes = weightBytes
        self.kvBytesPerToken = kvBytesPerToken
        self.output = output
    }

    /// A pass that reads tokens `from ..< to` of a text (docs/cost.md).
    /// - Parameters:
    ///   - from: tokens of the text that the cache holds.
    ///   - to: tokens that it holds afterwards.
    ///   - readings: how many distributions it computes.
    ///   - rows: how many rows of the output matrix they are computed over; nil: all.
    package func pass(
        from: Int, to: Int, readings: Int = 1, rows: Int? = nil
    ) -> (flops: Int, bytes: Int) {
        let tokens = to - from
        // Token i attends to i + 1 positions.
        let positions = (to * (to + 1) - from * (from + 1)) / 2
        let outputs = rows.map { $0 * output.rowParameters } ?? outputParameters
        let saved = rows.map { (output.rows - $0) * output.rowBytes } ?? 0
        let flops =
            2 * bodyParameters * tokens + attentionPerPosition * positions + 2 * outputs * readings
        return (flops, weightBytes - saved + kvBytesPerToken * (from + tokens))
    }
}

extension ModelCosts {
    /// - Parameters:
    ///   - weightBytes: what a pass reads of the weights.
    ///   - outputRowBytes: what it reads of a row of the output matrix.
    package init(_ config: ModelConfig, weightBytes: Int, outputRowBytes: Int) {
        self.init(
            bodyParameters: config.bodyParameters,
            outputParameters: config.vocabulary * config.width,
            attentionPerPosition: 4 * config.heads * config.headSize * config.layers,
            weightBytes: weightBytes, kvBytesPerToken: config.kvBytesPerToken,
            output: Output(
                rows: config.tableRows, rowBytes: outputRowBytes, rowParameters: config.width))
    }
}
