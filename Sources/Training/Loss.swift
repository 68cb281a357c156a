#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The mean loss of logits over weighted rows, and its derivatives.
struct Loss {
    let objective: Objective
    let set: TrainingSet
    let positiveWeight: Float

    /// Weighted mean loss of `rows`, whose logits are given in that order, and its slope by each logit.
    func value(_ logits: [Float], rows: [Int]) -> (loss: Float, slopes: [Float]) {
        var sum = 0.0
        var total = 0.0
        var slopes: [Float] = []
        slopes.reserveCapacity(rows.count)
        for (logit, row) in zip(logits, rows) {
            let weight = weight(of: row)
            let (loss, slope) = term(logit, row)
            sum += Double(weight * loss)
            total += Double(weight)
            slopes.append(weight * slope)
        }
        let scale = total > 0 ? Float(1 / total) : 0
        return (Float(sum) * scale, slopes.map { $0 * scale })
    }

    /// A row's weight, with that of positive labels.
    func weight(of row: Int) -> Float {
        set.weights[row] * (set.labels[row] > 0.5 ? positiveWeight : 1)
    }

    /// Loss and slope of one row, safe for logits of any size.
    private func term(_ logit: Float, _ row: Int) -> (Float, Float) {
        let large = sigmoid(logit)
        switch objective {
        case .preference:
            // -y log s - (1 - y) log(1 - s) = max(z, 0) - y z + log(1 + exp(-|z|))
            let label = set.labels[row]
            let loss = max(logit, 0) - label * logit + log1p(exp(-abs(logit)))
            return (loss, large - label)
        case .marginal:
            let slm = set.slmProbabilities[row]
            let llm = set.llmProbabilities[row]
            let likelihood = max((1 - large) * slm + large * llm, .leastNormalMagnitude)
            return (-log(likelihood), -(llm - slm) * large * (1 - large) / likelihood)
        }
    }
}

/// 1 / (1 + exp(-x)).
func sigmoid(_ x: Float) -> Float {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
}

/// Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019, algorithm 2).
struct AdamW {
    let learningRate: Float
    let decay: Float
    private var first: [Float]
    private var second: [Float]
    private var step = 0

    private static let betas: (Float, Float) = (0.9, 0.999)

    init(learningRate: Float, decay: Float, count: Int) {
        self.learningRate = learningRate
        self.decay = decay
        first = [Float](repeating: 0, count: count)
        second = first
    }

    /// One step; only parameters in `decayed` shrink.
    mutating func update(_ parameters: inout [Float], _ gradients: [Float], decayed: [Range<Int>]) {
        step += 1
        let (beta1, beta2) = Self.betas
        let correction1 = 1 - pow(beta1, Float(step))
        let correction2 = 1 - pow(beta2, Float(step))
        for range in decayed {
            for index in range { parameters[index] -= learningRate * decay * parameters[index] }
        }
        for index in parameters.indices {
            let gradient = gradients[index]
            first[index] += (1 - beta1) * (gradient - first[index])
            second[index] += (1 - beta2) * (gradient * gradient - second[index])
            let root = (second[index] / correction2).squareRoot()
            parameters[index] -= learningRate * (first[index] / correction1) / (root + 1e-8)
        }
    }
}
