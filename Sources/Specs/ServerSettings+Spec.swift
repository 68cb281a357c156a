import Schemas
import Servers

extension ServerSettings {
    /// What a checked node says; nil where something is missing or wrong.
    init?(_ node: YAMLNode?) {
        guard let node, let text = node["server"]?.text,
            let address = try? ServerAddress(text),
            let kind = node["api"]?.text.flatMap(ServerKind.init), let model = node["model"]?.text,
            let tokenizer = node["tokenizer"]?.text, let identity = node["identity"]?.text
        else { return nil }
        self.init(
            address: address, kind: kind, model: model, tokenizer: tokenizer, identity: identity,
            concurrency: node["concurrency"]?.integer ?? 8,
            timeout: node["timeout"]?.integer ?? 60, keyVariable: node["key"]?.text,
            parameters: node["parameters"]?.integer)
    }

    /// What a spec may say of one.
    static let keys = [
        SchemaKey(
            "server", .text(kind: "a server's address"), required: true,
            "Where it listens, such as http://127.0.0.1:8080"),
        SchemaKey(
            "api", .choice(ServerKind.allCases.map(\.rawValue)), required: true,
            "Which program it is"),
        SchemaKey(
            "model", .text(kind: "a model's name"), required: true,
            "What the server calls the model; reports do, too"),
        SchemaKey(
            "tokenizer", .text(kind: "a model's name or the path of a .gguf file"), required: true,
            "A model whose tokens are the server's; of its file only header and vocabulary are read"
        ),
        SchemaKey(
            "identity", .text(kind: "a text"), required: true,
            "What the model is: its weights, quantisation and whatever else decides its answers. Part of every cell's key"
        ),
        SchemaKey("concurrency", .integer(1...1024), "Requests at a time. 8 if absent"),
        SchemaKey(
            "timeout", .integer(1...86_400),
            "Seconds for one answer, with all tries. 60 if absent"),
        SchemaKey(
            "key", .text(kind: "the name of an environment variable"),
            "The environment variable that holds the server's key. None is sent if absent"),
        SchemaKey(
            "parameters", .integer(1 ... .max),
            "The model's weights, from which FLOPs and bytes are computed. These costs are unknown if absent"
        ),
    ]
}
