import CKernels

/// One group of inputs that a trained router may look at.
public enum RouterInput: String, Codable, CaseIterable, Sendable {
    /// The small model's hidden state h_t (METHOD.md, 1.2).
    case hidden
    /// Entropy, the two largest log-probabilities, the largest probability and the margin.
    case uncertainty
    /// Where in the answer the token stands.
    case position
    /// The mean of the small model's hidden states over the prompt; for routers that decide once a question (METHOD.md, 2.4).
    case prompt
}

/// Which inputs a router reads, in which order, and how wide they are.
public struct RouterFeatures: Codable, Equatable, Sendable {
    /// The groups, in the order in which they are joined.
    public let inputs: [RouterInput]
    /// Width of the small model's hidden state; counts only if `hidden` or `prompt` is among the inputs.
    public let hiddenWidth: Int

    /// A choice of inputs for a small model of this width.
    public init(inputs: [RouterInput], hiddenWidth: Int) {
        self.inputs = inputs
        self.hiddenWidth = hiddenWidth
    }

    /// Numbers in one feature vector.
    public var count: Int { inputs.reduce(0) { $0 + width(of: $1) } }

    /// Whether `Signals.hidden` must be filled.
    public var needsHidden: Bool { inputs.contains(.hidden) }
    /// Whether `Signals.promptMean` must be filled.
    public var needsPromptMean: Bool { inputs.contains(.prompt) }

    /// One step's features, shape (count); the same bits on every machine.
    ///
    /// The signals' hidden state and prompt mean must be `hiddenWidth` long if they are among the inputs.
    public func vector(of signals: Signals) -> [Float] {
        var vector: [Float] = []
        vector.reserveCapacity(count)
        for input in inputs {
            switch input {
            case .hidden: vector += state(signals.hidden)
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
        case .hidden, .prompt: hiddenWidth
        case .uncertainty: 5
        case .position: 2
        }
    }
}
