import Hashing
import Platform
package import Routing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Why nothing could be learned.
package enum TrainingError: ReportableError, Equatable {
    /// Training and validation need a question each.
    case tooFewQuestions(Int)
    /// The loss is no longer a number.
    case diverged(epoch: Int)
    /// There is no library to multiply matrices with.
    case noMatrixProduct(reason: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .tooFewQuestions: true
        case .diverged, .noMatrixProduct: false
        }
    }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .tooFewQuestions(let count):
            "labels of \(count) question(s); at least 2 are needed, one of them to validate on"
        case .diverged(let epoch):
            "the loss is not a number after epoch \(epoch); are all inputs finite?"
        case .noMatrixProduct(let reason): reason
        }
    }
}

/// Minimises a router's loss: mini-batches of AdamW, split by question, stopped early on the validation loss with the best weights kept.
///
/// Deterministic: one thread, seeded draws; equal sets and options give equal bytes on one kind of processor.
package enum RouterTrainer {
    /// Throws if this machine lacks what training needs; to be asked before hours of labelling.
    package static func checkLibraries() throws(TrainingError) {
        if let reason = MatrixProduct.absence { throw .noMatrixProduct(reason: reason) }
    }

    /// Trains a router.
    /// - Parameter initial: layers to start from, of the same shape; nil: fresh ones.
    package static func fit(
        _ set: TrainingSet, objective: Objective, options: TrainingOptions,
        initial: [RouterLayer]? = nil
    ) throws(TrainingError) -> Fit {
        let questions = Set(set.groups).count
        guard questions >= 2 else { throw .tooFewQuestions(questions) }
        try checkLibraries()
        let parts = set.split(validation: options.validation, seed: options.seed)
        let inputs = Inputs(set, training: parts.training)
        let loss = Loss(objective: objective, set: set, positiveWeight: options.positiveWeight)
        var stream = SplitMix64(seed: options.seed &+ 1)
        var network = network(set.count, options, &stream)
        if let initial { network.load(initial) }
        let held = inputs.rows(parts.validation)
        var adam = AdamW(
            learningRate: options.learningRate, decay: options.weightDecay,
            count: network.parameters.count)
        var best = (network: network, loss: Float.infinity, epoch: 0)
        var (epoch, flops) = (0, 0.0)
        while epoch < options.epochs, epoch - best.epoch < options.patience || best.epoch == 0 {
            epoch += 1
            var order = parts.training
            stream.shuffle(&order)
            for start in stride(from: 0, to: order.count, by: options.batch) {
                let rows = Array(order[start..<min(start + options.batch, order.count)])
                // Statistics of a single row would be no statistics.
                if rows.count == 1 && options.architecture == .mlp { continue }
                var tape = Network.Tape()
                let logits = network.logits(inputs.rows(rows), stream: &stream, tape: &tape)
                let gradients = network.gradients(loss.value(logits, rows: rows).slopes, tape)
                adam.update(
                    &network.parameters, gradients, decayed: network.layers.map(\.weights))
                flops += network.flopsPerRow * Double(rows.count)
            }
            let now = loss.value(network.logits(held), rows: parts.validation).loss
            guard now.isFinite else { throw .diverged(epoch: epoch) }
            // A value: the copy stays as it is while training goes on.
            if now < best.loss { best = (network, now, epoch) }
        }
        return result(best, epoch, flops, inputs, parts, loss)
    }

    private static func network(
        _ count: Int, _ options: TrainingOptions, _ stream: inout SplitMix64
    ) -> Network {
        switch options.architecture {
        case .linear:
            Network(widths: [count, 1], normalisesFirst: false, dropout: 0, stream: &stream)
        case .mlpSmall:
            Network(
                widths: [count, options.hidden, 1], normalisesFirst: false, dropout: 0,
                stream: &stream)
        case .mlp:
            Network(
                widths: [count, 2 * count, count, 1], normalisesFirst: true,
                dropout: options.dropout, stream: &stream)
        }
    }

    private static func result(
        _ best: (network: Network, loss: Float, epoch: Int), _ epochs: Int, _ flops: Double,
        _ inputs: Inputs, _ parts: (training: [Int], validation: [Int]), _ loss: Loss
    ) -> Fit {
        let held = best.network.logits(inputs.rows(parts.validation))
        let learned = best.network.logits(inputs.rows(parts.training))
        let labels = parts.validation.map { loss.set.labels[$0] }
        let weights = parts.validation.map { loss.set.weights[$0] }
        let right = zip(held, labels).map { ($0 > 0) == ($1 > 0.5) }
        let all = weights.reduce(0, +)
        let rightWeight = zip(right, weights).reduce(Float(0)) { $0 + ($1.0 ? $1.1 : 0) }
        let trainingWeight = parts.training.reduce(Float(0)) { $0 + loss.set.weights[$1] }
        let positive = parts.training.reduce(Float(0)) {
            $0 + (loss.set.labels[$1] > 0.5 ? loss.set.weights[$1] : 0)
        }
        var temperature: Float = 1
        if case .preference = loss.objective {
            temperature = calibrated(held, parts.validation, loss)
        }
        return Fit(
            layers: best.network.folded(), mean: inputs.mean, scale: inputs.scale,
            temperature: temperature, epochs: epochs, bestEpoch: best.epoch,
            trainingLoss: loss.value(learned, rows: parts.training).loss,
            validationLoss: best.loss, accuracy: rightWeight / all,
            auc: areaUnderROC(held, labels, weights), positiveShare: positive / trainingWeight,
            flops: flops)
    }

    /// The temperature of least validation loss, by golden-section search over its logarithm (Guo et al. 2017, 4.2).
    private static func calibrated(_ logits: [Float], _ rows: [Int], _ loss: Loss) -> Float {
        func value(_ logarithm: Float) -> Float {
            loss.value(logits.map { $0 / exp(logarithm) }, rows: rows).loss
        }
        let ratio: Float = 0.618034
        var (low, high): (Float, Float) = (-2, 2)
        for _ in 0..<30 {
            let (a, b) = (high - ratio * (high - low), low + ratio * (high - low))
            if value(a) < value(b) { high = b } else { low = a }
        }
        return exp((low + high) / 2)
    }

    /// The weighted share of pairs of a positive and a negative row in which the positive one scores higher; ties count half.
    static func areaUnderROC(_ scores: [Float], _ labels: [Float], _ weights: [Float]) -> Float {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var (area, negatives, positives) = (0.0, 0.0, 0.0)
        var index = 0
        while index < order.count {
            var (tiedPositive, tiedNegative) = (0.0, 0.0)
            let score = scores[order[index]]
            while index < order.count, scores[order[index]] == score {
                let weight = Double(weights[order[index]])
                if labels[order[index]] > 0.5 {
                    tiedPositive += weight
                } else {
                    tiedNegative += weight
                }
                index += 1
            }
            area += tiedPositive * (negatives + tiedNegative / 2)
            negatives += tiedNegative
            positives += tiedPositive
        }
        return positives > 0 && negatives > 0 ? Float(area / (positives * negatives)) : .nan
    }
}

