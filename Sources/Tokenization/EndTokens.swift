import GGUF

/// The tokens after which a model has nothing more to say.
enum EndTokens {
    /// Texts by which models end a turn or a document, or start the next one: Qwen and other
    /// ChatML models, Llama 3, Gemma, Phi, SmolLM, Mistral.
    private static let texts: Set<String> = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
        "<end_of_turn>", "<eos>", "</s>", "<|end|>", "<|fim_pad|>", "<|repo_name|>",
        "<|file_sep|>", "<reponame>",
    ]

    private static let keys = [
        "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
        "tokenizer.ggml.eom_token_id",
    ]

    /// The tokens that the metadata name as ends.
    static func named(
        in metadata: GGUFMetadata, count: Int
    ) throws(TokenizerError) -> Set<Int32> {
        var ids: Set<Int32> = []
        for key in keys {
            if let id = try metadata.token(key, count: count) { ids.insert(id) }
        }
        return ids
    }

    /// The end tokens that are known by their texts, being commands. Without any, those of another kind: `</s>` is the end
    /// of a text in one vocabulary and a word of HTML in another.
    static func known(in vocabulary: Vocabulary, named: Set<Int32>) -> Set<Int32> {
        var commands: Set<Int32> = []
        var others: Set<Int32> = []
        for (id, kind) in vocabulary.kinds.enumerated() {
            let text = vocabulary.tokens.slice(at: id)
            guard text.first == UInt8(ascii: "<"),
                texts.contains(String(decoding: text, as: UTF8.self))
            else { continue }
            if kind == .control { commands.insert(Int32(id)) } else { others.insert(Int32(id)) }
        }
        return commands.isEmpty && named.isEmpty ? others : commands
    }
}
