import Foundation
import Platform
package import Tokenization

/// A server that has been asked who it is.
package final class ServerConnection {
    package let settings: ServerSettings
    /// What it told of itself.
    package let description: ServerDescription
    /// Tokens that a text may have.
    package let context: Int
    let dialect: any ServerDialect
    let client: HTTPClient

    /// Asks a server who it is, and whether it serves the model; throws `ServerError` or `HTTPFailure`.
    /// - Parameter environment: where the key's variable is looked up.
    package init(
        _ settings: ServerSettings, _ tokenizer: Tokenizer,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.settings = settings
        dialect = settings.kind.dialect(model: settings.model, tokenizer)
        var options = HTTPClient.Options()
        options.timeout = .seconds(settings.timeout)
        options.connections = settings.concurrency
        options.key = try settings.keyVariable.map { try Self.key(in: $0, environment) }
        client = HTTPClient(settings.address, options: options)
        var told: [[UInt8]?] = []
        for question in dialect.questions {
            // Some servers do not tell, which is no fault of theirs; a refusal is.
            let response = try client.send(
                question, isCancelled: { Interruption.isRequested })
            do throws(ServerError) {
                told.append(try Self.body(of: response, question, settings))
            } catch {
                guard case .status = error else { throw error }
                told.append(nil)
            }
        }
        let (paths, server) = (dialect.questions.map(\.path), settings.address.text)
        func shape(_ reason: String) -> ServerError {
            .shape(server: server, path: paths.joined(separator: ", "), reason: reason)
        }
        do {
            description = try dialect.description(told, of: settings.model)
        } catch let fault as ShapeFault {
            throw shape(fault.reason)
        }
        if let models = description.models, !models.contains(settings.model) {
            throw ServerError.unknownModel(server: server, model: settings.model, known: models)
        }
        guard let context = description.context, context > 1 else {
            throw shape("the server does not tell how many tokens a text may have")
        }
        guard context <= Int(Int32.max) else {
            throw shape("a text may have \(context) tokens, expected at most \(Int32.max)")
        }
        self.context = context
        if let slots = description.slots, slots < settings.concurrency {
            throw ServerError.tooFewSlots(
                server: settings.address.text, slots: slots, concurrency: settings.concurrency)
        }
    }

    private static func key(
        in variable: String, _ environment: [String: String]
    ) throws(ServerError) -> String {
        guard ServerSettings.isVariable(variable) else { throw .noVariable }
        guard let key = environment[variable], !key.isEmpty else {
            throw .noKey(variable: variable)
        }
        // It becomes a line of a header.
        guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .badKey(variable: variable)
        }
        return key
    }

    /// The body of an answer of status 200.
    private static func body(
        of response: HTTPResponse, _ request: HTTPRequest, _ settings: ServerSettings
    ) throws(ServerError) -> [UInt8] {
        let server = settings.address.text
        switch response.status {
        case 200: return response.body
        case 301, 302, 303, 307, 308:
            throw .redirected(
                server: server, path: request.path, status: response.status,
                to: response.location ?? "nowhere")
        case 401, 403:
            throw .refusedKey(
                server: server, status: response.status, variable: settings.keyVariable)
        default:
            throw .status(
                server: server, path: request.path, status: response.status, body: response.excerpt)
        }
    }

    /// Sends a request, and reads its answer.
    func send<Value>(_ request: HTTPRequest, read: ([UInt8]) throws -> Value) throws -> Value {
        try self.read(
            client.send(request, isCancelled: { Interruption.isRequested }), to: request, read)
    }

    /// Reads an answer; what is wrong with it is told with server and path.
    func read<Value>(
        _ response: HTTPResponse, to request: HTTPRequest, _ read: ([UInt8]) throws -> Value
    ) throws -> Value {
        let body = try Self.body(of: response, request, settings)
        do {
            return try read(body)
        } catch let fault as ShapeFault {
            throw ServerError.shape(
                server: settings.address.text, path: request.path, reason: fault.reason)
        }
    }

    /// Whether the server's tokens are those of a tokenizer: by some hundred texts.
    package func check(_ tokenizer: Tokenizer, named name: String) throws {
        for sample in TokenizerSamples.texts(of: tokenizer) {
            if !sample.parseSpecial && !dialect.canTokenizePlainly { continue }
            let request = try dialect.tokenizing(sample.text, parseSpecial: sample.parseSpecial)
            let theirs = try send(request, read: dialect.tokens)
            let ours = tokenizer.encode(sample.text, parseSpecial: sample.parseSpecial)
            guard ours == theirs else {
                throw ServerError.otherTokens(
                    server: settings.address.text, tokenizer: name, text: sample.text, ours: ours,
                    theirs: theirs)
            }
        }
    }
}

extension ServerKind {
    /// How such a server is spoken to.
    func dialect(model: String, _ tokenizer: Tokenizer) -> any ServerDialect {
        switch self {
        case .llamaServer:
            let ids = 0..<Int32(tokenizer.vocabularyCount)
            let plain = ids.first { id in
                let bytes = tokenizer.bytes(of: id)
                return bytes.count == 1 && (0x21...0x7E).contains(bytes[0])
                    && !tokenizer.isControl(id)
            }
            return LlamaServerDialect(forced: plain ?? 0)
        case .vllm: return VLLMDialect(model: model)
        case .sglang: return SGLangDialect()
        }
    }
}
