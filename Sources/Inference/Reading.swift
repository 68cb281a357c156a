package import Hashing
import Platform

/// What a forward pass tells about one position: the next token's distribution, in the numbers that routing and logging use.
package struct Reading: Equatable, Sendable {
    /// The most probable next token; the lowest id among equals.
    package let argmax: Int32
    /// The most probable of the rest.
    package let second: Int32
    /// Natural logarithm of the most probable token's probability.
    package let logProbability: Float
    /// Natural logarithm of the second's.
    package let secondLogProbability: Float
    /// Of the whole distribution, in nats.
    package let entropy: Float
    /// Natural logarithms of the probabilities of the tokens asked for by `Read.targets`, in that order.
    package var targetLogProbabilities: [Float] = []
    /// The last hidden state after the final norm, h_t of docs/method.md, shape (width); empty unless asked for.
    package var hidden: [Float] = []
    /// The residual stream after so many layers, before any norm, each of shape (width); only those asked for.
    package var layers: [Int: [Float]] = [:]
    /// Natural logarithms of the largest probabilities, falling, as many as asked for.
    package var top: [Float] = []

    /// The whole distribution; nil unless asked for.
    package var logits: LogitRow?
    /// How far another model's distribution at this place lies from this one; nil unless asked for.
    package var divergence: Divergence?

    /// A reading by something else than this decoder.
    package init(
        argmax: Int32, second: Int32, logProbability: Float, secondLogProbability: Float,
        entropy: Float, targetLogProbabilities: [Float] = [], hidden: [Float] = [],
        layers: [Int: [Float]] = [:], top: [Float] = []
    ) {
        self.argmax = argmax
        self.second = second
        self.logProbability = logProbability
        self.secondLogProbability = secondLogProbability
        self.entropy = entropy
        self.targetLogProbabilities = targetLogProbabilities
        self.hidden = hidden
        self.layers = layers
        self.top = top
    }
}

extension [Reading] {
    /// The mean of the hidden states, summed in order; empty where there are none.
    package var meanHidden: [Float] {
        guard var sum = first?.hidden else { return [] }
        for reading in dropFirst() {
            for (index, value) in reading.hidden.enumerated() { sum[index] += value }
        }
        let scale = 1 / Float(count)
        return sum.map { $0 * scale }
    }
}

/// What to report of a segment's positions.
package struct Read: Equatable, Sendable {
    /// Positions, by their index in the segment, in rising order.
    package enum Positions: Equatable, Sendable {
        case none, last, all
        /// This one and all after it.
        case from(Int)

        /// Whether one of `count` positions is read.
        package func contains(_ index: Int, of count: Int) -> Bool {
            switch self {
            case .none: false
            case .last: index == count - 1
            case .all: true
            case .from(let first): index >= first
            }
        }
    }
    /// At which of the new tokens to read.
    package var positions: Positions
    /// Whether to return the state after the final norm, shape (width).
    package var hidden: Bool
    /// After how many layers to return the residual stream, each from 1 to all layers but one.
    package var layers: Set<Int>
    /// How many of the largest log-probabilities to return.
    package var top: Int
    /// For each position of the segment, tokens whose log-probabilities as the next one to report; empty: none.
    package var targets: [[Int32]]

    /// Whether to return the whole distribution at the segment's last position.
    package var logits: Bool
    /// For each position of the segment, another model's distribution to compare with this one's; empty: none.
    package var others: [LogitRow?]
    /// The tokens that the reading is over: its output matrix is trimmed to them, probabilities are shares of what they have together, and of another token
    /// it is 0; nil: all.
    package var rows: TokenRows?

    /// - Parameter targets: for each position of the segment, one token whose log-probability to report; empty: none.
    package init(
        _ positions: Positions, hidden: Bool = false, layers: Set<Int> = [], top: Int = 0,
        targets: [Int32] = [], logits: Bool = false, others: [LogitRow?] = [],
        rows: TokenRows? = nil
    ) {
        self.positions = positions
        self.hidden = hidden
        self.layers = layers
        self.top = top
        self.targets = targets.map { [$0] }
        self.logits = logits
        self.others = others
        self.rows = rows
    }

    /// Nothing: only the cache is filled.
    package static let none = Read(.none)
    /// What follows the last token, and nothing else.
    package static let last = Read(.last)
}

/// New tokens of one sequence, to be run in a pass.
package struct Segment {
    /// What has been read of the text; the tokens are appended to it.
    package let sequence: KVSequence
    /// The new tokens, in order.
    package let tokens: [Int32]
    /// What is to be returned of them.
    package let read: Read

    /// New tokens of a sequence; by default the last one is read.
    package init(_ sequence: KVSequence, _ tokens: [Int32], read: Read = .last) {
        self.sequence = sequence
        self.tokens = tokens
        self.read = read
    }
}

/// Why a pass did not run. Sequences are as they were.
package enum ForwardError: ReportableError, Equatable {
    case token(Int32, vocabulary: Int)
    case cache(CacheError)
    /// The system refused so many bytes for a pass's buffers.
    case memory(bytes: Int)
    /// The logits say nothing: the file's weights are broken.
    case broken(Symptom, Fault)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .token: true
        case .cache(let error): error.isBadInput
        case .memory, .broken: false
        }
    }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .token(let id, let vocabulary):
            "token \(id) is outside the vocabulary of \(vocabulary)"
        case .cache(let error): "\(error)"
        case .memory(let bytes): "the system refused \(bytes) bytes for a pass's buffers"
        case .broken(let symptom, let place):
            "\(place) computes numbers beyond all use, so that \(symptom.rawValue); is the model's"
                + " file damaged?"
        }
    }
}

/// How it shows that a pass computed nothing.
package enum Symptom: String, Sendable {
    case notNumbers = "the logits are not numbers"
    case allEqual = "nothing of the text is left to choose a token by"
}

/// Where in a model a pass first computed numbers that nothing can be made of.
package enum Fault: Equatable, Sendable, CustomStringConvertible {
    case embedding
    /// A layer, from 0, of so many.
    case layer(Int, of: Int)
    case output

    /// Its name, with that of its tensors.
    package var description: String {
        switch self {
        case .embedding: "the embedding table (token_embd)"
        case .layer(let index, let count): "layer \(index + 1) of \(count) (blk.\(index))"
        case .output: "the output (output_norm, output)"
        }
    }
}
