import Hashing
import Routing

/// A small multilayer perceptron with one output, and its gradients.
///
/// Between layers: ReLU. With `isPaper` the first layer is normalised over the batch (Ioffe and Szegedy 2015) and hidden units are dropped in training,
/// as in the CITER paper's router (docs/method.md, 1.2).
struct Network {
    /// One dense layer, and where its numbers stand among the parameters.
    struct Layer {
        let inputs: Int
        let outputs: Int
        let weights: Range<Int>  // (outputs, inputs)
        let biases: Range<Int>  // (outputs)
        /// Gain and shift of batch normalisation, (outputs) each.
        let gain: Range<Int>?
        let shift: Range<Int>?
    }

    let layers: [Layer]
    let dropout: Float
    var parameters: [Float]
    /// Running mean and variance of the normalised layer.
    private(set) var runningMean: [Float] = []
    private(set) var runningVariance: [Float] = []

    private static let epsilon: Float = 1e-5
    private static let momentum: Float = 0.1

    /// Fresh weights: uniform within 1 / sqrt(inputs), as is usual for ReLU networks this shallow.
    init(
        widths: [Int], normalisesFirst: Bool, dropout: Float, stream: inout SplitMix64
    ) {
        var layers: [Layer] = []
        var end = 0
        func take(_ count: Int) -> Range<Int> {
            defer { end += count }
            return end..<end + count
        }
        for (index, (inputs, outputs)) in zip(widths, widths.dropFirst()).enumerated() {
            let normalises = normalisesFirst && index == 0
            layers.append(
                Layer(
                    inputs: inputs, outputs: outputs, weights: take(inputs * outputs),
                    biases: take(outputs), gain: normalises ? take(outputs) : nil,
                    shift: normalises ? take(outputs) : nil))
        }
        self.layers = layers
        self.dropout = dropout
        parameters = [Float](repeating: 0, count: end)
        for layer in layers {
            let bound = 1 / Float(layer.inputs).squareRoot()
            for index in layer.weights { parameters[index] = (2 * stream.unit() - 1) * bound }
            for index in layer.gain ?? 0..<0 { parameters[index] = 1 }
            if layer.gain != nil {
                runningMean = [Float](repeating: 0, count: layer.outputs)
                runningVariance = [Float](repeating: 1, count: layer.outputs)
            }
        }
    }

    /// What a training pass remembers for its gradients.
    struct Tape {
        /// Each layer's inputs, (rows, inputs).
        var inputs: [[Float]] = []
        /// Factor of each output of each layer: 0 where ReLU or dropout cut it, else 1 / (1 - dropout).
        var masks: [[Float]] = []
        /// Normalised outputs of the first layer, and 1 / standard deviation of each.
        var normalised: [Float] = []
        var inverseDeviation: [Float] = []
    }

    /// The logits of rows, shape (rows). With a stream: a training pass, which drops units, normalises over the batch and fills the tape.
    mutating func logits(_ rows: [Float], stream: inout SplitMix64, tape: inout Tape) -> [Float] {
        var values = rows
        for (index, layer) in layers.enumerated() {
            tape.inputs.append(values)
            var outputs = product(values, layer)
            if layer.gain != nil { normalise(&outputs, layer, &tape) }
            if index < layers.count - 1 {
                let keep = 1 - dropout
                let mask = outputs.map { value -> Float in
                    if value <= 0 { return 0 }
                    return dropout == 0 || stream.unit() < keep ? 1 / keep : 0
                }
                for place in outputs.indices { outputs[place] *= mask[place] }
                tape.masks.append(mask)
            }
            values = outputs
        }
        return values
    }

    /// The logits of rows as a router computes them.
    func logits(_ rows: [Float]) -> [Float] {
        var values = rows
        for (index, layer) in folded().enumerated() {
            var outputs = Self.product(values, layer)
            if index < layers.count - 1 {
                for i in outputs.indices { outputs[i] = max(outputs[i], 0) }
            }
            values = outputs
        }
        return values
    }

    /// Gradients of a loss whose derivatives by the logits are `slopes`, shape of the parameters.
    func gradients(_ slopes: [Float], _ tape: Tape) -> [Float] {
        var gradients = [Float](repeating: 0, count: parameters.count)
        var upstream = slopes
        for (index, layer) in layers.enumerated().reversed() {
            let rows = upstream.count / layer.outputs
            if index < layers.count - 1 {
                for place in upstream.indices { upstream[place] *= tape.masks[index][place] }
            }
            if let gain = layer.gain, let shift = layer.shift {
                unnormalise(&upstream, rows, layer, gain, shift, tape, &gradients)
            }
            for row in 0..<rows {
                for output in 0..<layer.outputs {
                    gradients[layer.biases.lowerBound + output] +=
                        upstream[row * layer.outputs + output]
                }
            }
            // dW = upstream^T x inputs; dInputs = upstream x W.
            let (m, k, n) = (layer.outputs, rows, layer.inputs)
            var ofWeights = [Float](repeating: 0, count: layer.weights.count)
            MatrixProduct.add(
                upstream, .turned, tape.inputs[index], .asIs, m, n, k, times: 0, to: &ofWeights)
            gradients.replaceSubrange(layer.weights, with: ofWeights)
            guard index > 0 else { break }
            var below = [Float](repeating: 0, count: rows * layer.inputs)
            MatrixProduct.add(
                upstream, .asIs, Array(parameters[layer.weights]), .asIs, k, n, m, times: 0,
                to: &below)
            upstream = below
        }
        return gradients
    }

