import Hashing
package import Routing

/// What a router learns from: a row for each labelled token.
package struct TrainingSet: Sendable {
    /// Inputs, shape (rows, count).
    package let features: [Float]
    /// Inputs of one row.
    package let count: Int
    /// What the sigmoid of the logit should be, 0...1.
    package let labels: [Float]
    /// How many tokens each row stands for.
    package let weights: [Float]
    /// The question of each row: a question's rows are never divided between training and validation.
    package let groups: [Int]
    /// P_S and P_L of each row's reference token, for the marginal objective; else empty.
    package var slmProbabilities: [Float] = []
    /// See `slmProbabilities`.
    package var llmProbabilities: [Float] = []

    /// Rows of `count` inputs each.
    package init(
        features: [Float], count: Int, labels: [Float], weights: [Float], groups: [Int]
    ) {
        precondition(count > 0 && features.count == labels.count * count, "rows of one length")
        precondition(weights.count == labels.count && groups.count == labels.count, "one a row")
        self.features = features
        self.count = count
        self.labels = labels
        self.weights = weights
        self.groups = groups
    }

    var rows: Int { labels.count }

    /// Rows of training and of validation questions, each in order: about `share` of the questions, drawn with a seed, and at least one if there are
    /// two.
    package func split(
        validation share: Double, seed: UInt64
    ) -> (training: [Int], validation: [Int]) {
        var order = Set(groups).sorted()
        var stream = SplitMix64(seed: seed)
        stream.shuffle(&order)
        let count = min(max(Int(Double(order.count) * share), 1), order.count - 1)
        let held = Set(order.prefix(max(count, 0)))
        return (
            labels.indices.filter { !held.contains(groups[$0]) },
            labels.indices.filter { held.contains(groups[$0]) }
        )
    }
}

/// What is minimised.
package enum Objective: Sendable {
    /// Binary cross-entropy of the preference (docs/method.md, 1.3).
    case preference
    /// Minus the log marginal likelihood of the reference (docs/method.md, 2.5): the sigmoid is P(L writes).
    case marginal
}

/// How a router is trained. All of it decides the result.
package struct TrainingOptions: Equatable, Sendable {
    /// The router's shape.
    package var architecture: RouterArchitecture
    /// Width of the hidden layer of `mlp-small`.
    package var hidden = 64
    /// The most passes over the training rows.
    package var epochs = 100
    /// Rows of a step.
    package var batch = 256
    /// AdamW's step size; 1e-3, for `linear` 1e-2.
    package var learningRate: Float
    /// AdamW's decoupled decay of weights a step, times the step size.
    package var weightDecay: Float = 1e-2
    /// Epochs without a better validation loss before training stops.
    package var patience = 5
    /// Share of the questions held out.
    package var validation = 0.15
    /// Share of hidden units dropped in a step; `mlp` alone.
    package var dropout: Float = 0.1
    /// Weight of rows whose label is above one half.
    package var positiveWeight: Float = 1
    /// Of the split, the start, the order and the dropout.
    package var seed: UInt64 = 0

    /// The defaults for a shape.
    package init(architecture: RouterArchitecture) {
        self.architecture = architecture
        learningRate = architecture == .linear ? 1e-2 : 1e-3
    }
}

/// A trained network and how it came about.
package struct Fit: Sendable {
    /// The layers, with any normalisation folded in.
    package var layers: [RouterLayer]
    /// Of the inputs on the training rows: x' = (x - mean) * scale.
    package var mean: [Float]
    /// See `mean`.
    package var scale: [Float]
    /// What the logit is divided by to be calibrated on the validation rows.
    package var temperature: Float
    /// Passes made.
    package var epochs: Int
    /// The pass whose weights were kept.
    package var bestEpoch: Int
    /// Mean loss of the kept weights on the training rows.
    package var trainingLoss: Float
    /// Mean loss of the kept weights on the validation rows.
    package var validationLoss: Float
    /// Weighted share of validation labels on the right side of one half.
    package var accuracy: Float
    /// Area under the ROC curve on the validation rows; NaN if they are all of one kind.
    package var auc: Float
    /// Weighted share of positive training labels.
    package var positiveShare: Float
    /// Floating-point operations of the optimisation.
    package var flops: Double
}
