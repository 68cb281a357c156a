import Hashing
import Routing

/// A place that a judge learns from, or is tried on.
struct JudgeLabel {
    /// The question's place in the training questions, for the split.
    let group: Int
    let place: JudgedPlace
    /// Whether S's token costs the answer.
    let isHarmful: Bool
}

/// From labels to a judge (docs/method.md, 2.10).
struct JudgeFitting {
    let plan: JudgePlan
    /// SHA-256 of both models' files.
    let hashes: Pair<String>
    let data: TrainedOn
    /// Widths of both models' hidden states.
    let features: RouterFeatures
    /// Every token's class, if the judge sees tokens.
    let classes: [TokenClass]
    /// Names the questions in draws, by group.
    let questions: [String]

    /// What was fitted, with its scores of all labels.
    struct Result {
        let router: Router
        let fit: Fit
        let heldOut: [Bool]
        let scores: [Float]
    }

    func fit(_ labels: [JudgeLabel]) throws -> Result {
        let vectors = labels.map { features.vector(of: shortened($0), classes: classes) }
        let set = TrainingSet(
            features: vectors.flatMap(\.self), count: features.count,
            labels: labels.map { $0.isHarmful ? 1 : 0 },
            weights: labels.map { _ in 1 }, groups: labels.map(\.group))
        var options = TrainingOptions(architecture: plan.architecture)
        options.seed = UInt64(bitPattern: Int64(plan.seed))
        options.validation = plan.validation
        if let step = plan.step { options.learningRate = Float(step) }
        if let decay = plan.decay { options.weightDecay = Float(decay) }
        let fit = try RouterTrainer.fit(set, objective: .preference, options: options)
        let base = try router(fit, quantiles: [], labels)
        let scores = vectors.map(base.score)
        var heldOut = [Bool](repeating: false, count: labels.count)
        for row in set.split(validation: options.validation, seed: options.seed).validation {
            heldOut[row] = true
        }
        let lost = labels.indices.filter { heldOut[$0] && labels[$0].isHarmful }
            .map { scores[$0] }.sorted()
        return Result(
            router: try router(fit, quantiles: Self.thinned(lost), labels), fit: fit,
            heldOut: heldOut, scores: scores)
    }

    /// As many as a router's file holds, at equal distances.
    private static func thinned(_ scores: [Float]) -> [Float] {
        let most = 10_000
        guard scores.count > most else { return scores }
        return (0..<most).map { scores[$0 * scores.count / most] }
    }

    /// The place as a stretch shows it that ends after so many drafts: in use stops fall anywhere, so each length is drawn as often.
    private func shortened(_ label: JudgeLabel) -> JudgedPlace {
        var hash = KeyedHash(seed: UInt64(bitPattern: Int64(plan.seed)))
        hash.mix("stretch")
        hash.mix(questions[label.group])
        hash.mix(UInt64(label.place.position))
        var place = label.place
        let most = Int(hash.value % UInt64(JudgedPlace.lookahead + 1))
        place.agreements = Array(place.agreements.prefix(most))
        return place
    }

    private func router(
        _ fit: Fit, quantiles: [Float], _ labels: [JudgeLabel]
    ) throws -> Router {
        var said = [
            "question": plan.question.rawValue, "substitution": plan.substitution.rawValue,
            "data": data.dataSet, "data_sha256": data.sha256, "split": plan.split,
            "questions": "\(data.questions)", "seed": "\(plan.seed)",
            "validation": "\(plan.validation)", "labels": "\(labels.count)",
            "harmful": "\(labels.count(where: \.isHarmful))",
            "epochs": "\(fit.epochs)", "best_epoch": "\(fit.bestEpoch)",
            "training_loss": "\(fit.trainingLoss)", "validation_loss": "\(fit.validationLoss)",
            "validation_auc": "\(fit.auc)",
        ]
        if let layer = features.llmLayer { said["layer"] = "\(layer)" }
        if let step = plan.step { said["step"] = "\(step)" }
        if let decay = plan.decay { said["decay"] = "\(decay)" }
        return try Router(
            kind: Router.judgeKind, architecture: plan.architecture, features: features,
            slmSha256: hashes.slm, llmSha256: hashes.llm, mean: fit.mean, scale: fit.scale,
            layers: fit.layers, temperature: fit.temperature, calls: .above,
            quantiles: quantiles, provenance: said)
    }
}
