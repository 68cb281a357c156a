package import Assets
import GGUF
package import Tokenization

/// A model's file as far as its tokens and chat format go: no weights are looked at.
package struct TextTokenizer {
    package let tokenizer: Tokenizer
    /// The same for equal tokenizers of different files.
    let hash: String
    /// The chat format that the file names; nil if it names none that is known.
    let template: ChatTemplate?
    private let name: String

    /// Throws `RunError.model`.
    package init(_ located: LocatedFile) throws {
        do {
            let gguf = try GGUFFile(path: located.path)
            tokenizer = try Tokenizer(gguf)
            template = ChatTemplate.detect(in: gguf.metadata)
            hash = TokenizerFingerprint.sha256(of: tokenizer, gguf.metadata)
        } catch {
            throw RunError.model(name: located.name, reason: "\(error)")
        }
        name = located.name
    }

    /// A user's turn as token ids, in the file's chat format or as it is.
    package func prompt(_ text: String, raw: Bool) throws(RunError) -> [Int32] {
        guard raw || template != nil else { throw .noTemplate(model: name) }
        let format = raw ? nil : template
        return tokenizer.prompt(format?.render(system: nil, user: text) ?? [.content(text)])
    }
}

extension Tokenizer {
    /// A prompt's token ids: before its parts the begin token, if the file asks for one.
    func prompt(_ parts: [TextPart]) -> [Int32] {
        let ids = encode(parts)
        guard addsBegin, let begin = beginID, ids.first != begin else { return ids }
        return [begin] + ids
    }
}
