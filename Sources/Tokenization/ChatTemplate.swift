package import GGUF

/// How a model wants a conversation written.
///
/// A model file carries its format as a Jinja program. Programs are not run here: the marker
/// tokens in it tell which of the known formats it is.
package enum ChatTemplate: String, CaseIterable, Sendable {
    /// OpenAI's ChatML, as Qwen and SmolLM use it.
    case chatML = "chatml"
    /// Llama 3 and later.
    case llama3
    /// Gemma 1 to 3; it knows no system turn, so that text opens the user's.
    case gemma

    /// The format whose markers `tokenizer.chat_template` contains; nil if it has none known.
    package static func detect(in metadata: GGUFMetadata) -> ChatTemplate? {
        guard let program = metadata.string("tokenizer.chat_template") else { return nil }
        return allCases.first { template in program.contains(template.marker) }
    }

    private var marker: String { markers[0] }

    /// The commands to a model that it is made of.
    package var markers: [String] {
        switch self {
        case .chatML: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .gemma: ["<start_of_turn>", "<end_of_turn>"]
        }
    }

    /// What stands before an answer: the head of the assistant's turn, whose line breaks are left to the programs' own way.
    var answerHead: String {
        switch self {
        case .chatML: "<|im_start|>assistant"
        case .llama3: "<|start_header_id|>assistant<|end_header_id|>"
        case .gemma: "<start_of_turn>model"
        }
    }

    /// One question, up to where the assistant's answer starts; the turns' texts are content.
    ///
    /// The begin token goes before it if the model adds one. Without a `system` text there is no
    /// system turn, whatever default the model's own program has.
    package func render(system: String? = nil, user: String) -> [TextPart] {
        switch self {
        case .chatML:
            func turn(_ role: String, _ text: String) -> [TextPart] {
                [.format("<|im_start|>\(role)\n"), .content(text), .format("<|im_end|>\n")]
            }
            let first = system.map { text in turn("system", text) } ?? []
            return first + turn("user", user) + [.format("<|im_start|>assistant\n")]
        case .llama3:
            func head(_ role: String) -> TextPart {
                .format("<|start_header_id|>\(role)<|end_header_id|>\n\n")
            }
            func turn(_ role: String, _ text: String) -> [TextPart] {
                [head(role), .content(text.trimmed), .format("<|eot_id|>")]
            }
            let first = system.map { text in turn("system", text) } ?? []
            return first + turn("user", user) + [head("assistant")]
        case .gemma:
            let first = system.map { text in [.content(text), .format("\n\n")] } ?? [TextPart]()
            return [.format("<start_of_turn>user\n")] + first
                + [.content(user.trimmed), .format("<end_of_turn>\n<start_of_turn>model\n")]
        }
    }
}

extension String {
    /// The text without whitespace at its ends, as Jinja's `trim` filter gives it, which is Python's `str.strip`.
    fileprivate var trimmed: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isStripped }),
            let last = scalars.lastIndex(where: { !$0.isStripped })
        else { return "" }
        return String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    /// Whether Python's `str.isspace` holds: whitespace as Unicode has it, and the four separators of ASCII.
    fileprivate var isStripped: Bool {
        properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(self)
    }
}
