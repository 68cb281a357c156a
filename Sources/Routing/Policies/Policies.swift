// Every policy, an entry each. To add one, add it here: its place is that in lists and documentation.

extension PolicyDefinition {
    /// All policies.
    package static let all: [PolicyDefinition] = [
        slm, llm, random, maxProb, entropy, margin, query, queryRandom, queryOracle, cascade, coLLM,
        citer, r2r, disagree, speculative, bild,
    ]

    /// S alone.
    package static let slm = PolicyDefinition(
        "slm", "The small model writes every token", .fixed(.routed(.slm)), role: .single(.slm))

    /// L alone.
    package static let llm = PolicyDefinition(
        "llm", "The large model writes every token", .fixed(.routed(.llm)), role: .single(.llm))

    /// Calls that look at nothing (docs/method.md, 2.2).
    package static let random = PolicyDefinition(
        "random", "A seeded draw for each token",
        .draw({ RandomDraw(seed: $0) }, below: "ratio"), role: .baseline,
        .number("ratio", 0...1, "The share of tokens the large model writes"))

    /// S's greatest probability (docs/method.md, 2.3).
    package static let maxProb = PolicyDefinition(
        "max-prob", "The large model writes where the small one's greatest probability is low",
        .score(MaxProbability()), .threshold("Large below this probability"))

    /// S's entropy (docs/method.md, 2.3).
    package static let entropy = PolicyDefinition(
        "entropy", "The large model writes where the small one's entropy is high",
        .score(Entropy()), .threshold("Large above this entropy, in nats", 0...(.infinity)))

    /// The difference of S's two greatest probabilities (docs/method.md, 2.3).
    package static let margin = PolicyDefinition(
        "margin", "The large model writes where the small one's best two tokens are close",
        .score(Margin()),
        .threshold("Large below this difference of the two greatest probabilities"))

    /// Query-level routing (docs/method.md, 2.4).
    package static let query = PolicyDefinition(
        "query", "A router chooses one model for the whole answer, from the question",
        scope: .question, .router(calls: .above, learns: .outcome), .router,
        .threshold("Large above this score"))

    /// Query-level routing by lot (docs/method.md, 2.4).
    package static let queryRandom = PolicyDefinition(
        "query-random", "A seeded draw chooses one model for the whole answer", scope: .question,
        .draw({ QueryDraw(seed: $0) }, below: "ratio"),
        .number("ratio", 0...1, "The share of questions the large model answers"))

    /// Query-level routing that knows the outcome (docs/method.md, 2.4).
    package static let queryOracle = PolicyDefinition(
        "query-oracle", "The cheapest model that answers right, known in hindsight",
        scope: .question, .fixed(.oracle))

    /// S's answer first (docs/method.md, 2.4).
    package static let cascade = PolicyDefinition(
        "cascade", "The small model answers; a router decides whether the large one answers again",
        scope: .answer, .router(calls: .above, learns: .outcome), .router,
        .threshold("Again above this score"))

    /// Shen et al., "Learning to Decode Collaboratively with Multiple Language Models", 2024 (docs/method.md, 2.5).
    package static let coLLM = PolicyDefinition(
        "co-llm", "A linear router trained on the likelihood of references (Co-LLM)",
        .router(calls: .above, learns: .likelihood), .router,
        .threshold("Large above this score"))

    /// Zheng et al., "CITER", 2025 (docs/method.md, 1): the score is P(S's token is preferred).
    package static let citer = PolicyDefinition(
        "citer", "A router trained on token preferences (CITER)",
        .router(calls: .below, learns: .preferences), .router, .threshold("Large below this score"))

    /// Fu et al., "R2R", 2025 (docs/method.md, 2.6).
    package static let r2r = PolicyDefinition(
        "r2r", "A router trained on tokens that change the answer (R2R)",
        .router(calls: .above, learns: .divergence), .router, .threshold("Large above this score"))

    /// L's own text at the least calls (docs/method.md, 2.7).
    package static let disagree = PolicyDefinition(
        "disagree", "The large model writes where the two models' best tokens differ",
        .fixed(.routed(.disagree)))

    /// Leviathan et al., 2023, greedy.
    package static let speculative = PolicyDefinition(
        "speculative", title: "speculative decoding",
        "The small model drafts, the large one verifies: the large one's text",
        .drafts { .speculative(draft: Int($0["draft"] ?? 1)) }, keeps: .strict,
        PolicyParameter(
            name: "draft", values: .integer(1...64),
            documentation: "Tokens drafted before each verification"))

    /// Kim et al., "Speculative Decoding with Big Little Decoder", 2023.
    package static let bild = PolicyDefinition(
        "bild", title: "BiLD",
        "Big Little Decoder: fall back to the large model, roll back on its word",
        .drafts {
            .bigLittle(
                fallback: Float($0["fallback"] ?? 0), rollback: Float($0["rollback"] ?? .infinity))
        }, keeps: nil,
        .number("fallback", 0...1, "Large where the small one's greatest probability is below"),
        .number(
            "rollback", 0...(.infinity),
            "Roll back at the first token whose large negative log-probability, in nats, is above"))
}
