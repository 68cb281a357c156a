public import GGUF

/// What a model file says that this decoder can't use.
public enum ModelError: Error, Equatable, CustomStringConvertible {
    case unknownArchitecture(String)
    case missing(key: String)
    case invalid(key: String, found: String, expected: String)
    case missingTensor(name: String)
    case wrongShape(tensor: String, found: [Int], expected: [Int])
    case unsupportedType(tensor: String, type: String)
    case outOfMemory(bytes: Int)

    /// What was found and what to do.
    public var description: String {
        switch self {
        case .unknownArchitecture(let name):
            "architecture \"\(name)\" is not supported; this decoder knows "
                + Architecture.allCases.map(\.rawValue).joined(separator: ", ")
        case .missing(let key): "the model file has no \(key)"
        case .invalid(let key, let found, let expected):
            "the model file's \(key) is \(found); expected \(expected)"
        case .missingTensor(let name): "the model file has no tensor \(name)"
        case .wrongShape(let tensor, let found, let expected):
            "tensor \(tensor) has the shape \(found); its metadata imply \(expected)"
        case .unsupportedType(let tensor, let type):
            "tensor \(tensor) is stored as \(type), which this decoder does not read; convert the"
                + " model to F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K or Q6_K"
        case .outOfMemory(let bytes): "the system refused \(bytes) bytes for the model's weights"
        }
    }
}

/// The families of models that share the one forward pass; what differs is data.
public enum Architecture: String, CaseIterable, Sendable {
    case qwen2
    case qwen3
    case llama
    case gemma3

    /// Rotary pairs are neighbours (2i, 2i + 1), not halves (i, i + size / 2).
    var ropeInterleaved: Bool { self == .llama }
    /// The projections to queries, keys and values have a bias.
    var attentionBias: Bool { self == .qwen2 }
    /// Each head's queries and keys are normalised before they are rotated (Dehghani et al., arXiv:2302.05442).
    var headNorms: Bool { self == .qwen3 || self == .gemma3 }
    /// What a sublayer gives is normalised before it is added.
    var outputNorms: Bool { self == .gemma3 }
    /// Embeddings are multiplied by the square root of the width.
    var scalesEmbeddings: Bool { self == .gemma3 }
    /// Five layers that see a window, turned by the angles of a base of their own, and one that sees all (Gemma 3, arXiv:2503.19786).
    var localLayers: Bool { self == .gemma3 }
    /// GELU instead of SiLU.
    var gelu: Bool { self == .gemma3 }
}

/// The shape of a decoder-only transformer; every buffer's size follows from it.
public struct ModelConfig: Equatable, Sendable {
    /// The family.
    public let architecture: Architecture
    /// Width of the residual stream.
    public let width: Int
    /// Transformer blocks.
    public let layers: Int
    /// Heads of queries.
    public let heads: Int
    /// Heads of keys and values.
    public let kvHeads: Int
    /// Dimensions of one head.
    public let headSize: Int
    /// Width of the feed-forward's hidden layer.
    public let feedForward: Int
    /// Tokens.
    public let vocabulary: Int
    /// Positions the model was made for.
    public let context: Int
    /// The norms' epsilon.
    public let epsilon: Float
    /// Base of the rotary frequencies.
    public let ropeBase: Double
    /// Positions that a token sees in local layers, its own included.
    public let window: Int

    /// Base of the rotary frequencies in local layers.
    static let localRopeBase = 10_000.0

    /// Whether a layer's tokens see no more than the window.
    func isLocal(layer: Int) -> Bool { architecture.localLayers && !(layer + 1).isMultiple(of: 6) }

