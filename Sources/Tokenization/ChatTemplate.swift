public import GGUF

/// How a model wants a conversation written.
///
/// A model file carries its format as a Jinja program. Programs are not run here: the marker
/// tokens in it tell which of the known formats it is.
public enum ChatTemplate: String, CaseIterable, Sendable {
    /// OpenAI's ChatML, as Qwen and SmolLM use it.
    case chatML = "chatml"
    /// Llama 3 and later.
    case llama3
    /// Gemma 1 to 3; it knows no system turn, so that text opens the user's.
    case gemma

    /// The format whose markers `tokenizer.chat_template` contains; nil if it has none known.
    public static func detect(in metadata: GGUFMetadata) -> ChatTemplate? {
        guard let program = metadata.string("tokenizer.chat_template") else { return nil }
        return allCases.first { template in program.contains(template.marker) }
    }

    private var marker: String {
        switch self {
        case .chatML: "<|im_start|>"
        case .llama3: "<|start_header_id|>"
        case .gemma: "<start_of_turn>"
        }
    }

    /// One question, up to where the assistant's answer starts.
    ///
    /// Encode the result with `parseSpecial`, after the begin token if the model adds one. Without
    /// a `system` text there is no system turn, whatever default the model's own program has.
    public func render(system: String? = nil, user: String) -> String {
        switch self {
        case .chatML:
            let first = system.map { text in "<|im_start|>system\n\(text)<|im_end|>\n" } ?? ""
            return "\(first)<|im_start|>user\n\(user)<|im_end|>\n<|im_start|>assistant\n"
        case .llama3:
            func turn(_ role: String, _ text: String) -> String {
                "<|start_header_id|>\(role)<|end_header_id|>\n\n\(text.trimmed)"
            }
            let first = system.map { text in turn("system", text) + "<|eot_id|>" } ?? ""
            return first + turn("user", user) + "<|eot_id|>" + turn("assistant", "")
        case .gemma:
            let first = system.map { text in "\(text)\n\n" } ?? ""
            return "<start_of_turn>user\n\(first)\(user.trimmed)<end_of_turn>\n"
                + "<start_of_turn>model\n"
        }
    }
}

extension String {
    /// The text without whitespace at its ends, as Jinja's `trim` filter gives it.
    fileprivate var trimmed: Substring {
        var rest = Substring(self)
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
