import CKernels

/// One group of inputs that a trained router may look at.
package enum RouterInput: String, Codable, CaseIterable, Sendable {
    /// The small model's hidden state h_t (docs/method.md, 1.2).
    case hidden
    /// The small model's residual stream after a chosen number of layers, before any norm.
    case middle
    /// The logarithms of the ten largest next-token probabilities: the top logits, less what makes them a distribution.
    case top
    /// Entropy, the two largest log-probabilities, the largest probability and the margin.
    case uncertainty
    /// Where in the answer the token stands.
    case position
    /// The classes of S's two likeliest tokens and of the token before them (`TokenClass`).
    case token
    /// The mean of the small model's hidden states over the prompt; for routers that decide once a question (docs/method.md, 2.4).
    case prompt

    /// Whether it is known of single tokens alone, not of a whole question or answer.
    package var isOfOneToken: Bool { self == .middle || self == .top || self == .token }
}

/// Which inputs a router reads, in which order, and how wide they are.
package struct RouterFeatures: Codable, Equatable, Sendable {
    /// The groups, in the order in which they are joined.
    package let inputs: [RouterInput]
    /// Width of the small model's hidden state; counts only if `hidden`, `middle` or `prompt` is among the inputs.
    package let hiddenWidth: Int
    /// After how many layers `middle` is taken; nil if it is not among the inputs.
    package let layer: Int?

    /// How many of the largest probabilities `top` is.
    package static let topCount = 10

    /// A choice of inputs for a small model of this width.
    package init(inputs: [RouterInput], hiddenWidth: Int, layer: Int? = nil) {
        self.inputs = inputs
        self.hiddenWidth = hiddenWidth
        self.layer = inputs.contains(.middle) ? layer : nil
    }

    /// Numbers in one feature vector.
    package var count: Int { inputs.reduce(0) { $0 + width(of: $1) } }

    /// Which of the signals must be filled.
    package var needs: SignalNeeds {
        SignalNeeds(
            hidden: inputs.contains(.hidden), layers: Set([layer].compactMap(\.self)),
            top: inputs.contains(.top) ? Self.topCount : 0)
    }
    /// Whether `Signals.promptMean` must be filled.
    package var needsPromptMean: Bool { inputs.contains(.prompt) }

    /// One step's features, shape (count); the same bits on every machine.
    ///
    /// The signals' hidden state and prompt mean must be `hiddenWidth` long if they are among the inputs; `classes` holds every token's class if `token` is.
    package func vector(of signals: Signals, classes: [TokenClass] = []) -> [Float] {
        var vector: [Float] = []
        vector.reserveCapacity(count)
        for input in inputs {
            switch input {
            case .hidden: vector += state(signals.hidden)
            case .middle: vector += state(layer.flatMap { signals.layers[$0] } ?? [])
            case .top:
                precondition(signals.top.count >= Self.topCount, "the router wants ten logits")
                vector += signals.top.prefix(Self.topCount)
                    .map { max($0, SignalsMean.leastLogProbability) }
            case .prompt: vector += state(signals.promptMean)
            case .uncertainty:
                vector += [
                    signals.entropy, max(signals.logProbability, SignalsMean.leastLogProbability),
                    signals.maxProbability, signals.margin,
                    max(signals.secondLogProbability, SignalsMean.leastLogProbability),
                ]
            case .position:
                let position = Float(signals.position)
                vector += [position / 256, 1 / (1 + position)]
            case .token:
                guard let tokens = signals.tokens else {
                    preconditionFailure("the router wants a step's tokens")
                }
                for token in [tokens.first, tokens.second, tokens.previous] {
                    // Padding, which stands for nothing, has no class in the list.
                    let own =
                        classes.indices.contains(Int(token)) ? classes[Int(token)] : .control
                    vector += TokenClass.allCases.map { $0 == own ? 1 : 0 }
                }
            }
        }
        return vector
    }

    private func state(_ values: [Float]) -> [Float] {
        precondition(
            values.count == hiddenWidth,
            "the router wants \(hiddenWidth) hidden values, not \(values.count)")
        return values
    }

    private func width(of input: RouterInput) -> Int {
        switch input {
        case .hidden, .middle, .prompt: hiddenWidth
        case .top: Self.topCount
        case .uncertainty: 5
        case .position: 2
        case .token: 3 * TokenClass.allCases.count
        }
    }
}
