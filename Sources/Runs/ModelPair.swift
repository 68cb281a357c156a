package import Generation
package import Inference
package import Routing
package import Tokenization

/// Two participants that read and write the same tokens, and the format that both are prompted in: all of a pair that decides a cell's key.
package struct ModelPair {
    package let participants: Pair<Participant>
    package let vocabulary: PairVocabulary
    /// nil: prompts are the user's text as it is.
    package let template: ChatTemplate?

    /// Checks that they are a pair; `template` is the name of a chat format, or `raw`, or nil for what L's file names.
    package init(
        _ participants: Pair<Participant>, template name: String?, isJoint: Bool = false
    ) throws(RunError) {
        vocabulary =
            isJoint
            ? .joint(JointVocabulary(participants.map(\.textTokens)))
            : try .shared(by: participants)
        self.participants = participants
        template = try participants.llm.template(named: name)
    }

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

    /// How prompts become token ids: L's way, for both; of a joint pair also S's.
    var tokenizerHash: String {
        let hashes = participants.map(\.tokenizerHash)
        return switch vocabulary {
        case .shared: hashes.llm
        case .joint: "joint-1 \(hashes.slm) \(hashes.llm)"
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

    /// A question's prompt. Each model of a joint pair is prompted in its own chat format.
    package func prompt(system: String?, user: String) -> PairPrompt {
        let tokens = self[.llm].prompt(system: system, user: user, template: template)
        guard case .joint = vocabulary else {
            return PairPrompt(tokens: tokens, openings: Pair(both: nil))
        }
        let own = self[.slm].prompt(
            system: system, user: user, template: self[.slm].template ?? template)
        return PairPrompt(
            tokens: tokens,
            openings: Pair(slm: Opening(count: tokens.count, tokens: own), llm: nil))
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
