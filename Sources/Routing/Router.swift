import CKernels

/// A trained router: dense layers with ReLU between them, over normalised inputs. docs/method.md, 1.2, 2.4, 2.5, 2.6.
package struct Router: Equatable, Sendable {
    /// What trained it: `citer`, `co-llm`, `r2r` or `query`, the policy's name; or `judge`.
    package let kind: String
    /// Its shape.
    package let architecture: RouterArchitecture
    /// What it looks at.
    package let features: RouterFeatures
    /// SHA-256 of the small model's file, in hexadecimal.
    package let slmSha256: String
    /// SHA-256 of the large model's file, in hexadecimal.
    package let llmSha256: String
    /// Subtracted from the inputs, shape (count).
    package let mean: [Float]
    /// Multiplies the inputs after that, shape (count); 1 for an input that never changed in training.
    package let scale: [Float]
    /// From the inputs to one logit.
    package let layers: [RouterLayer]
    /// Divides the logit before the sigmoid; above 0.
    package let temperature: Float
    /// On which side of a threshold the large model is called.
    package let calls: CallSide
    /// Of the score on the calibration questions, in rising order, at 1 %, 2 %, ... 99 %; may be empty. Of a judge, its scores of the harmful tokens of
    /// the questions that were held out, in rising order.
    package let quantiles: [Float]
    /// Where it comes from: data, options, dates.
    package private(set) var provenance: [String: String]

    /// What decides its scores: the router without its provenance.
    package var withoutProvenance: Router {
        var router = self
        router.provenance = [:]
        return router
    }

    /// The largest number of inputs or outputs of a layer.
    static let widest = 1 << 17
    /// The largest number of quantiles.
    static let mostQuantiles = 10_000
    /// Features up to this magnitude, far beyond what a sound model shows, have a score.
    package static let largestFeature: Float = 1e9

    /// Checks that the parts fit and that every number is finite.
    ///
    /// `calls` follows from the policy that the kind names unless given; above for a kind that names none.
    package init(
        kind: String, architecture: RouterArchitecture, features: RouterFeatures,
        slmSha256: String, llmSha256: String, mean: [Float], scale: [Float],
        layers: [RouterLayer], temperature: Float = 1, calls: CallSide? = nil,
        quantiles: [Float] = [], provenance: [String: String] = [:]
    ) throws(RouterFileError) {
        self.kind = kind
        self.architecture = architecture
        self.features = features
        self.slmSha256 = slmSha256
        self.llmSha256 = llmSha256
        self.mean = mean
        self.scale = scale
        self.layers = layers
        self.temperature = temperature
        self.calls = calls ?? PolicyDefinition.named(kind)?.calls ?? .above
        self.quantiles = quantiles
        self.provenance = provenance
        try Self.checkShapes(
            architecture, features,
            layers.map { RouterShape(inputs: $0.inputs, outputs: $0.outputs) })
        try checkParts()
    }

    /// Before the temperature and the sigmoid. `features` has the shape (count).
    package func logit(_ features: [Float]) -> Float {
        precondition(
            features.count == mean.count,
            "the router wants \(mean.count) features, not \(features.count)")
        var x = features
        for i in x.indices { x[i] = (x[i] - mean[i]) * scale[i] }
        for (index, layer) in layers.enumerated() {
            if index > 0 { for i in x.indices { x[i] = max(x[i], 0) } }
            x = layer.apply(x)
        }
        return x[0]
    }

    /// sigmoid(logit / temperature), 0...1. `features` has the shape (count).
    package func score(_ features: [Float]) -> Float {
        let logit = logit(features) / temperature
        let e = ck_exp(-abs(logit))
        return logit >= 0 ? 1 / (1 + e) : e / (1 + e)
    }

    /// Throws a mismatch unless the router was trained for these two model files (SHA-256 in hexadecimal); `llm` is nil for one behind a server, of which no
    /// file can be compared.
    package func check(slm: String, llm: String?) throws(RouterFileError) {
        guard slm == slmSha256 else {
            throw .mismatch(role: "small", found: slm, expected: slmSha256)
        }
        guard let llm else { return }
        guard llm == llmSha256 else {
            throw .mismatch(role: "large", found: llm, expected: llmSha256)
        }
    }

    /// Whether the layers go from the features to one number, none of them too wide to be true.
    static func checkShapes(
        _ architecture: RouterArchitecture, _ features: RouterFeatures, _ shapes: [RouterShape]
    ) throws(RouterFileError) {
        guard (0...widest).contains(features.hiddenWidth), features.inputs.count <= 16 else {
            throw .shape(
                "\(features.inputs.count) groups of inputs, a hidden state of \(features.hiddenWidth)"
            )
        }
        guard (1...widest).contains(features.llmWidth ?? 1) else {
            throw .shape("a hidden state of the large model of \(features.llmWidth ?? 0)")
        }
        for (layer, input) in [
            (features.layer, RouterInput.middle), (features.llmLayer, .llmMiddle),
        ] where (layer ?? 0 > 0) != features.inputs.contains(input) || layer ?? 1 < 1 {
            throw .shape(
                "layer \(layer.map { "\($0)" } ?? "none") with\(features.inputs.contains(input) ? "" : "out") the input \(input.rawValue)"
            )
        }
        guard Set(features.inputs).count == features.inputs.count else {
            throw .shape("a group of inputs named twice")
        }
        guard shapes.count == architecture.layerCount else {
            throw .shape(
                "\(shapes.count) layers where \(architecture.rawValue) has \(architecture.layerCount)"
            )
        }
        var width = features.count
        for (index, shape) in shapes.enumerated() {
            guard (1...widest).contains(shape.inputs), (1...widest).contains(shape.outputs) else {
                throw .shape("layer \(index) from \(shape.inputs) to \(shape.outputs)")
            }
            guard shape.inputs == width else {
                throw .shape("layer \(index) has \(shape.inputs) inputs where \(width) arrive")
            }
            width = shape.outputs
        }
        guard width == 1 else { throw .shape("\(width) outputs where 1 is expected") }
    }

    private func checkParts() throws(RouterFileError) {
        guard mean.count == features.count, scale.count == features.count else {
            throw .shape(
                "\(mean.count) means and \(scale.count) scales for \(features.count) features")
        }
        guard
            PolicyDefinition.named(kind)?.scope ?? .token == .token
                || !features.inputs.contains(where: \.isOfOneToken)
        else { throw .shape("inputs of one token where kind \(kind) sees a whole question") }
        guard features.inputs.allSatisfy({ isJudge ? $0.isOfDraft : $0.isOfStep }) else {
            throw .shape("inputs that kind \(kind) does not see")
        }
        guard quantiles.count <= Self.mostQuantiles else {
            throw .shape("\(quantiles.count) quantiles; at most \(Self.mostQuantiles)")
        }
        guard temperature.isFinite, temperature > 0 else {
            throw .number("the temperature is \(temperature); it must be above 0")
        }
        try checkFinite(mean, "a mean")
        try checkFinite(scale, "a scale")
        try checkFinite(quantiles, "a quantile")
        guard zip(quantiles, quantiles.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .number("the quantiles do not rise")
        }
        for (index, layer) in layers.enumerated() {
            guard layer.weights.count == layer.inputs * layer.outputs,
                layer.biases.count == layer.outputs
            else {
                throw .shape(
                    "layer \(index) has \(layer.weights.count) weights and \(layer.biases.count) "
                        + "biases for \(layer.inputs) inputs and \(layer.outputs) outputs")
            }
            try checkFinite(layer.weights, "a weight of layer \(index)")
            try checkFinite(layer.biases, "a bias of layer \(index)")
        }
        try checkSums()
    }

    /// Whether no sum overflows, whatever features up to `largestFeature` come: infinities of both signs have no sum, and a score that is no number
    /// is on neither side of a threshold.
    private func checkSums() throws(RouterFileError) {
        // The largest magnitude that each number may reach.
        var bounds = zip(mean, scale).map { (Self.largestFeature + abs($0)) * abs($1) }
        for (index, layer) in layers.enumerated() {
            guard bounds.allSatisfy(\.isFinite) else {
                throw .number(
                    "what arrives at layer \(index) may overflow, for features up to \(Self.largestFeature)"
                )
            }
            bounds = RouterLayer(
                inputs: layer.inputs, outputs: layer.outputs,
                weights: layer.weights.map { abs($0) }, biases: layer.biases.map { abs($0) }
            ).apply(bounds)
        }
        guard bounds.allSatisfy(\.isFinite) else {
            throw .number("a score may overflow, for features up to \(Self.largestFeature)")
        }
    }

    private func checkFinite(_ values: [Float], _ what: String) throws(RouterFileError) {
        for value in values where !value.isFinite { throw .number("\(what) is \(value)") }
    }
}

/// A dense layer's size.
struct RouterShape: Codable, Equatable {
    let inputs: Int
    let outputs: Int
}
