/// llama.cpp's llama-server: `POST /completion` (tools/server/README.md of ggml-org/llama.cpp; tried with the release of October 2026).
///
/// Its list of probable tokens is of the raw distribution, whatever sampling settings say. It leaves the list out where the text so far ends within a character,
/// so a single token is asked for by forcing a harmless one (`forced`): the list then says what the model would have written. An empty list of samplers would
/// draw at random, so one is named.
struct LlamaServerDialect: ServerDialect {
    /// A token of one visible ASCII letter or mark.
    let forced: Int32

    let canTokenizePlainly = true

    private struct Completion: Encodable {
        let prompt: [Int32]
        let nPredict: Int
        let nProbs: Int
        let idSlot: Int
        let logitBias: [[Float]]?
        let temperature = 0
        let samplers = ["temperature"]
        let cachePrompt = true
        let returnTokens = true
        let stream = false
        /// All that is looked at: else the answer repeats the prompt's text and all settings.
        let responseFields = [
            "tokens", "completion_probabilities", "id_slot", "timings/cache_n",
            "timings/prompt_n", "timings/prompt_ms", "timings/predicted_ms",
        ]
    }

    func request(_ ask: ServerAsk) throws -> HTTPRequest {
        HTTPRequest(
            "/completion",
            body: try WireJSON.body(
                Completion(
                    prompt: ask.prompt, nPredict: ask.count, nProbs: ask.top,
                    idSlot: ask.slot ?? -1,
                    logitBias: ask.count == 1 ? [[Float(forced), 1e6]] : nil)))
    }

    private struct Completed: Decodable {
        struct Listed: Decodable {
            let id: Int
            let logprob: Double
        }
        struct Place: Decodable {
            let id: Int
            let logprob: Double
            let topLogprobs: [Listed]

            enum CodingKeys: String, CodingKey {
                case id, logprob
                case topLogprobs = "top_logprobs"
            }
        }
        let tokens: [Int]
        let completionProbabilities: [Place]?
        let idSlot: Int
        let cachedTokens: Int?
        let readTokens: Int?
        let promptMilliseconds: Double?
        let predictedMilliseconds: Double?

        /// What was asked for by a path is called by it.
        enum CodingKeys: String, CodingKey {
            case tokens
            case completionProbabilities = "completion_probabilities"
            case idSlot = "id_slot"
            case cachedTokens = "timings/cache_n"
            case readTokens = "timings/prompt_n"
            case promptMilliseconds = "timings/prompt_ms"
            case predictedMilliseconds = "timings/predicted_ms"
        }
    }

    func answer(_ body: [UInt8], to ask: ServerAsk) throws -> ServerAnswer {
        let read = try WireJSON.read(Completed.self, body)
        if let slot = ask.slot, slot != read.idSlot {
            throw ShapeFault("slot \(slot) was asked for, and slot \(read.idSlot) answered")
        }
        guard let places = read.completionProbabilities ?? (ask.count > 1 ? [] : nil) else {
            throw ShapeFault("completion_probabilities is missing in the answer")
        }
        let written: [ListedTokens]
        if ask.count == 1 {
            guard places.count == 1 else {
                throw ShapeFault(
                    "completion_probabilities must have one entry for one token, found \(places.count)"
                )
            }
            // The forced token is nobody's choice.
            written = [
                ListedTokens(
                    listed: places[0].topLogprobs.map { ($0.id, $0.logprob) }, own: nil)
            ]
        } else {
            guard !read.tokens.isEmpty, read.tokens.count <= ask.count else {
                throw ShapeFault("expected 1 to \(ask.count) tokens, found \(read.tokens.count)")
            }
            written = Self.aligned(read.tokens, places)
        }
        let seconds = read.promptMilliseconds.map {
            ($0 + (read.predictedMilliseconds ?? 0)) / 1000
        }
        return ServerAnswer(
            written: written, readTokens: read.readTokens, cachedTokens: read.cachedTokens,
            seconds: seconds)
    }

    /// Each token with what was listed at its place; nothing where the entries of several tokens that are one character together were joined.
    private static func aligned(_ tokens: [Int], _ places: [Completed.Place]) -> [ListedTokens] {
        var next = 0
        return tokens.map { token in
            guard next < places.count, places[next].id == token else {
                return ListedTokens(listed: [], own: (token, .nan))
            }
            defer { next += 1 }
            let place = places[next]
            return ListedTokens(
                listed: place.topLogprobs.map { ($0.id, $0.logprob) },
                own: (place.id, place.logprob))
        }
    }

    // MARK: - What it is

    let questions = [HTTPRequest("/props"), HTTPRequest("/v1/models")]

    private struct Properties: Decodable {
        struct Settings: Decodable {
            let nCtx: Int

            enum CodingKeys: String, CodingKey {
                case nCtx = "n_ctx"
            }
        }
        let defaultGenerationSettings: Settings
        let totalSlots: Int
        let buildInfo: String
        let modelFtype: String?

        enum CodingKeys: String, CodingKey {
            case defaultGenerationSettings = "default_generation_settings"
            case totalSlots = "total_slots"
            case buildInfo = "build_info"
            case modelFtype = "model_ftype"
        }
    }

    private struct Models: Decodable {
        struct Model: Decodable {
            struct Meta: Decodable {
                let nParams: Int?
                let size: Int?

                enum CodingKeys: String, CodingKey {
                    case size
                    case nParams = "n_params"
                }
            }
            let id: String
            let meta: Meta?
        }
        let data: [Model]
    }

    func description(_ answers: [[UInt8]?], of model: String) throws -> ServerDescription {
        guard let first = answers[0] else {
            throw ShapeFault("the server does not tell its properties (/props)")
        }
        let properties = try WireJSON.read(Properties.self, first)
        let models = try answers[1].map { try WireJSON.read(Models.self, $0) }
        var settings = ["build": properties.buildInfo]
        settings["file type"] = properties.modelFtype
        if let meta = models?.data.first?.meta {
            settings["parameters"] = meta.nParams.map(String.init)
            settings["bytes"] = meta.size.map(String.init)
        }
        // Without a name of its own the model is called by its file's path, which says nothing.
        let names = models?.data.map(\.id).filter { !$0.contains("/") && !$0.hasSuffix(".gguf") }
        return ServerDescription(
            context: properties.defaultGenerationSettings.nCtx, slots: properties.totalSlots,
            models: names?.isEmpty == false ? names : nil, settings: settings)
    }

    // MARK: - Tokens

    private struct Tokenizing: Encodable {
        let content: String
        let addSpecial = false
        let parseSpecial: Bool
    }

    func tokenizing(_ text: String, parseSpecial: Bool) throws -> HTTPRequest {
        HTTPRequest(
            "/tokenize",
            body: try WireJSON.body(Tokenizing(content: text, parseSpecial: parseSpecial)))
    }
}