    /// The layers as a router stores them: running statistics folded into the first one's weights.
    func folded() -> [RouterLayer] {
        layers.map { layer in
            var weights = Array(parameters[layer.weights])
            var biases = Array(parameters[layer.biases])
            if let gain = layer.gain, let shift = layer.shift {
                for output in 0..<layer.outputs {
                    let factor =
                        parameters[gain.lowerBound + output]
                        / (runningVariance[output] + Self.epsilon).squareRoot()
                    for input in 0..<layer.inputs {
                        weights[output * layer.inputs + input] *= factor
                    }
                    biases[output] =
                        (biases[output] - runningMean[output]) * factor
                        + parameters[shift.lowerBound + output]
                }
            }
            return RouterLayer(
                inputs: layer.inputs, outputs: layer.outputs, weights: weights, biases: biases)
        }
    }

    /// Starts from a router's layers instead of fresh ones; only for networks without normalisation.
    mutating func load(_ given: [RouterLayer]) {
        for (layer, from) in zip(layers, given) {
            parameters.replaceSubrange(layer.weights, with: from.weights)
            parameters.replaceSubrange(layer.biases, with: from.biases)
        }
    }

    /// Floating-point operations of a training pass over one row: forward, and twice that backward.
    var flopsPerRow: Double { layers.reduce(0) { $0 + 6 * Double($1.inputs * $1.outputs) } }

    // MARK: - Parts

    private func product(_ rows: [Float], _ layer: Layer) -> [Float] {
        Self.product(
            rows,
            RouterLayer(
                inputs: layer.inputs, outputs: layer.outputs,
                weights: Array(parameters[layer.weights]), biases: Array(parameters[layer.biases])))
    }

    /// rows x weights^T + biases, shape (rows, outputs).
    private static func product(_ rows: [Float], _ layer: RouterLayer) -> [Float] {
        let count = rows.count / layer.inputs
        var outputs: [Float] = []
        outputs.reserveCapacity(count * layer.outputs)
        for _ in 0..<count { outputs += layer.biases }
        let (m, n, k) = (count, layer.outputs, layer.inputs)
        MatrixProduct.add(
            rows, .asIs, layer.weights, .turned, m, n, k, times: 1, to: &outputs)
        return outputs
    }

    private mutating func normalise(_ outputs: inout [Float], _ layer: Layer, _ tape: inout Tape) {
        guard let gain = layer.gain, let shift = layer.shift else { return }
        let width = layer.outputs
        let rows = Float(outputs.count / width)
        tape.inverseDeviation = [Float](repeating: 0, count: width)
        for output in 0..<width {
            let places = stride(from: output, to: outputs.count, by: width)
            let mean = places.reduce(Float(0)) { $0 + outputs[$1] } / rows
            let variance =
                places.reduce(Float(0)) { $0 + (outputs[$1] - mean) * (outputs[$1] - mean) } / rows
            let inverse = 1 / (variance + Self.epsilon).squareRoot()
            tape.inverseDeviation[output] = inverse
            runningMean[output] += Self.momentum * (mean - runningMean[output])
            runningVariance[output] += Self.momentum * (variance - runningVariance[output])
            for place in places { outputs[place] = (outputs[place] - mean) * inverse }
        }
        tape.normalised = outputs
        for place in outputs.indices {
            let output = place % width
            outputs[place] =
                outputs[place] * parameters[gain.lowerBound + output]
                + parameters[shift.lowerBound + output]
        }
    }

    /// From slopes by the normalised, scaled outputs to slopes by the layer's plain ones.
    private func unnormalise(
        _ upstream: inout [Float], _ rows: Int, _ layer: Layer, _ gain: Range<Int>,
        _ shift: Range<Int>, _ tape: Tape, _ gradients: inout [Float]
    ) {
        let width = layer.outputs
        for output in 0..<width {
            let places = stride(from: output, to: upstream.count, by: width)
            let ofShift = places.reduce(Float(0)) { $0 + upstream[$1] }
            let ofGain = places.reduce(Float(0)) { $0 + upstream[$1] * tape.normalised[$1] }
            gradients[shift.lowerBound + output] = ofShift
            gradients[gain.lowerBound + output] = ofGain
            let factor = parameters[gain.lowerBound + output] * tape.inverseDeviation[output]
            for place in places {
                upstream[place] =
                    factor
                    * (upstream[place]
                        - (ofShift + tape.normalised[place] * ofGain) / Float(rows))
            }
        }
    }
}
