package import Routing

/// The servers whose API is spoken.
package enum ServerKind: String, Sendable, CaseIterable, Codable {
    case llamaServer = "llama-server"
    case vllm
    case sglang

    /// What a model behind it can tell, beyond the next token, its probability and the second's (docs/servers.md). Of none the whole distribution and its entropy.
    package var capabilities: Set<Capability> {
        switch self {
        // It tells no probabilities of tokens that it is given.
        case .llamaServer: [.topTokens]
        case .vllm, .sglang: [.topTokens, .verification]
        }
    }
}

/// A model behind a server, as a spec names it.
package struct ServerSettings: Equatable, Sendable {
    /// Where it listens.
    package let address: ServerAddress
    package let kind: ServerKind
    /// What the server calls it; reports do, too.
    package let model: String
    /// The model of the catalogue, or the file, whose tokens are the server's.
    package let tokenizer: String
    /// What the user says the model is: weights, quantisation, whatever else decides its answers. Part of every cell's key.
    package let identity: String
    /// Requests at a time.
    package let concurrency: Int
    /// Seconds for one answer, all tries included.
    package let timeout: Int
    /// The environment variable with the key; nil: none is sent.
    package let keyVariable: String?
    /// Weights of the model, from which FLOPs and bytes are computed; nil: these costs are unknown.
    package let parameters: Int?

    package init(
        address: ServerAddress, kind: ServerKind, model: String, tokenizer: String,
        identity: String, concurrency: Int = 8, timeout: Int = 60, keyVariable: String? = nil,
        parameters: Int? = nil
    ) {
        self.address = address
        self.kind = kind
        self.model = model
        self.tokenizer = tokenizer
        self.identity = identity
        self.concurrency = concurrency
        self.timeout = timeout
        self.keyVariable = keyVariable
        self.parameters = parameters
    }

    /// Whether `name` is an environment variable's; a key that was written there by mistake hardly is, and is never repeated.
    package static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 100 else { return false }
        let isUpper = { (byte: UInt8) in (0x41...0x5A).contains(byte) || byte == 0x5F }
        return isUpper(first) && name.utf8.allSatisfy { isUpper($0) || (0x30...0x39).contains($0) }
    }
}
