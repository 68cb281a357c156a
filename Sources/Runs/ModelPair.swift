package import Generation
package import Inference
package import Routing
package import Tokenization

/// Two participants that read and write the same tokens, and the format that both are prompted in: all of a pair that decides a cell's key.
package struct ModelPair {
    package let participants: Pair<Participant>
    package let vocabulary: PairVocabulary
    /// The format that each is prompted in, L's for both of one vocabulary; nil: prompts are the user's text as it is.
    private var templates: Pair<ChatTemplate?>

    /// Checks that they are a pair; `template` is the name of a chat format, or `raw`, for both, or nil for what L's file names. Of a joint pair each file
    /// names its own; if S's names none, L's holds for both.
    package init(
        _ participants: Pair<Participant>, template name: String?, isJoint: Bool = false
    ) throws(RunError) {
        vocabulary =
            isJoint
            ? .joint(JointVocabulary(participants.map(\.textTokens)))
            : try .shared(by: participants)
        self.participants = participants
        let template = try participants.llm.template(named: name)
        templates = Pair(slm: template, llm: template)
        guard isJoint else { return }
        let hasOwn = participants.slm.template != nil
        templates.slm = try participants.slm.template(
            named: name ?? (hasOwn ? nil : template?.rawValue))
    }

    /// The format that prompts in the pair's tokens are in; nil: they are the user's text as it is.
    package var template: ChatTemplate? { templates.llm }

    /// One of the two.
    package subscript(model: Route) -> Participant { participants[model] }

    /// What both models' passes cost; throws `RunError.notHere` where nobody knows.
    func knownCosts() throws -> Pair<ModelCosts> {
        try participants.map { participant in
            guard let costs = participant.costs, participant.server == nil else {
                throw RunError.notHere(participant.identity.name)
            }
            return costs
        }
    }

    /// How prompts become token ids: L's way, for both; of a joint pair also S's, and in which format.
    var tokenizerHash: String {
        let hashes = Pair(
            slm: self[.slm].text.hash(of: templates.slm),
            llm: self[.llm].text.hash(of: templates.llm))
        return switch vocabulary {
        case .shared: hashes.llm
        case .joint: "joint-2 \(templates.slm?.rawValue ?? "raw") \(hashes.slm) \(hashes.llm)"
        }
    }

    /// Tokens at which an answer ends: what either model's file says.
    package var endTokens: Set<Int32> {
        Route.allCases.reduce(into: []) { all, model in
            all.formUnion(
                self[model].tokenizer.endIDs.map { vocabulary.token($0, of: model) })
        }
    }

    /// Tokens that both models can hold.
    var context: Int { min(self[.slm].context, self[.llm].context) }

    /// A question's prompt. Each model of a joint pair is prompted in its own tokens and chat format.
    package func prompt(system: String?, user: String) -> PairPrompt {
        let tokens = self[.llm].prompt(system: system, user: user, template: template)
        guard case .joint = vocabulary else {
            return PairPrompt(tokens: tokens, openings: Pair(both: nil))
        }
        let own = self[.slm].prompt(
            system: system, user: user, template: templates.slm)
        return PairPrompt(
            tokens: tokens,
            openings: Pair(slm: Opening(count: tokens.count, tokens: own), llm: nil))
    }

    /// A solution's tokens as L would write it behind a prompt, the end of its turn included.
    func answerTokens(of solution: String) -> [Int32] {
        let tokenizer = self[.llm].tokenizer
        return tokenizer.encode(continuing: solution) + [tokenizer.turnEndID].compactMap(\.self)
    }

    /// Both models with their weights, reading and writing the pair's tokens. Throws `RunError.model`.
    package func load(_ processor: Processor) throws -> Pair<AnyModel> {
        try Pair { model in
            let loaded = try self[model].load(processor)
            return switch vocabulary {
            case .shared: loaded
            case .joint(let joint): AnyModel(JointModel(loaded, as: model, vocabulary: joint))
            }
        }
    }
}

/// A prompt in the tokens of a pair, and what a model with other tokens reads in its place.
package struct PairPrompt {
    package let tokens: [Int32]
    package let openings: Pair<Opening?>
}
