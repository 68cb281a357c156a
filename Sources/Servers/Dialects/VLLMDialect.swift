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
        let maxTokens: Int
        let logprobs: Int
        let promptLogprobs: Int?
        let temperature = 0
        // What a model's own settings may say otherwise.
        let repetitionPenalty = 1
        let presencePenalty = 0
        let frequencyPenalty = 0
        let addSpecialTokens = false
        let returnTokensAsTokenIds = true
        let stream = false
    }

    func request(_ ask: ServerAsk) throws -> HTTPRequest {
        HTTPRequest(
            "/v1/completions",
            body: try WireJSON.body(
                Completion(
                    model: model, prompt: ask.prompt, maxTokens: ask.count, logprobs: ask.top,
                    promptLogprobs: ask.judgedFrom == nil ? nil : ask.top)))
    }

    private struct Completed: Decodable {
        struct Named: Decodable { let logprob: Double }
        struct Logprobs: Decodable {
            let tokens: [String]
            let tokenLogprobs: [Double]
            let topLogprobs: [[String: Double]]

            enum CodingKeys: String, CodingKey {
                case tokens
                case tokenLogprobs = "token_logprobs"
                case topLogprobs = "top_logprobs"
            }
        }
        struct Choice: Decodable {
            let logprobs: Logprobs
            let promptLogprobs: [[String: Named]?]?

            enum CodingKeys: String, CodingKey {
                case logprobs
                case promptLogprobs = "prompt_logprobs"
            }
        }
        struct Usage: Decodable {
            struct Details: Decodable {
                let cachedTokens: Int?

                enum CodingKeys: String, CodingKey {
                    case cachedTokens = "cached_tokens"
                }
            }
            let promptTokens: Int
            let promptTokensDetails: Details?

            enum CodingKeys: String, CodingKey {
                case promptTokens = "prompt_tokens"
                case promptTokensDetails = "prompt_tokens_details"
            }
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
        guard (1...ask.count).contains(count), probabilities.tokenLogprobs.count == count,
            probabilities.topLogprobs.count == count
        else {
            throw ShapeFault(
                "choices[0].logprobs must list 1 to \(ask.count) tokens with their probabilities, found \(count), "
                    + "\(probabilities.tokenLogprobs.count) and \(probabilities.topLogprobs.count)"
            )
        }
        let written = try (0..<count).map { place in
            ListedTokens(
                listed: try probabilities.topLogprobs[place].map {
                    (try Self.id($0.key, prefix: "token_id:"), $0.value)
                },
                own: (
                    try Self.id(probabilities.tokens[place], prefix: "token_id:"),
                    probabilities.tokenLogprobs[place]
                ))
        }
        let cached = read.usage.promptTokensDetails?.cachedTokens
        return ServerAnswer(
            judged: try judged(choice.promptLogprobs, ask), written: written,
            readTokens: try ServerAnswer.readTokens(of: read.usage.promptTokens, cached: cached),
            cachedTokens: cached, seconds: nil)
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
            let maxModelLen: Int?

            enum CodingKeys: String, CodingKey {
                case id, root
                case maxModelLen = "max_model_len"
            }
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
            context: own?.maxModelLen, models: models.map(\.id), settings: settings)
    }

    // MARK: - Tokens

    private struct Tokenizing: Encodable {
        let model: String
        let prompt: String
        let addSpecialTokens = false
    }

    func tokenizing(_ text: String, parseSpecial: Bool) throws -> HTTPRequest {
        HTTPRequest(
            "/tokenize", body: try WireJSON.body(Tokenizing(model: model, prompt: text)))
    }
}
