/// The texts of tokens that are commands to a model, whatever kind a file gives them.
///
/// Files are made by many hands: the end of a turn is marked as normal, as added by hand, as unused, or there are no marks at all. Then it would be shown
/// as text, and never end an answer.
enum CommandTexts {
    /// What the known chat formats are made of, and by what models end a turn or a document or start the next one. Nobody writes them in prose.
    private static let formats: Set<String> = [
        "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|start_header_id|>",
        "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|begin_of_text|>",
        "<|end_of_text|>", "<start_of_turn>", "<end_of_turn>", "<|end|>", "<|fim_pad|>",
        "<|repo_name|>", "<|file_sep|>",
    ]

    /// The kind of a token that a file lists with that text and kind.
    static func kind(of text: UnsafeRawBufferPointer, id: Int, listed: TokenKind) -> TokenKind {
        let first = text.first
        guard first == UInt8(ascii: "<") || first == UInt8(ascii: "[") else { return listed }
        let isPlain = listed == .normal || listed == .undefined
        if first == UInt8(ascii: "[") {
            // What converters fill a vocabulary up with.
            let isPadding = isPlain && text.elementsEqual("[PAD\(id)]".utf8)
            return isPadding ? .unused : listed
        }
        guard listed != .control else { return listed }
        if isPlain, isBarred(text) { return .control }
        return formats.contains(String(decoding: text, as: UTF8.self)) ? .control : listed
    }

    /// Whether a text is a name between `<|` and `|>`, or between the full-width `<｜` and `｜>`.
    private static func isBarred(_ text: UnsafeRawBufferPointer) -> Bool {
        for (opening, closing) in [("<|", "|>"), ("<｜", "｜>")] {
            let edges = opening.utf8.count + closing.utf8.count
            guard text.count > edges, text.starts(with: opening.utf8),
                text.suffix(closing.utf8.count).elementsEqual(closing.utf8)
            else { continue }
            let name = text.dropFirst(opening.utf8.count).dropLast(closing.utf8.count)
            return name.allSatisfy { byte in
                byte > 0x20 && byte != UInt8(ascii: "<") && byte != UInt8(ascii: ">")
                    && byte != UInt8(ascii: "|")
            }
        }
        return false
    }
}
