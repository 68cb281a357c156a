import Foundation
import Routing

/// From labels to a router.
struct RouterFitting {
    let plan: RouterPlan
    /// SHA-256 of both models' files.
    let hashes: Pair<String>
    /// Of the questions: data set, its hash, and how many there are.
    let data: TrainedOn
    /// Where the input `middle` is taken.
    let layer: Int?
    /// Every token's class, if the router sees tokens.
    let classes: [TokenClass]

    /// Weight of a weak label for L when Co-LLM's head is initialised (docs/method.md, 2.5).
    private static let weakWeight: Float = 8

    /// The router, how its training went, and which labels it did not learn from.
    func fit(_ labels: [TokenLabel]) throws -> (Router, Fit, heldOut: [Bool]) {
        let width = labels.first?.signals.hidden.count ?? 0
        let features = RouterFeatures(inputs: plan.inputs, hiddenWidth: width, layer: layer)
        // CITER's score is P(S is preferred); every other router's grows with the wish for L.
        let callsBelow = plan.policy.calls == .below
        var set = TrainingSet(
            features: labels.flatMap { features.vector(of: $0.signals, classes: classes) },
            count: features.count,
            labels: labels.map { callsBelow ? $0.label : 1 - $0.label },
            weights: labels.map(\.weight), groups: labels.map(\.group))
        var options = TrainingOptions(architecture: plan.architecture)
        options.seed = UInt64(bitPattern: Int64(plan.seed))
        if let step = plan.step { options.learningRate = Float(step) }
        if let decay = plan.decay { options.weightDecay = Float(decay) }
        var fit: Fit
        if plan.learning == .likelihood {
            options.positiveWeight = Self.weakWeight
            let weak = try RouterTrainer.fit(set, objective: .preference, options: options)
            options.positiveWeight = 1
            set.slmProbabilities = labels.map { exp($0.slmReference) }
            set.llmProbabilities = labels.map { exp($0.llmReference) }
            fit = try RouterTrainer.fit(
                set, objective: .marginal, options: options, initial: weak.layers)
        } else {
            fit = try RouterTrainer.fit(set, objective: .preference, options: options)
        }
        let base = try router(fit, features, callsBelow: callsBelow, quantiles: [])
        let scores = labels.map { base.score(features.vector(of: $0.signals, classes: classes)) }
            .sorted()
        let quantiles = (1...99).map { scores[min(scores.count * $0 / 100, scores.count - 1)] }
        let final = try router(fit, features, callsBelow: callsBelow, quantiles: quantiles)
        var heldOut = [Bool](repeating: false, count: labels.count)
        for row in set.split(validation: options.validation, seed: options.seed).validation {
            heldOut[row] = true
        }
        return (final, fit, heldOut)
    }

    private func router(
        _ fit: Fit, _ features: RouterFeatures, callsBelow: Bool, quantiles: [Float]
    ) throws -> Router {
        try Router(
            kind: plan.policy.name, architecture: plan.architecture, features: features,
            slmSha256: hashes.slm, llmSha256: hashes.llm,
            mean: fit.mean, scale: fit.scale, layers: fit.layers, temperature: fit.temperature,
            calls: callsBelow ? .below : .above, quantiles: quantiles,
            provenance: provenance(fit))
    }

    /// How it was trained; nothing that differs from run to run.
    private func provenance(_ fit: Fit) -> [String: String] {
        var said = [
            "reference": plan.reference.rawValue, "rollouts": "\(plan.rollouts)",
            "continuation": plan.continuation.rawValue, "rounds": "\(plan.rounds)",
            "data": data.dataSet, "data_sha256": data.sha256, "split": plan.split,
            "questions": "\(data.questions)", "seed": "\(plan.seed)",
            "epochs": "\(fit.epochs)", "best_epoch": "\(fit.bestEpoch)",
            "training_loss": "\(fit.trainingLoss)", "validation_loss": "\(fit.validationLoss)",
            "validation_auc": "\(fit.auc)", "positive_share": "\(fit.positiveShare)",
        ]
        if let layer, plan.inputs.contains(.middle) { said["layer"] = "\(layer)" }
        if plan.labels == .dual {
            said["labels"] = plan.labels.rawValue
            said["lambda"] = "\(plan.costWeight)"
        }
        if let step = plan.step { said["step"] = "\(step)" }
        if let decay = plan.decay { said["decay"] = "\(decay)" }
        return said
    }
}
