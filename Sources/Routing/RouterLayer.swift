import CKernels

/// A router's shape. docs/method.md, 1.2 and 1.5.
package enum RouterArchitecture: String, Codable, CaseIterable, Sendable {
    /// One dense layer: a logistic regression.
    case linear
    /// One hidden layer.
    case mlpSmall = "mlp-small"
    /// Two hidden layers, d to 2d to d to 1: the paper's router.
    case mlp

    /// Dense layers in it.
    package var layerCount: Int {
        switch self {
        case .linear: 1
        case .mlpSmall: 2
        case .mlp: 3
        }
    }
}

/// One dense layer. The weights are rounded to half precision when it is made, so that the layer that was validated
/// is the layer that is saved.
package struct RouterLayer: Equatable, Sendable {
    /// Numbers in.
    package let inputs: Int
    /// Numbers out.
    package let outputs: Int
    /// Shape (outputs, inputs), row-major; each is a half-precision number.
    package let weights: [Float]
    /// Shape (outputs), in single precision.
    package let biases: [Float]

    /// Rounds the weights; magnitudes of 65520 and more become infinite, which `Router` refuses.
    package init(inputs: Int, outputs: Int, weights: [Float], biases: [Float]) {
        self.inputs = inputs
        self.outputs = outputs
        self.weights = weights.map { ck_half_to_float(ck_float_to_half($0)) }
        self.biases = biases
    }

    /// weights * x + biases, shape (outputs).
    ///
    /// Product i of a row goes to partial sum i % 16, multiplied and then added; a fixed tree joins the sums. So the
    /// bits depend on the machine in no way.
    func apply(_ x: [Float]) -> [Float] {
        precondition(x.count == inputs, "the layer wants \(inputs) inputs, not \(x.count)")
        let whole = inputs & ~15
        return [Float](unsafeUninitializedCapacity: outputs) { out, filled in
            weights.withUnsafeBytes { weights in
                x.withUnsafeBytes { x in
                    for row in 0..<outputs {
                        let base = row * inputs
                        var sums = SIMD16<Float>.zero
                        for i in stride(from: 0, to: whole, by: 16) {
                            let w = weights.loadUnaligned(
                                fromByteOffset: 4 * (base + i), as: SIMD16<Float>.self)
                            let v = x.loadUnaligned(fromByteOffset: 4 * i, as: SIMD16<Float>.self)
                            sums += w * v
                        }
                        for i in whole..<inputs {
                            let w = weights.loadUnaligned(
                                fromByteOffset: 4 * (base + i), as: Float.self)
                            let v = x.loadUnaligned(fromByteOffset: 4 * i, as: Float.self)
                            sums[i - whole] += w * v
                        }
                        let eight = sums.lowHalf + sums.highHalf
                        let four = eight.lowHalf + eight.highHalf
                        let two = four.lowHalf + four.highHalf
                        out[row] = (two[0] + two[1]) + biases[row]
                    }
                }
            }
            filled = outputs
        }
    }
}