    /// Reads and checks the keys that GGUF prefixes with the architecture, such as `qwen2.block_count`.
    public init(_ file: GGUFFile) throws(ModelError) {
        let metadata = file.metadata
        let name = metadata.string("general.architecture") ?? ""
        guard let architecture = Architecture(rawValue: name) else {
            throw .unknownArchitecture(name)
        }
        func integer(
            _ suffix: String, in range: ClosedRange<Int>, multipleOf step: Int = 1,
            default fallback: Int? = nil
        ) throws(ModelError) -> Int {
            let key = "\(name).\(suffix)"
            guard let value = metadata.integer(key) ?? fallback else { throw .missing(key: key) }
            guard range.contains(value), value.isMultiple(of: step) else {
                let steps = step > 1 ? ", a multiple of \(step)" : ""
                throw .invalid(
                    key: key, found: "\(value)",
                    expected: "\(range.lowerBound) to \(range.upperBound)\(steps)")
            }
            return value
        }
        self.architecture = architecture
        width = try integer("embedding_length", in: 32...65536, multipleOf: 32)
        layers = try integer("block_count", in: 1...1024)
        heads = try integer("attention.head_count", in: 1...1024)
        kvHeads = try integer("attention.head_count_kv", in: 1...heads, default: heads)
        headSize = try integer(
            "attention.key_length", in: 16...512, multipleOf: 16, default: width / heads)
        window =
            architecture.localLayers
            ? try integer("attention.sliding_window", in: 1...16_777_216) : 0
        feedForward = try integer("feed_forward_length", in: 32...1_048_576, multipleOf: 32)
        context = try integer("context_length", in: 1...16_777_216)
        guard heads.isMultiple(of: kvHeads) else {
            throw .invalid(
                key: "\(name).attention.head_count_kv", found: "\(kvHeads)",
                expected: "a divisor of the \(heads) heads")
        }
        guard (heads * headSize).isMultiple(of: 32) else {
            throw .invalid(
                key: "\(name).attention.head_count", found: "\(heads)",
                expected: "a multiple of \(32 / headSize) for heads of \(headSize)")
        }
        guard let embedding = file.tensor(named: "token_embd.weight") else {
            throw .missingTensor(name: "token_embd.weight")
        }
        vocabulary = embedding.rows
        guard (2...1_048_576).contains(vocabulary) else {
            throw .invalid(
                key: "token_embd.weight", found: "\(vocabulary) rows", expected: "2 to 1048576")
        }
        let epsilonKey = "\(name).attention.layer_norm_rms_epsilon"
        guard let epsilon = metadata.double(epsilonKey) else { throw .missing(key: epsilonKey) }
        self.epsilon = Float(epsilon)
        let baseKey = "\(name).rope.freq_base"
        ropeBase = metadata.double(baseKey) ?? 10_000
        guard ropeBase > 1, ropeBase < 1e12 else {
            throw .invalid(key: baseKey, found: "\(ropeBase)", expected: "1 to 1e12")
        }
        let scalingKey = "\(name).rope.scaling.type"
        let scaling = metadata.string(scalingKey) ?? "none"
        guard scaling == "none" || file.tensor(named: "rope_freqs.weight") != nil else {
            throw .invalid(key: scalingKey, found: scaling, expected: "none, or Llama 3's factors")
        }
        let rotatedKey = "\(name).rope.dimension_count"
        let rotated = try integer("rope.dimension_count", in: 1...512, default: headSize)
        guard rotated == headSize else {
            throw .invalid(key: rotatedKey, found: "\(rotated)", expected: "\(headSize)")
        }
    }

    /// Parameters that a token's pass multiplies, embedding table and output matrix aside: P of METHOD.md, section 3.
    public var bodyParameters: Int {
        let attention = width * headSize * (2 * heads + 2 * kvHeads)
        let biases = architecture.attentionBias ? headSize * (heads + 2 * kvHeads) : 0
        let norms =
            (architecture.outputNorms ? 4 : 2) * width + (architecture.headNorms ? 2 * headSize : 0)
        return layers * (attention + biases + 3 * width * feedForward + norms) + width
    }

    /// What attention scores are multiplied by: 1 / sqrt(head size), but for Gemma 3's largest (62 layers) 1 / sqrt(width / heads).
    var attentionScale: Float {
        let size = architecture == .gemma3 && layers == 62 ? width / heads : headSize
        return 1 / Float(size).squareRoot()
    }

    /// Bytes of keys and values that one position takes, over all layers (half precision).
    public var kvBytesPerToken: Int { 2 * layers * kvHeads * headSize * 2 }
}
