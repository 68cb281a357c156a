package import Assets
import Foundation
import GGUF
package import Generation
package import Inference
import Routing
package import Tokenization

/// One of a pair's models, before it runs: who it is, how it reads and writes text, and what it costs. What it can tell is known before, from the spec
/// (`SweepSpec.Models.capabilities`).
///
/// Plans, keys, costs, labels and records know a model by this alone, wherever it runs.
package struct Participant {
    /// What tells it from every other model.
    package struct Identity: Sendable, Equatable {
        /// In catalogues and reports.
        package let name: String
        /// SHA-256 of its file, lower-case hexadecimal.
        package let sha256: String
        package let architecture: String
        package let parameters: Int
        package let fileBytes: Int
    }

    package let identity: Identity
    /// Turns text into the model's tokens and back.
    package let tokenizer: Tokenizer
    /// The same for equal tokenizers of different files.
    package let tokenizerHash: String
    /// The chat format that its file names; nil if it names none that is known.
    package let template: ChatTemplate?
    /// Tokens that a text may have.
    package let context: Int
    /// Rows of its embeddings and distributions: ids are below.
    let vocabulary: Int
    /// Its layers; the state after each but the last can be looked at.
    let layers: Int
    /// Numbers of a hidden state.
    let width: Int
    package let costs: ModelCosts
    private let file: File

    /// The file that it is loaded from.
    private struct File {
        let located: LocatedFile
        let gguf: GGUFFile
    }

    /// Maps and checks a file; reads no weights. Throws `RunError.model`.
    package init(_ located: LocatedFile) throws {
        let config: ModelConfig
        do {
            let gguf = try GGUFFile(path: located.path)
            tokenizer = try Tokenizer(gguf)
            config = try ModelConfig(gguf, tokens: tokenizer.vocabularyCount)
            file = File(located: located, gguf: gguf)
        } catch {
            throw RunError.model(name: located.name, reason: "\(error)")
        }
        identity = Identity(
            name: located.name, sha256: located.sha256,
            architecture: config.architecture.rawValue,
            parameters: config.bodyParameters + config.vocabulary * config.width,
            fileBytes: Int(located.bytes))
        tokenizerHash = TokenizerFingerprint.sha256(of: tokenizer, file.gguf.metadata)
        template = ChatTemplate.detect(in: file.gguf.metadata)
        context = config.context
        vocabulary = config.vocabulary
        layers = config.layers
        width = config.width
        costs = ModelCosts(
            config, weightBytes: file.gguf.passBytes, outputRowBytes: file.gguf.outputRowBytes)
        for warning in tokenizer.warnings { note("model \(located.name): \(warning)") }
    }

    /// Loads the weights. Throws `RunError.model`.
    func load(_ processor: Processor, cacheBytes: Int = 4 << 30) throws -> Model {
        do {
            return try Model(
                file.gguf, tokens: vocabulary, processor: processor, cacheBytes: cacheBytes)
        } catch {
            throw RunError.model(name: identity.name, reason: "\(error)")
        }
    }

    /// What another model needs to read this one's text.
    var textTokens: TextTokens {
        let tokenizer = tokenizer
        return TextTokens(
            count: vocabulary, named: tokenizer.vocabularyCount,
            bytes: { tokenizer.bytes(of: $0) }, isControl: { tokenizer.isControl($0) },
            encode: { tokenizer.encode($0, parseSpecial: false) })
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

    /// The format of that name, else the one its file names; nil for `raw`.
    package func template(named name: String?) throws(RunError) -> ChatTemplate? {
        if name == "raw" { return nil }
        if let name {
            guard let template = ChatTemplate(rawValue: name) else {
                throw .unknownTemplate(name)
            }
            return template
        }
        guard let template else { throw .noTemplate(model: identity.name) }
        return template
    }
}

extension GGUFFile {
    /// Bytes of the tensors that a token's pass reads: all but an untied embedding table.
    fileprivate var passBytes: Int {
        let tied = tensor(named: "output.weight") == nil
        return tensors.reduce(0) {
            $0 + ($1.name == "token_embd.weight" && !tied ? 0 : $1.byteCount)
        }
    }

    /// Bytes of a row of the output matrix, with its bias if it has one.
    fileprivate var outputRowBytes: Int {
        let table = tensor(named: "output.weight") ?? tensor(named: "token_embd.weight")
        let bias = tensor(named: "output.bias").map { $0.byteCount / max($0.columns, 1) }
        return (table.map { $0.byteCount / max($0.rows, 1) } ?? 0) + (bias ?? 0)
    }
}

/// A model's file, ready to run.
package struct LoadedModel {
    package let participant: Participant
    /// The decoder with its weights.
    package let model: Model

    /// Turns text into the model's tokens and back.
    package var tokenizer: Tokenizer { participant.tokenizer }

    /// Maps the file and loads it.
    package init(_ file: LocatedFile, processor: Processor, cacheBytes: Int = 4 << 30) throws {
        participant = try Participant(file)
        model = try participant.load(processor, cacheBytes: cacheBytes)
    }
}

extension AssetStore {
    /// The tokens of a model's vocabulary; nil for one that is not here yet, or that cannot be read, which is told when it is loaded.
    func vocabulary(ofModel name: String) -> Int? {
        if !AssetCatalog.isPath(name) {
            guard let file = try? catalog.model(named: name).file,
                case .present? = try? state(of: file)
            else { return nil }
        }
        guard let located = try? model(name), let gguf = try? GGUFFile(path: located.path) else {
            return nil
        }
        return (try? Tokenizer(gguf))?.vocabularyCount
    }
}
