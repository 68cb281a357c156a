package import Assets
import Foundation
import GGUF
package import Generation
import Hashing
package import Inference
import Routing
package import Servers
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
        /// SHA-256 of its file, lower-case hexadecimal; of one behind a server, of what is known of it (`RemoteIdentity`).
        package let sha256: String
        /// nil where nobody tells, as of all that follows.
        package let architecture: String?
        package let parameters: Int?
        package let fileBytes: Int?
        /// Of one behind a server: API, model, what its user says it is, what the server told, as JSON. nil for one that runs here.
        package let server: String?
    }

    package let identity: Identity
    /// Its file as far as tokens and chat format go.
    package let text: TextTokenizer
    /// Tokens that a text may have.
    package let context: Int
    /// Rows of its embeddings and distributions: ids are below.
    let vocabulary: Int
    /// Its layers; the state after each but the last can be looked at. 0 where none can.
    let layers: Int
    /// Numbers of a hidden state; 0 where none can be looked at.
    let width: Int
    /// What its passes cost; nil where nobody knows.
    package let costs: ModelCosts?
    private let source: Source

    /// Where it runs.
    private enum Source {
        case here(GGUFFile)
        case behind(ServerConnection)
    }

    /// The server that it runs behind; nil if it runs here.
    var server: ServerConnection? {
        if case .behind(let connection) = source { connection } else { nil }
    }

    /// Maps and checks a file; reads no weights. Throws `RunError.model`.
    package init(_ located: LocatedFile) throws {
        let config: ModelConfig
        let gguf: GGUFFile
        do {
            gguf = try GGUFFile(path: located.path)
            text = try TextTokenizer(gguf, named: located.name)
            config = try ModelConfig(gguf, tokens: text.tokenizer.vocabularyCount)
            source = .here(gguf)
        } catch {
            throw RunError.model(name: located.name, reason: "\(error)")
        }
        identity = Identity(
            name: located.name, sha256: located.sha256,
            architecture: config.architecture.rawValue,
            parameters: config.bodyParameters + config.vocabulary * config.width,
            fileBytes: Int(located.bytes), server: nil)
        context = config.context
        vocabulary = config.vocabulary
        layers = config.layers
        width = config.width
        costs = ModelCosts(
            config, weightBytes: gguf.passBytes, outputRowBytes: gguf.outputRowBytes)
        for warning in text.warnings { note("model \(located.name): \(warning)") }
    }

    /// Asks a server who it is, and whether its tokens are those of a file, of which header and vocabulary are read.
    ///
    /// Throws `RunError.model`, `ServerError`, `HTTPFailure`.
    package init(_ settings: ServerSettings, tokenizer located: LocatedFile) throws {
        text = try TextTokenizer(located)
        let tokenizer = text.tokenizer
        let connection = try ServerConnection(settings, tokenizer)
        try connection.check(tokenizer, named: settings.tokenizer)
        source = .behind(connection)
        let known = try RemoteIdentity(settings, connection.description).text()
        identity = Identity(
            name: settings.model, sha256: SHA256.hexadecimal(of: Data(known.utf8)),
            architecture: nil, parameters: settings.parameters, fileBytes: nil, server: known)
        context = connection.context
        vocabulary = tokenizer.vocabularyCount
        layers = 0
        width = 0
        costs = settings.parameters.map { parameters in
            let bytes = connection.description.settings["bytes"].flatMap(Int.init)
            return ModelCosts(
                bodyParameters: parameters, outputParameters: 0, attentionPerPosition: 0,
                weightBytes: bytes ?? 2 * parameters, kvBytesPerToken: 0)
        }
    }

    /// Turns text into the model's tokens and back.
    package var tokenizer: Tokenizer { text.tokenizer }

    /// The same for equal tokenizers of different files.
    package var tokenizerHash: String { text.hash }

    /// The chat format that its file names; nil if it names none that is known.
    package var template: ChatTemplate? { text.template }

    /// The model with its weights, or the way to its server. Throws `RunError.model`.
    func load(_ processor: Processor) throws -> AnyModel {
        switch source {
        case .here: AnyModel(try loadHere(processor))
        case .behind(let connection):
            AnyModel(RemoteModel(connection, vocabulary: vocabulary, context: context))
        }
    }

    /// Loads the weights. Throws `RunError.model`, also for a model that is not here.
    fileprivate func loadHere(
        _ processor: Processor, cacheBytes: Int = 4 << 30
    ) throws -> Model {
        do {
            guard case .here(let gguf) = source else { throw RunError.notHere(identity.name) }
            return try Model(
                gguf, tokens: vocabulary, processor: processor, cacheBytes: cacheBytes)
        } catch let error as RunError {
            throw error
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
            isFallback: { tokenizer.isFallback($0) },
            encode: { tokenizer.encode(continuing: $0) })
    }

    /// The prompt's token ids: the turns in a chat format, or without one the user's text as it is; before it the begin token,
    /// if the file asks for one or its own chat program writes it.
    ///
    /// Special tokens that are written in the texts are text, so that no text can end its turn; with `special` they are commands.
    package func prompt(
        system: String?, user: String, template: ChatTemplate?, special: Bool = false
    ) -> [Int32] {
        var parts = template?.render(system: system, user: user) ?? [.content(user)]
        if special { parts = parts.map { part in .format(part.text) } }
        return text.prompt(parts, in: template)
    }

    /// The format of that name, else the one its file names; nil for `raw`.
    package func template(named name: String?) throws(RunError) -> ChatTemplate? {
        try text.template(named: name)
    }
}

/// What is known of a model behind a server, and decides a cell's key in place of a file's hash: what the user says it is, and what the server tells.
private struct RemoteIdentity: Encodable {
    let api: String
    let model: String
    let identity: String
    /// Its version and settings.
    let server: [String: String]

    init(_ settings: ServerSettings, _ description: ServerDescription) {
        api = settings.kind.rawValue
        model = settings.model
        identity = settings.identity
        server = description.settings
    }

    func text() throws -> String {
        String(decoding: try JSONEncoder.canonical.encode(self), as: UTF8.self)
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
    /// Bytes of weights that a pass reads.
    package var weightBytes: Int { participant.costs?.weightBytes ?? 0 }

    /// Maps the file and loads it.
    package init(_ file: LocatedFile, processor: Processor, cacheBytes: Int = 4 << 30) throws {
        participant = try Participant(file)
        model = try participant.loadHere(processor, cacheBytes: cacheBytes)
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
