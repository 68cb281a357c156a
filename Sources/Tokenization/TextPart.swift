/// A stretch of a text, by who wrote it. One after another they are the text.
package enum TextPart: Equatable, Sendable {
    /// Written by a chat format: the special tokens in it are commands.
    case format(String)
    /// Written by anyone: what looks like a special token is text.
    case content(String)

    /// The text itself.
    package var text: String {
        switch self {
        case .format(let text), .content(let text): text
        }
    }
}
