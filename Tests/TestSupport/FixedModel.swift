import Hashing

/// A tiny model of one architecture and format whose logits are the same to the bit on every machine: their hashes are committed
/// (Tests/InferenceTests/Resources/logits.sha256).
package struct FixedModel: Sendable, CustomStringConvertible {
    private let architecture: String
    /// Of all matrices; nil: all formats in one file.
    private let type: TinyTensorType?

    package static let all = ["qwen2", "qwen3", "llama", "gemma3"].flatMap { architecture in
        (TinyTensorType.allCases + [nil]).map {
            FixedModel(architecture: architecture, type: $0)
        }
    }

    package var name: String { "\(architecture)-\(type?.rawValue ?? "mixed")" }
    package var description: String { name }

    /// What is read: longer than a page of the cache and than a window.
    package static let texts: [[Int32]] = {
        var generator = SplitMix64(seed: 22)
        return [20, 17, 20, 23].map { length in
            (0..<length).map { _ in Int32(generator.next(below: UInt64(vocabulary))) }
        }
    }()

    /// No multiple of a tile's rows.
    private static let vocabulary = 281

    /// Writes the file, with what its family may have: biases, a tied output, divisors of the angles, a window.
    package func write(to path: String) throws {
        try TinyModel.write(
            to: path, architecture: architecture, feedForward: 256, vocabulary: Self.vocabulary,
            types: { name in
                let number = Int(Fingerprint.hash(of: [name]) % 11)
                return type ?? TinyTensorType.allCases[number]
            },
            tied: architecture == "qwen2" || architecture == "gemma3",
            ropeFactors: architecture == "llama" ? (0..<32).map { 1 + Float($0 % 5) } : [],
            metadata: architecture == "gemma3"
                ? ["gemma3.attention.sliding_window_pattern": .uint32(2)] : [:])
    }
}
