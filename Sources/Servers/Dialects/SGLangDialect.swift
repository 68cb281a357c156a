/// SGLang's own API: `POST /generate` with token ids.
///
/// From `logprob_start_len` on, the prompt's tokens are listed with their probabilities, while what comes before stays in its cache. The token at that place itself
/// gets none, so it is asked for from the place before the first that is judged.
struct SGLangDialect: ServerDialect {
    let canTokenizePlainly = false

    private struct Generation: Encodable {
        struct Sampling: Encodable {
            let maxNewTokens: Int
            let temperature = 0
            // What a model's own settings may say otherwise.
            let repetitionPenalty = 1
        }
        let inputIds: [Int32]
        let samplingParams: Sampling
        let logprobStartLen: Int?
        let topLogprobsNum: Int
        let returnLogprob = true
        let stream = false
    }

    func request(_ ask: ServerAsk) throws -> HTTPRequest {
        HTTPRequest(
            "/generate",
            body: try WireJSON.body(
                Generation(
                    inputIds: ask.prompt,
                    samplingParams: .init(maxNewTokens: ask.count),
                    logprobStartLen: ask.judgedFrom,
                    topLogprobsNum: ask.top)))
    }

    /// [log-probability or null, id, text or null].
    private struct Listed: Decodable {
        let logprob: Double?
        let id: Int

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            logprob = try values.decodeNil() ? nil : values.decode(Double.self)
            id = try values.decode(Int.self)
        }
    }

    private struct Generated: Decodable {
        struct Meta: Decodable {
            let promptTokens: Int
            let cachedTokens: Int?
            let e2eLatency: Double?
            let inputTokenLogprobs: [Listed]?
            let inputTopLogprobs: [[Listed]?]?
            let outputTokenLogprobs: [Listed]
            let outputTopLogprobs: [[Listed]?]

            enum CodingKeys: String, CodingKey {
                case promptTokens = "prompt_tokens"
                case cachedTokens = "cached_tokens"
                case e2eLatency = "e2e_latency"
                case inputTokenLogprobs = "input_token_logprobs"
                case inputTopLogprobs = "input_top_logprobs"
                case outputTokenLogprobs = "output_token_logprobs"
                case outputTopLogprobs = "output_top_logprobs"
            }
        }
        let metaInfo: Meta

        enum CodingKeys: String, CodingKey {
            case metaInfo = "meta_info"
        }
    }

    func answer(_ body: [UInt8], to ask: ServerAsk) throws -> ServerAnswer {
        let meta = try WireJSON.read(Generated.self, body).metaInfo
        let count = meta.outputTokenLogprobs.count
        guard (1...ask.count).contains(count), meta.outputTopLogprobs.count == count else {
            throw ShapeFault(
                "meta_info.output_token_logprobs and output_top_logprobs must have 1 to \(ask.count) entries, found \(count) and \(meta.outputTopLogprobs.count)"
            )
        }
        let written = try zip(meta.outputTokenLogprobs, meta.outputTopLogprobs).map {
            try Self.place($0, $1, "output_token_logprobs")
        }
        return ServerAnswer(
            judged: try judged(meta, ask), written: written,
            readTokens: try ServerAnswer.readTokens(
                of: meta.promptTokens, cached: meta.cachedTokens),
            cachedTokens: meta.cachedTokens, seconds: meta.e2eLatency)
    }

    private func judged(_ meta: Generated.Meta, _ ask: ServerAsk) throws -> [ListedTokens] {
        guard let first = ask.judgedFrom else { return [] }
        let tokens = ask.prompt[(first + 1)...]
        let own = (meta.inputTokenLogprobs ?? []).suffix(tokens.count)
        let top = (meta.inputTopLogprobs ?? []).suffix(tokens.count)
        guard own.count == tokens.count, top.count == tokens.count else {
            throw ShapeFault(
                "meta_info.input_token_logprobs and input_top_logprobs must have \(tokens.count) entries and more, found \(own.count) and \(top.count)"
            )
        }
        return try zip(tokens, zip(own, top)).map { token, listed in
            // Some versions write the vocabulary's last id as 0.
            guard listed.0.id == Int(token) || listed.0.id == 0 else {
                throw ShapeFault(
                    "meta_info.input_token_logprobs must end with the prompt's tokens: expected \(token), found \(listed.0.id)"
                )
            }
            var place = try Self.place(listed.0, listed.1, "input_token_logprobs")
            place.own?.id = Int(token)
            return place
        }
    }

    private static func place(
        _ own: Listed, _ top: [Listed]?, _ name: String
    ) throws(ShapeFault) -> ListedTokens {
        guard let logprob = own.logprob, let top else {
            throw ShapeFault("meta_info.\(name) must have a number for token \(own.id), found null")
        }
        var listed: [(id: Int, logProbability: Double)] = []
        for entry in top {
            guard let logprob = entry.logprob else {
                throw ShapeFault(
                    "meta_info.\(name) must have a number for token \(entry.id), found null")
            }
            listed.append((entry.id, logprob))
        }
        return ListedTokens(listed: listed, own: (own.id, logprob))
    }

    // MARK: - What it is

    let questions = [HTTPRequest("/get_server_info"), HTTPRequest("/v1/models")]

    private struct Server: Decodable {
        let version: String?
        let modelPath: String?
        let dtype: String?
        let quantization: String?
        let kvCacheDtype: String?
        let attentionBackend: String?

        enum CodingKeys: String, CodingKey {
            case version, dtype, quantization
            case modelPath = "model_path"
            case kvCacheDtype = "kv_cache_dtype"
            case attentionBackend = "attention_backend"
        }
    }

    private struct Models: Decodable {
        struct Model: Decodable {
            let id: String
            let maxModelLen: Int?

            enum CodingKeys: String, CodingKey {
                case id
                case maxModelLen = "max_model_len"
            }
        }
        let data: [Model]
    }

    func description(_ answers: [[UInt8]?], of model: String) throws -> ServerDescription {
        guard let first = answers[0], let second = answers[1] else {
            throw ShapeFault("the server does not tell its settings and models")
        }
        let models = try WireJSON.read(Models.self, second).data
        let server = try WireJSON.read(Server.self, first)
        var settings: [String: String] = [:]
        settings["version"] = server.version
        settings["model path"] = server.modelPath
        settings["dtype"] = server.dtype
        settings["quantization"] = server.quantization
        settings["cache dtype"] = server.kvCacheDtype
        settings["attention"] = server.attentionBackend
        return ServerDescription(
            context: models.first { $0.id == model }?.maxModelLen,
            models: models.map(\.id), settings: settings)
    }

    // MARK: - Tokens

    private struct Tokenizing: Encodable {
        let prompt: String
        let addSpecialTokens = false
    }

    func tokenizing(_ text: String, parseSpecial: Bool) throws -> HTTPRequest {
        HTTPRequest("/tokenize", body: try WireJSON.body(Tokenizing(prompt: text)))
    }
}
