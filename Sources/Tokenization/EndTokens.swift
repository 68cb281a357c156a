import GGUF

/// The tokens after which a model has nothing more to say.
enum EndTokens {
    /// Texts by which models end a turn or a document, or start the next one, if the vocabulary
    /// has them as control tokens: Qwen and other ChatML models, Llama 3, Gemma, Phi, SmolLM,
    /// Mistral.
    private static let texts: Set<String> = [
        "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
        "<end_of_turn>", "<eos>", "</s>", "<|end|>", "<|fim_pad|>", "<|repo_name|>",
        "<|file_sep|>", "<reponame>",
    ]

    private static let keys = [
        "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
        "tokenizer.ggml.eom_token_id",
    ]

    /// The end tokens that the metadata names and those known by their texts.
    static func read(
        _ metadata: GGUFMetadata, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> Set<Int32> {
        var ids: Set<Int32> = []
        for key in keys {
            if let id = try metadata.token(key, count: vocabulary.count) { ids.insert(id) }
        }
        for (id, kind) in vocabulary.kinds.enumerated() where kind == .control {
            let text = String(decoding: vocabulary.tokens.slice(at: id), as: UTF8.self)
            if texts.contains(text) { ids.insert(Int32(id)) }
        }
        return ids
    }
}
