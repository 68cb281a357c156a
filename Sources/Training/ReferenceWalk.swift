public import Generation
public import Inference
public import Routing

/// A solution of a question, and what both models say at each of its tokens (METHOD.md, 1.3).
public struct ReferenceWalk: Sendable {
    /// Both models' readings of the prefix before one token.
    public struct Step: Sendable {
        /// S's, with its hidden state and the log-probability of the reference's token.
        public let slm: Reading
        /// L's, with the log-probability of the reference's token.
        public let llm: Reading

        /// Two readings of one prefix.
        public init(slm: Reading, llm: Reading) {
            self.slm = slm
            self.llm = llm
        }

        /// Whether the models would write different tokens; elsewhere a call changes nothing.
        public var hasChoice: Bool { slm.argmax != llm.argmax }
    }

    /// The data set's own id.
    public let question: String
    /// The prompt, as token ids.
    public let prompt: [Int32]
    /// The reference solution's tokens, the end token included.
    public let reference: [Int32]
    /// One a token of the reference.
    public let steps: [Step]

    /// A walked solution.
    public init(question: String, prompt: [Int32], reference: [Int32], steps: [Step]) {
        self.question = question
        self.prompt = prompt
        self.reference = reference
        self.steps = steps
    }

    /// Which of the three cases of METHOD.md, 1.3, a token of the reference is.
    public func shortcut(at position: Int) -> Shortcut {
        let token = reference[position]
        if steps[position].slm.argmax == token { return .slmRight }
        return steps[position].llm.argmax == token ? .llmRight : .neither
    }
}

/// The cases of METHOD.md, 1.3; the first two give a label without a rollout.
public enum Shortcut: Int, Sendable {
    case slmRight = 1
    case llmRight = 2
    case neither = 3
}

/// Walks reference solutions with both models by teacher forcing: a few long passes for each question, no decoding.
public struct ReferenceWalker<Small: NextTokenModel, Large: NextTokenModel> {
    private let small: Small
    private let large: Large
    /// What to keep of S's readings.
    private let needs: SignalNeeds
    /// Most tokens in one pass.
    private let passTokens = 256

    /// A walker over two models of one vocabulary; of S it keeps the hidden states, and of middle layers and top probabilities what is asked for.
    public init(small: Small, large: Large, needs: SignalNeeds = SignalNeeds(hidden: true)) {
        self.small = small
        self.large = large
        self.needs = needs
    }

    /// What a walk leaves behind: its record, and both models' caches of all tokens but the last.
    public struct Result {
        /// The readings.
        public let walk: ReferenceWalk
        /// S's cache.
        public let small: Small.Sequence
        /// L's cache.
        public let large: Large.Sequence
    }

    /// Reads the prompt and the solution; both must have tokens.
    public func walk(question: String, prompt: [Int32], reference: [Int32]) throws -> Result {
        precondition(!prompt.isEmpty && !reference.isEmpty, "nothing to walk")
        let (ofSmall, smallCache) = try read(small, prompt, reference, needs)
        let (ofLarge, largeCache) = try read(large, prompt, reference, .none)
        let steps = zip(ofSmall, ofLarge).map { ReferenceWalk.Step(slm: $0, llm: $1) }
        return Result(
            walk: ReferenceWalk(
                question: question, prompt: prompt, reference: reference, steps: steps),
            small: smallCache, large: largeCache)
    }

    /// The caches that a walk left behind, filled anew without any readings: what rollouts start from.
    public func caches(
        question: String, prompt: [Int32], reference: [Int32]
    ) throws -> Result {
        func fill<M: NextTokenModel>(_ model: M) throws -> M.Sequence {
            let sequence = model.makeSequence()
            for part in chunks(prompt + reference.dropLast()) {
                _ = try model.read([Work(sequence, part, read: .none)])
            }
            return sequence
        }
        return Result(
            walk: ReferenceWalk(
                question: question, prompt: prompt, reference: reference, steps: []),
            small: try fill(small), large: try fill(large))
    }

    /// S's readings before each token of a text that follows a prompt, with hidden states; both must have tokens.
    public func readings(prompt: [Int32], text: [Int32]) throws -> [Reading] {
        try read(small, prompt, text, SignalNeeds(hidden: true)).0
    }

    private func read<M: NextTokenModel>(
        _ model: M, _ prompt: [Int32], _ reference: [Int32],
        _ needs: SignalNeeds
    ) throws -> ([Reading], M.Sequence) {
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
        return (readings, sequence)
    }

    private func chunks(_ tokens: [Int32]) -> [[Int32]] {
        stride(from: 0, to: tokens.count, by: passTokens).map {
            Array(tokens[$0..<min($0 + passTokens, tokens.count)])
        }
    }
}
