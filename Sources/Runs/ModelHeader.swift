package import Assets
import Foundation
import GGUF
package import Inference
package import Tokenization

/// What a model's file says of itself, read without its weights: enough to check a pair and to name cells.
package struct ModelHeader {
    /// The verified file.
    package let file: LocatedFile
    /// Turns text into the model's tokens and back.
    package let tokenizer: Tokenizer
    /// The chat format that the file names; nil if it names none that is known.
    package let template: ChatTemplate?
    let config: ModelConfig
    let gguf: GGUFFile

    /// Maps and checks the file.
    package init(_ file: LocatedFile) throws {
        self.file = file
        do {
            gguf = try GGUFFile(path: file.path)
            tokenizer = try Tokenizer(gguf)
            config = try ModelConfig(gguf, tokens: tokenizer.vocabularyCount)
        } catch {
            throw RunError.model(name: file.name, reason: "\(error)")
        }
        template = ChatTemplate.detect(in: gguf.metadata)
        for warning in tokenizer.warnings { note("model \(file.name): \(warning)") }
    }

    /// Bytes of the file's tensors that a token's pass reads: all but an untied embedding table.
    package var passBytes: Int {
        let tied = gguf.tensor(named: "output.weight") == nil
        return gguf.tensors.reduce(0) {
            $0 + ($1.name == "token_embd.weight" && !tied ? 0 : $1.byteCount)
        }
    }
}

/// A model ready to run.
package struct LoadedModel {
    package let header: ModelHeader
    /// The decoder with its weights.
    package let model: Model

    /// The verified file.
    package var file: LocatedFile { header.file }
    /// Turns text into the model's tokens and back.
    package var tokenizer: Tokenizer { header.tokenizer }
    /// The chat format that the file names; nil if it names none that is known.
    package var template: ChatTemplate? { header.template }

    /// Maps the file and loads it.
    package init(_ file: LocatedFile, processor: Processor, cacheBytes: Int = 4 << 30) throws {
        try self.init(ModelHeader(file), processor: processor, cacheBytes: cacheBytes)
    }

    init(_ header: ModelHeader, processor: Processor, cacheBytes: Int = 4 << 30) throws {
        self.header = header
        do {
            model = try Model(
                header.gguf, tokens: header.config.vocabulary, processor: processor,
                cacheBytes: cacheBytes)
        } catch {
            throw RunError.model(name: header.file.name, reason: "\(error)")
        }
    }

    /// The prompt's token ids: the turns in a chat format, or without one the user's text as it is; before it the begin token,
    /// if the file asks for one.
    ///
    /// Special tokens that are written in the texts are text, so that no text can end its turn; with `special` they are commands.
    package func prompt(
        system: String?, user: String, template: ChatTemplate?, special: Bool = false
    ) -> [Int32] {
        var parts = template?.render(system: system, user: user) ?? [.content(user)]
        if special { parts = parts.map { part in .format(part.text) } }
        let ids = tokenizer.encode(parts)
        guard tokenizer.addsBegin, let begin = tokenizer.beginID, ids.first != begin else {
            return ids
        }
        return [begin] + ids
    }
}
