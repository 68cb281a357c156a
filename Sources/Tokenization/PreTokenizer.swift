// Byte-pair encoding never joins across the borders drawn here. Each family publishes its borders
// as a regular expression; these are scanners written out for them. The expressions, from
// `tokenizer.json` of the model families (`pre_tokenizer`) and OpenAI's GPT-2 `encoder.py`:
//
// gpt2     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
// smollm   every \p{N} alone, then gpt2 within what lies between
// llama3   (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}
//          | ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
// qwen2    as llama3, but \p{N} in place of \p{N}{1,3}
//
// "(?i:" here means ASCII letters of either case. A full Unicode match would also take U+017F (long
// s) for s; the two readings differ in no text but `'` before that letter.

/// Splits text into the pieces that are encoded on their own.
enum PreTokenizer: String, CaseIterable, Sendable {
    case gpt2
    case smollm
    case llama3
    case qwen2

    /// The values of `tokenizer.ggml.pre` that are understood, and what they mean.
    static let names: [(name: String, value: PreTokenizer)] = [
        ("gpt-2", .gpt2), ("gpt2", .gpt2), ("smollm", .smollm),
        ("llama-bpe", .llama3), ("llama3", .llama3), ("llama-v3", .llama3),
        ("qwen2", .qwen2), ("deepseek-r1-qwen", .qwen2),
    ]

    /// Whether the family's tokenizer brings a text into normalisation form C first: the
    /// `normalizer` of `tokenizer.json` is NFC in Qwen's, none in the others'.
    var composes: Bool { self == .qwen2 }

    /// Passes the piece of each match to `body`, as ranges of the UTF-8 text; together they cover
    /// it. O(bytes).
    func split(_ text: ClassifiedText, _ body: (Range<Int>) -> Void) {
        let scanner = PatternScanner(text: text)
        var start = 0
        // What is left of the stretch between two numbers, for the patterns that cut there first.
        var limit = 0
        while start < text.count {
            let end: Int
            switch self {
            case .gpt2:
                end = scanner.endOfGPT2Piece(at: start, limit: text.count)
            case .smollm:
                if text.classes[start] == .number {
                    end = start + 1
                } else {
                    if start >= limit { limit = scanner.endOfRun(at: start) { $0 != .number } }
                    end = scanner.endOfGPT2Piece(at: start, limit: limit)
                }
            case .llama3:
                end = scanner.endOfLlama3Piece(at: start, digits: 3)
            case .qwen2:
                end = scanner.endOfLlama3Piece(at: start, digits: 1)
            }
            body(text.offsets[start]..<text.offsets[end])
            start = end
        }
    }
}
