/// The families of models that share the one forward pass; what differs is data.
package enum Architecture: String, CaseIterable, Sendable {
    case qwen2
    case qwen3
    case llama
    case gemma3

    /// Rotary pairs are neighbours (2i, 2i + 1), not halves (i, i + size / 2).
    var ropeInterleaved: Bool { self == .llama }
    /// The file may bring divisors of the rotary frequencies, Llama 3's.
    var ropeFactors: Bool { self == .llama }
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
