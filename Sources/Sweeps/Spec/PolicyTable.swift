import Assets

/// One setting of a policy: its key, the values it takes, and what it means.
struct PolicyKey {
    /// What a setting's values are.
    enum Values {
        case number(NumberRange)
        case integer(ClosedRange<Int>)
        /// Numbers, or quantiles of the scores of a calibration run.
        case threshold(NumberRange)
        case router
    }

    let name: String
    let values: Values
    let documentation: String
}

/// What a spec may say of each policy. Validation, expansion and the JSON Schema read this table.
struct PolicyDefinition {
    let name: PolicyName
    let keys: [PolicyKey]
    let documentation: String

    static let all: [PolicyDefinition] = PolicyName.allCases.map(definition)

    private static func definition(of name: PolicyName) -> PolicyDefinition {
        func define(_ documentation: String, _ keys: PolicyKey...) -> PolicyDefinition {
            PolicyDefinition(name: name, keys: keys, documentation: documentation)
        }
        let unit = NumberRange(0, 1)
        let router = PolicyKey(
            name: "router", values: .router, documentation: "A trained router's name")
        func ratio(_ documentation: String) -> PolicyKey {
            PolicyKey(name: "ratio", values: .number(unit), documentation: documentation)
        }
        func threshold(_ documentation: String, _ range: NumberRange = unit) -> PolicyKey {
            PolicyKey(name: "threshold", values: .threshold(range), documentation: documentation)
        }
        switch name {
        case .slm: return define("The small model writes every token")
        case .llm: return define("The large model writes every token")
        case .random:
            return define(
                "A seeded draw for each token", ratio("The share of tokens the large model writes"))
        case .maxProb:
            return define(
                "The large model writes where the small one's greatest probability is low",
                threshold("Large below this probability"))
        case .entropy:
            return define(
                "The large model writes where the small one's entropy is high",
                threshold("Large above this entropy, in nats", NumberRange(0)))
        case .margin:
            return define(
                "The large model writes where the small one's best two tokens are close",
                threshold("Large below this difference of the two greatest probabilities"))
        case .query:
            return define(
                "A router chooses one model for the whole answer, from the question", router,
                threshold("Large above this score"))
        case .queryRandom:
            return define(
                "A seeded draw chooses one model for the whole answer",
                ratio("The share of questions the large model answers"))
        case .queryOracle:
            return define("The cheapest model that answers right, known in hindsight")
        case .cascade:
            return define(
                "The small model answers; a router decides whether the large one answers again",
                router, threshold("Again above this score"))
        case .coLLM:
            return define(
                "A linear router trained on the likelihood of references (Co-LLM)", router,
                threshold("Large above this score"))
        case .citer:
            return define(
                "A router trained on token preferences (CITER)", router,
                threshold("Large below this score"))
        case .r2r:
            return define(
                "A router trained on tokens that change the answer (R2R)", router,
                threshold("Large above this score"))
        case .disagree:
            return define("The large model writes where the two models' best tokens differ")
        case .speculative:
            return define(
                "The small model drafts, the large one verifies: the large one's text",
                PolicyKey(
                    name: "draft", values: .integer(1...64),
                    documentation: "Tokens drafted before each verification"))
        case .bild:
            return define(
                "Big Little Decoder: fall back to the large model, roll back on its word",
                PolicyKey(
                    name: "fallback", values: .number(unit),
                    documentation: "Large where the small one's greatest probability is below"),
                PolicyKey(
                    name: "rollback", values: .number(NumberRange(0)),
                    documentation:
                        "Roll back at the first token whose large negative log-probability, in "
                        + "nats, is above"))
        }
    }

    /// Whether it has a setting of that name.
    func has(_ key: String) -> Bool { keys.contains { $0.name == key } }

    static func named(_ name: PolicyName) -> PolicyDefinition { definition(of: name) }
}

extension PolicyKey {
    /// One value.
    var element: Schema {
        switch values {
        case .number(let range), .threshold(let range): .number(range)
        case .integer(let range): .integer(range)
        case .router: .text(kind: "a router's name")
        }
    }

    /// The schema of a key of this name whichever policy it belongs to.
    var widestSchema: Schema {
        guard case .threshold = values else { return schema }
        let any = PolicyKey(
            name: name, values: .threshold(NumberRange()), documentation: documentation)
        return any.schema
    }

    /// One value, a list of them, or for thresholds quantiles.
    var schema: Schema {
        guard case .threshold = values else { return .axis(of: element) }
        let share = Schema.number(NumberRange(0.001, 0.999))
        let quantiles = SchemaKey(
            "quantiles", .either(.integer(1...99), .list(of: share, least: 1)), required: true,
            "So many thresholds that cut the calibration run's scores into parts of equal size; or a list: the "
                + "thresholds that these shares of the scores do not exceed, in steps of 0.001")
        return .either(.axis(of: element), .mapping([quantiles]))
    }
}

extension PolicyDefinition {
    /// The policy as an element of `policies`.
    var variant: SchemaVariant {
        guard !keys.isEmpty else { return SchemaVariant(name.rawValue, nil, documentation) }
        // With several keys a required one may also stand in `zip`, which a schema cannot say.
        var all = keys.map {
            SchemaKey($0.name, $0.schema, required: keys.count == 1, $0.documentation)
        }
        if keys.count > 1 {
            let lists = keys.map {
                SchemaKey($0.name, .list(of: $0.element, least: 1), $0.documentation)
            }
            all.append(SchemaKey("zip", .mapping(lists), PolicyDefinition.zipDocumentation))
        }
        return SchemaVariant(name.rawValue, .mapping(all), documentation)
    }

    static let zipDocumentation =
        "Lists of one length, paired element by element instead of spanning a grid"
}
