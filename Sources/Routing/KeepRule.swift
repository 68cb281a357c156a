/// Which of S's tokens stay after L's pass: the second of a policy's two decisions (docs/method.md, 2.8 and 2.9).
///
/// The first token that does not stay is replaced by L's own there, and what follows it is taken back. L's favourite always stays.
package enum KeepRule: Equatable, Sendable {
    /// All of them; L is asked for the next token alone.
    case all
    /// Those that L would have written (Leviathan et al. 2023, greedy): the text is L's own.
    case strict
    /// Those whose -log p_L is at most `atMost`, in nats (Kim et al. 2023, "Speculative Decoding with Big Little Decoder").
    case logProbability(atMost: Float)

    /// Whether it looks at what L thinks of a token that is not its favourite.
    package var weighs: Bool {
        switch self {
        case .all, .strict: false
        case .logProbability: true
        }
    }

    /// Whether a token of S stays.
    /// - Parameters:
    ///   - favourite: L's most probable token there.
    ///   - logProbability: log p_L of S's token, in nats.
    package func keeps(_ token: Int32, favourite: Int32, logProbability: Float) -> Bool {
        switch self {
        case .all: true
        case .strict: token == favourite
        case .logProbability(let most): token == favourite || -logProbability <= most
        }
    }
}
