package import Generation
package import Inference
package import Routing

/// A solution of a question, and what both models say at each of its tokens (docs/method.md, 1.3).
package struct ReferenceWalk: Sendable {
    /// What both models say of the prefix before one token.
    package struct Step: Sendable {
        /// S's reading, with its hidden state and the log-probability of the reference's token.
        package let slm: Reading
        /// The token that L would write.
        package let llmToken: Int32
        /// Natural logarithm of the probability that L gives the reference's token; nil where L was not asked, the reference being its own greedy text.
        package let llmReference: Float?

        /// Two views of one prefix.
        package init(slm: Reading, llmToken: Int32, llmReference: Float?) {
            self.slm = slm
            self.llmToken = llmToken
            self.llmReference = llmReference
        }

        /// Whether the models would write different tokens; elsewhere a call changes nothing.
        package var hasChoice: Bool { slm.argmax != llmToken }
    }

    /// The data set's own id.
    package let question: String
    /// The prompt, as token ids.
    package let prompt: [Int32]
    /// The reference solution's tokens, the end token included.
    package let reference: [Int32]
    /// One a token of the reference.
    package let steps: [Step]

    /// A walked solution.
    package init(question: String, prompt: [Int32], reference: [Int32], steps: [Step]) {
        self.question = question
        self.prompt = prompt
        self.reference = reference
        self.steps = steps
    }

    /// Which of the three cases of docs/method.md, 1.3, a token of the reference is.
    package func shortcut(at position: Int) -> Shortcut {
        let token = reference[position]
        if steps[position].slm.argmax == token { return .slmRight }
        return steps[position].llmToken == token ? .llmRight : .neither
    }

    /// Whether L read the text too.
    package var asksLarge: Bool { steps.contains { $0.llmReference != nil } }
}

/// The cases of docs/method.md, 1.3; the first two give a label without a rollout.
package enum Shortcut: Int, Sendable {
    case slmRight = 1
    case llmRight = 2
    case neither = 3
}

/// Walks reference solutions with both models by teacher forcing: a few long passes for each question, no decoding.
package struct ReferenceWalker<Model: NextTokenModel> {
    private let models: Pair<Model>
    /// What to keep of S's readings.
    private let needs: SignalNeeds
    /// The most tokens in one pass.
    private let passTokens = 256

    /// A walker over two models of one vocabulary; of S it keeps the hidden states, and of middle layers and top probabilities what is asked for.
    package init(_ models: Pair<Model>, needs: SignalNeeds = SignalNeeds(hidden: true)) {
        self.models = models
        self.needs = needs
    }

    /// Both models' caches of a question's first tokens, from which rollouts depart.
    package struct Prefix {
        /// The data set's own id.
        package let question: String
        /// The prompt, as token ids.
        package let prompt: [Int32]
        /// The reference solution's tokens.
        package let reference: [Int32]
        /// The models' caches.
        package let caches: Pair<Model.Sequence>
    }

    /// Reads the prompt and the solution; both must have tokens.
    ///
    /// L need not be asked about its own greedy text: a text does not depend on how it is read, so L would write each of its tokens again.
    /// - Complexity: one token of S, and if it is asked of L, for each of the prompt and the reference.
    package func walk(
        question: String, prompt: [Int32], reference: [Int32], asksLarge: Bool
    ) throws -> ReferenceWalk {
        precondition(!prompt.isEmpty && !reference.isEmpty, "nothing to walk")
        let ofSmall = try read(models.slm, prompt, reference, needs)
        let steps =
            asksLarge
            ? zip(ofSmall, try read(models.llm, prompt, reference, .none)).map { slm, llm in
                ReferenceWalk.Step(
                    slm: slm, llmToken: llm.argmax,
                    llmReference: llm.targetLogProbabilities.first)
            }
            : zip(ofSmall, reference).map {
                ReferenceWalk.Step(slm: $0, llmToken: $1, llmReference: nil)
            }
        return ReferenceWalk(
            question: question, prompt: prompt, reference: reference, steps: steps)
    }

    /// Both models' caches of the prompt and the reference's first `count` tokens.
    package func prefix(
        question: String, prompt: [Int32], reference: [Int32], count: Int
    ) throws -> Prefix {
        let caches = try models.map { model in
            let sequence = model.makeSequence()
            for part in chunks(prompt + reference.prefix(count)) {
                _ = try model.read([Work(sequence, part, read: .none)])
            }
            return sequence
        }
        return Prefix(
            question: question, prompt: prompt, reference: reference, caches: caches)
    }

    /// S's readings before each token of a text that follows a prompt, with hidden states; both must have tokens.
    package func readings(prompt: [Int32], text: [Int32]) throws -> [Reading] {
        try read(models.slm, prompt, text, SignalNeeds(hidden: true))
    }

    private func read(
        _ model: Model, _ prompt: [Int32], _ reference: [Int32],
        _ needs: SignalNeeds
    ) throws -> [Reading] {
        let sequence = model.makeSequence()
        for part in chunks(Array(prompt.dropLast())) {
            _ = try model.read([Work(sequence, part, read: .none)])
        }
        // The token before each of the reference's, which is what the reading is to predict.
        let before = prompt.suffix(1) + reference.dropLast()
        var readings: [Reading] = []
        for (part, targets) in zip(chunks(Array(before)), chunks(reference)) {
            let read = Read(
                .all, hidden: needs.hidden, layers: needs.layers, top: needs.top, targets: targets)
            readings += try model.read([Work(sequence, part, read: read)])[0]
        }
        return readings
    }

    private func chunks(_ tokens: [Int32]) -> [[Int32]] {
        stride(from: 0, to: tokens.count, by: passTokens).map {
            Array(tokens[$0..<min($0 + passTokens, tokens.count)])
        }
    }
}
