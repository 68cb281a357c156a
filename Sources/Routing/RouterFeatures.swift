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
    /// log p and p of S's token, where p is what L gives it (docs/method.md, 2.10; so are all below).
    case likelihood
    /// p of S's token over p of L's favourite, and its logarithm.
    case ratio
    /// KL and Jensen-Shannon divergence of both models' distributions.
    case divergence
    /// The entropies of both.
    case entropies
    /// The difference of S's two largest probabilities, and the largest.
    case margin
    /// How many of S's next drafts L agrees with, how many before the first that it does not, and how many there are.
    case agreement
    /// S's hidden state when it has read its own token.
    case slmHidden = "slm-hidden"
    /// L's hidden state when it has read S's token.
    case llmHidden = "llm-hidden"
    /// L's residual stream after a chosen number of layers, when it has read S's token.
    case llmMiddle = "llm-middle"

    /// Whether it is known of single tokens alone, not of a whole question or answer.
    package var isOfOneToken: Bool { self == .middle || self == .top || self == .token }

    /// Whether a router may see it that decides before a token.
    package var isOfStep: Bool {
        switch self {
        case .hidden, .middle, .top, .uncertainty, .position, .token, .prompt: true
        case .likelihood, .ratio, .divergence, .entropies, .margin, .agreement, .slmHidden,
            .llmHidden, .llmMiddle:
            false
        }
    }

    /// Whether a judge may see it, which decides after L's pass.
    package var isOfDraft: Bool { !isOfStep || self == .position || self == .token }
}

/// Which inputs a router reads, in which order, and how wide they are.
package struct RouterFeatures: Codable, Equatable, Sendable {
    /// The groups, in the order in which they are joined.
    package let inputs: [RouterInput]
    /// Width of the small model's hidden state; counts only if `hidden`, `middle` or `prompt` is among the inputs.
    package let hiddenWidth: Int
    /// After how many layers `middle` is taken; nil if it is not among the inputs.
    package let layer: Int?
    /// Width of the large model's hidden state; nil unless `llm-hidden` or `llm-middle` is among the inputs.
    package let llmWidth: Int?
    /// After how many layers of the large model `llm-middle` is taken; nil if it is not among the inputs.
    package let llmLayer: Int?

    /// How many of the largest probabilities `top` is.
    package static let topCount = 10

    /// A choice of inputs for a small model of this width.
    package init(inputs: [RouterInput], hiddenWidth: Int, layer: Int? = nil) {
        self.inputs = inputs
        self.hiddenWidth = hiddenWidth
        self.layer = inputs.contains(.middle) ? layer : nil
        llmWidth = nil
        llmLayer = nil
    }

    /// A judge's choice of inputs, for models of these widths.
    package init(inputs: [RouterInput], widths: Pair<Int>, llmLayer: Int?) {
        self.inputs = inputs
        hiddenWidth = inputs.contains(.slmHidden) ? widths.slm : 0
        layer = nil
        let seesLarge = inputs.contains(.llmHidden) || inputs.contains(.llmMiddle)
        llmWidth = seesLarge ? widths.llm : nil
        self.llmLayer = inputs.contains(.llmMiddle) ? llmLayer : nil
    }

    /// Numbers in one feature vector.
    package var count: Int { inputs.reduce(0) { $0 + width(of: $1) } }

    /// Which of the signals must be filled.
    package var needs: SignalNeeds {
        SignalNeeds(
            hidden: inputs.contains(.hidden), layers: Set([layer].compactMap(\.self)),
            top: inputs.contains(.top) ? Self.topCount : 0)
    }
    /// What readings must show a judge: of S after the draft, of L before and after it.
    package var draftNeeds: Pair<SignalNeeds> {
        Pair(
            slm: SignalNeeds(hidden: inputs.contains(.slmHidden)),
            llm: SignalNeeds(
                hidden: inputs.contains(.llmHidden), layers: Set([llmLayer].compactMap(\.self)),
                divergence: inputs.contains(.divergence)))
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
            case .position: vector += Self.place(signals.position)
            case .token:
                guard let tokens = signals.tokens else {
                    preconditionFailure("the router wants a step's tokens")
                }
                vector += Self.classes(
                    of: [tokens.first, tokens.second, tokens.previous], classes)
            case .likelihood, .ratio, .divergence, .entropies, .margin, .agreement, .slmHidden,
                .llmHidden, .llmMiddle:
                preconditionFailure("what a judge sees is not known before a token")
            }
        }
        return vector
    }

    /// What a judge sees of a draft, shape (count); the same bits on every machine.
    ///
    /// The states must be as wide as the features say if they are among the inputs.
    package func vector(of place: JudgedPlace, classes: [TokenClass] = []) -> [Float] {
        var vector: [Float] = []
        vector.reserveCapacity(count)
        func clamped(_ value: Float) -> Float { max(value, SignalsMean.leastLogProbability) }
        for input in inputs {
            switch input {
            case .likelihood:
                vector += [clamped(place.logProbability), ck_exp(place.logProbability)]
            case .ratio:
                let ratio = place.logProbability - place.favouriteLogProbability
                vector += [clamped(ratio), ck_exp(ratio)]
            case .divergence:
                guard let kl = place.kl, let js = place.js else {
                    preconditionFailure("the judge wants both distributions compared")
                }
                vector += [min(kl, -SignalsMean.leastLogProbability), js]
            case .entropies: vector += [place.slmEntropy, place.llmEntropy]
            case .margin:
                let (first, second) = (place.slmLogProbability, place.slmSecondLogProbability)
                vector += [ck_exp(first) - ck_exp(second), ck_exp(first)]
            case .agreement:
                let all = place.agreements
                vector += [all.count { $0 }, all.prefix { $0 }.count, all.count].map { Float($0) }
            case .position: vector += Self.place(place.position)
            case .token:
                vector += Self.classes(of: [place.draft, place.favourite, place.previous], classes)
            case .slmHidden: vector += state(place.slmHidden)
            case .llmHidden: vector += largeState(place.llmHidden)
            case .llmMiddle:
                vector += largeState(llmLayer.flatMap { place.llmLayers[$0] } ?? [])
            case .hidden, .middle, .top, .uncertainty, .prompt:
                preconditionFailure("a judge sees drafts, not steps")
            }
        }
        return vector
    }

    private static func place(_ position: Int) -> [Float] {
        [Float(position) / 256, 1 / (1 + Float(position))]
    }

    /// The classes of three tokens, each as one of all.
    private static func classes(of tokens: [Int32], _ classes: [TokenClass]) -> [Float] {
        tokens.flatMap { token -> [Float] in
            // Padding, which stands for nothing, has no class in the list.
            let own = classes.indices.contains(Int(token)) ? classes[Int(token)] : .control
            return TokenClass.allCases.map { $0 == own ? 1 : 0 }
        }
    }

    private func largeState(_ values: [Float]) -> [Float] {
        precondition(
            values.count == llmWidth ?? 0,
            "the judge wants \(llmWidth ?? 0) hidden values of the large model, not \(values.count)"
        )
        return values
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
        case .likelihood, .ratio, .divergence, .entropies, .margin: 2
        case .agreement: 3
        case .slmHidden: hiddenWidth
        case .llmHidden, .llmMiddle: llmWidth ?? 0
        }
    }
}