/// The set's inputs, normalised by the training rows' statistics.
private struct Inputs {
    let mean: [Float]
    let scale: [Float]
    private let values: [Float]
    private let count: Int

    init(_ set: TrainingSet, training: [Int]) {
        let count = set.count
        var sums = [Double](repeating: 0, count: count)
        var squares = sums
        for row in training {
            for place in 0..<count { sums[place] += Double(set.features[row * count + place]) }
        }
        let means = sums.map { $0 / Double(training.count) }
        for row in training {
            for place in 0..<count {
                let difference = Double(set.features[row * count + place]) - means[place]
                squares[place] += difference * difference
            }
        }
        let scales = squares.map { square -> Float in
            let deviation = (square / Double(training.count)).squareRoot()
            // An input that never changes tells nothing.
            return deviation > 1e-6 ? Float(1 / deviation) : 0
        }
        let meanValues = means.map { Float($0) }
        values = set.features.indices.map {
            (set.features[$0] - meanValues[$0 % count]) * scales[$0 % count]
        }
        mean = meanValues
        scale = scales
        self.count = count
    }

    /// Shape (rows, count).
    func rows(_ rows: [Int]) -> [Float] {
        var chosen: [Float] = []
        chosen.reserveCapacity(rows.count * count)
        for row in rows { chosen += values[row * count..<(row + 1) * count] }
        return chosen
    }
}
