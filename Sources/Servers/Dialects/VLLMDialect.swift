/// vLLM's OpenAI-compatible server: `POST /v1/completions` with token ids.
///
/// `prompt_logprobs` lists, at each place of the prompt, its own token and the most probable one; the server then reads the whole prompt anew, past its prefix cache.
/// Written tokens have ids since `return_tokens_as_token_ids`, as "token_id:ID".
struct VLLMDialect: ServerDialect {
    let model: String

    let canTokenizePlainly = false

    private struct Completion: Encodable {
        let model: String
        let prompt: [Int32]
        let max_tokens: Int
        let logprobs: Int
        let prompt_logprobs: Int?
        let temperature = 0
        // What a model's own settings may say otherwise.
        let repetition_penalty = 1
        let presence_penalty = 0
        let frequency_penalty = 0
        let add_special_tokens = false
        let return_tokens_as_token_ids = true
        let stream = false
    }

    func request(_ ask: ServerAsk) throws -> HTTPRequest {
        HTTPRequest(
            "/v1/completions",
            body: try WireJSON.body(
                Completion(
                    model: model, prompt: ask.prompt, max_tokens: ask.count, logprobs: ask.top,
                    prompt_logprobs: ask.judgedFrom == nil ? nil : ask.top)))
    }

    private struct Completed: Decodable {
        struct Named: Decodable { let logprob: Double }
        struct Logprobs: Decodable {
            let tokens: [String]
            let token_logprobs: [Double]
            let top_logprobs: [[String: Double]]
        }
        struct Choice: Decodable {
            let logprobs: Logprobs
            let prompt_logprobs: [[String: Named]?]?
        }
        struct Usage: Decodable {
            struct Details: Decodable { let cached_tokens: Int? }
            let prompt_tokens: Int
            let prompt_tokens_details: Details?
        }
        let choices: [Choice]
        let usage: Usage
    }

    func answer(_ body: [UInt8], to ask: ServerAsk) throws -> ServerAnswer {
        let read = try WireJSON.read(Completed.self, body)
        guard read.choices.count == 1 else {
            throw ShapeFault("choices must have one entry, found \(read.choices.count)")
        }
        let choice = read.choices[0]
        let probabilities = choice.logprobs
        let count = probabilities.tokens.count
        guard (1...ask.count).contains(count), probabilities.token_logprobs.count == count,
            probabilities.top_logprobs.count == count
        else {
            throw ShapeFault(
                "choices[0].logprobs must list 1 to \(ask.count) tokens with their probabilities, found \(count), "
                    + "\(probabilities.token_logprobs.count) and \(probabilities.top_logprobs.count)"
            )
        }
        let written = try (0..<count).map { place in
            ListedTokens(
                listed: try probabilities.top_logprobs[place].map {
                    (try Self.id($0.key, prefix: "token_id:"), $0.value)
                },
                own: (
                    try Self.id(probabilities.tokens[place], prefix: "token_id:"),
                    probabilities.token_logprobs[place]
                ))
        }
        let cached = read.usage.prompt_tokens_details?.cached_tokens
        return ServerAnswer(
            judged: try judged(choice.prompt_logprobs, ask), written: written,
            readTokens: cached.map { read.usage.prompt_tokens - $0 }, cachedTokens: cached,
            seconds: nil)
    }

    /// What was said before each token of the prompt, of those that are asked for.
    private func judged(
        _ listed: [[String: Completed.Named]?]?, _ ask: ServerAsk
    ) throws -> [ListedTokens] {
        guard let first = ask.judgedFrom else { return [] }
        guard let listed, listed.count == ask.prompt.count else {
            throw ShapeFault(
                "choices[0].prompt_logprobs must have \(ask.prompt.count) entries, one for each token of the prompt, found \(listed?.count ?? 0)"
            )
        }
        return try (first + 1..<ask.prompt.count).map { place in
            guard let here = listed[place] else {
                throw ShapeFault(
                    "choices[0].prompt_logprobs[\(place)] must be an object, found null")
            }
            let own = Int(ask.prompt[place])
            guard let judged = here["\(own)"] else {
                throw ShapeFault(
                    "choices[0].prompt_logprobs[\(place)] must hold the prompt's own token \(own)")
            }
            // The own token comes on top of the most probable ones, if it is none of them.
            let all = try here.map { (try Self.id($0.key, prefix: ""), $0.value.logprob) }
            let most = all.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(ask.top)
            return ListedTokens(listed: Array(most), own: (own, judged.logprob))
        }
    }

    private static func id(_ text: String, prefix: String) throws(ShapeFault) -> Int {
        guard text.hasPrefix(prefix), let id = Int(text.dropFirst(prefix.count)) else {
            throw ShapeFault(
                "a token must be \"\(prefix)ID\", found \"\(HTTPText.excerpt(Array(text.utf8), most: 40))\""
            )
        }
        return id
    }

    // MARK: - What it is

    let questions = [HTTPRequest("/version"), HTTPRequest("/v1/models")]

    private struct Version: Decodable { let version: String }
    private struct Models: Decodable {
        struct Model: Decodable {
            let id: String
            let root: String?
            let max_model_len: Int?
        }
        let data: [Model]
    }

    func description(_ answers: [[UInt8]?], of model: String) throws -> ServerDescription {
        guard let second = answers[1] else {
            throw ShapeFault("the server does not tell its models (/v1/models)")
        }
        let models = try WireJSON.read(Models.self, second).data
        let own = models.first { $0.id == model }
        var settings: [String: String] = [:]
        settings["version"] = try answers[0].map { try WireJSON.read(Version.self, $0).version }
        settings["root"] = own?.root
        return ServerDescription(
            context: own?.max_model_len, models: models.map(\.id), settings: settings)
    }

    // MARK: - Tokens

    private struct Tokenizing: Encodable {
        let model: String
        let prompt: String
        let add_special_tokens = false
    }

    private struct Tokenized: Decodable { let tokens: [Int32] }

    func tokenizing(_ text: String, parseSpecial: Bool) throws -> HTTPRequest {
        HTTPRequest(
            "/tokenize", body: try WireJSON.body(Tokenizing(model: model, prompt: text)))
    }

    func tokens(_ body: [UInt8]) throws -> [Int32] {
        try WireJSON.read(Tokenized.self, body).tokens
    }
}
