import Hashing
import Routing
import Testing

@testable import Training

/// The optimiser: gradients, what it can learn, and what it keeps.
struct RouterTrainerTests {
    /// Rows of seeded inputs from [-1, 1), each question with `perGroup` of them.
    static func set(
        rows: Int, count: Int, perGroup: Int = 5, label: ([Float]) -> Float
    ) -> TrainingSet {
        var stream = SplitMix64(seed: 11)
        let features = (0..<rows * count).map { _ in 2 * stream.unit() - 1 }
        return TrainingSet(
            features: features, count: count,
            labels: (0..<rows).map { label(Array(features[$0 * count..<($0 + 1) * count])) },
            weights: (0..<rows).map { _ in 0.5 + stream.unit() },
            groups: (0..<rows).map { $0 / perGroup })
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let widths: [Int]
        let normalises: Bool
        let objective: Objective
        var testDescription: String { "\(widths) \(normalises) \(objective)" }
    }

    @Test(arguments: [
        Case(widths: [3, 1], normalises: false, objective: .preference),
        Case(widths: [3, 1], normalises: false, objective: .marginal),
        Case(widths: [3, 5, 1], normalises: false, objective: .preference),
        Case(widths: [3, 6, 3, 1], normalises: true, objective: .preference),
        Case(widths: [3, 6, 3, 1], normalises: true, objective: .marginal),
    ])
    func gradientsAreThoseOfFiniteDifferences(test: Case) {
        var set = Self.set(rows: 12, count: 3) { $0[0] > 0.2 ? 1 : 0 }
        set.slmProbabilities = (0..<12).map { 0.05 + Float($0) / 20 }
        set.llmProbabilities = (0..<12).map { 0.9 - Float($0) / 30 }
        let rows = Array(0..<12)
        let loss = Loss(objective: test.objective, set: set, positiveWeight: 3)
        var stream = SplitMix64(seed: 5)
        var network = Network(
            widths: test.widths, normalisesFirst: test.normalises, dropout: 0, stream: &stream)
        func value(_ network: Network) -> Float {
            var (copy, tape) = (network, Network.Tape())
            return loss.value(
                copy.logits(set.features, stream: &stream, tape: &tape), rows: rows
            ).loss
        }
        var tape = Network.Tape()
        let logits = network.logits(set.features, stream: &stream, tape: &tape)
        let gradients = network.gradients(loss.value(logits, rows: rows).slopes, tape)
        let step: Float = 1e-3
        for index in network.parameters.indices {
            var (up, down) = (network, network)
            up.parameters[index] += step
            down.parameters[index] -= step
            let slope = (value(up) - value(down)) / (2 * step)
            #expect(
                abs(slope - gradients[index]) < 3e-3 + 0.03 * abs(slope),
                "parameter \(index): \(gradients[index]), by differences \(slope)")
        }
    }

    @Test func aLinearRouterFindsALine() throws {
        let set = Self.set(rows: 600, count: 3) { 2 * $0[0] - $0[1] > 0.1 ? 1 : 0 }
        var options = TrainingOptions(architecture: .linear)
        options.learningRate = 0.03
        let fit = try RouterTrainer.fit(set, objective: .preference, options: options)
        #expect(fit.accuracy > 0.95 && fit.auc > 0.99)
        let weights = fit.layers[0].weights
        #expect(abs(weights[0] / weights[1] + 2) < 0.3)
        #expect(abs(weights[2]) < 0.2 * abs(weights[0]))
    }

    @Test(arguments: [RouterArchitecture.mlpSmall, .mlp])
    func networksLearnWhatNoLineCan(architecture: RouterArchitecture) throws {
        // Two inputs of six matter; the paper's shape then has twelve and six units, enough for any start.
        let set = Self.set(rows: 1200, count: 6) { ($0[0] > 0) == ($0[1] > 0) ? 1 : 0 }
        var options = TrainingOptions(architecture: architecture)
        options.learningRate = 0.02
        options.batch = 32
        options.epochs = 60
        options.patience = 60
        let fit = try RouterTrainer.fit(set, objective: .preference, options: options)
        #expect(fit.auc > 0.95, "\(fit.auc)")
        let line = try RouterTrainer.fit(
            set, objective: .preference, options: TrainingOptions(architecture: .linear))
        #expect(line.auc < 0.7)
    }

    @Test func theBestWeightsAreKeptNotTheLast() throws {
        // Labels without any sense: training long makes the validation loss worse.
        var noise = SplitMix64(seed: 2)
        let set = Self.set(rows: 120, count: 8) { _ in noise.next() % 2 == 0 ? 1 : 0 }
        var options = TrainingOptions(architecture: .mlpSmall)
        options.learningRate = 0.02
        options.epochs = 30
        options.patience = 30
        let long = try RouterTrainer.fit(set, objective: .preference, options: options)
        #expect(long.epochs == 30 && long.bestEpoch < 30)
        // Stopping right at the best epoch gives the same weights.
        options.epochs = long.bestEpoch
        let short = try RouterTrainer.fit(set, objective: .preference, options: options)
        #expect(short.layers == long.layers)
        #expect(short.validationLoss == long.validationLoss)
        options.epochs = 30
        options.patience = 2
        let early = try RouterTrainer.fit(set, objective: .preference, options: options)
        #expect(early.epochs < 30)
    }

    @Test func equalSeedsGiveEqualBytes() throws {
        let set = Self.set(rows: 200, count: 3) { $0[0] * $0[1] > 0 ? 1 : 0 }
        for architecture in RouterArchitecture.allCases {
            var options = TrainingOptions(architecture: architecture)
            options.epochs = 4
            let a = try RouterTrainer.fit(set, objective: .preference, options: options)
            let b = try RouterTrainer.fit(set, objective: .preference, options: options)
            #expect(a.layers == b.layers && a.temperature == b.temperature)
            options.seed = 1
            let c = try RouterTrainer.fit(set, objective: .preference, options: options)
            #expect(a.layers != c.layers)
        }
    }

    @Test func theMarginalObjectiveFindsWhereLIsLikelier() throws {
        var set = Self.set(rows: 600, count: 2) { _ in 0 }
        set.slmProbabilities = (0..<600).map { set.features[2 * $0] > 0 ? 0.1 : 0.9 }
        set.llmProbabilities = (0..<600).map { set.features[2 * $0] > 0 ? 0.8 : 0.5 }
        var options = TrainingOptions(architecture: .linear)
        options.learningRate = 0.05
        let fit = try RouterTrainer.fit(set, objective: .marginal, options: options)
        let weights = fit.layers[0].weights
        #expect(weights[0] > 3 * abs(weights[1]))
    }

    @Test func questionsAreNotDividedBetweenTheParts() {
        let set = Self.set(rows: 90, count: 1, perGroup: 7) { _ in 1 }
        let parts = set.split(validation: 0.2, seed: 4)
        #expect(Set(parts.training + parts.validation) == Set(0..<90))
        let (a, b) = (
            parts.training.map { set.groups[$0] }, parts.validation.map { set.groups[$0] }
        )
        #expect(Set(a).isDisjoint(with: b) && !a.isEmpty && !b.isEmpty)
        #expect(set.split(validation: 0.2, seed: 5).validation != parts.validation)
    }

    @Test func oneQuestionIsNotEnough() {
        let set = Self.set(rows: 5, count: 1) { _ in 1 }
        #expect(throws: TrainingError.tooFewQuestions(1)) {
            try RouterTrainer.fit(
                set, objective: .preference, options: TrainingOptions(architecture: .linear))
        }
    }

    @Test func theAreaCountsPairs() {
        // Of six pairs four are in order and one is tied.
        let area = RouterTrainer.areaUnderROC(
            [0.1, 0.4, 0.4, 0.8, 0.3], [0, 0, 1, 1, 1], [1, 1, 1, 1, 1])
        #expect(area == Float(4.5 / 6))
        #expect(RouterTrainer.areaUnderROC([1, 2], [1, 1], [1, 1]).isNaN)
    }
}
