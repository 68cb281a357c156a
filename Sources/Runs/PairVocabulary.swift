package import Generation
import Hashing
package import Routing
package import Tokenization

/// The tokens that texts of a pair are made of: those of one tokenizer that both models have, or of two joined.
package enum PairVocabulary {
    case shared(Tokenizer)
    case joint(JointVocabulary)

    /// The one that both models have; how many rows their files pad it to does not matter.
    static func shared(by participants: Pair<Participant>) throws(RunError) -> PairVocabulary {
        let names = participants.map(\.identity.name)
        let counts = participants.map(\.tokenizer.vocabularyCount)
        guard counts.slm == counts.llm else {
            throw .vocabulariesDiffer(
                slm: names.slm, slmCount: counts.slm, llm: names.llm, llmCount: counts.llm)
        }
        let tokenizer = participants.llm.tokenizer
        guard participants.slm.tokenizer.hasSameVocabulary(as: tokenizer) else {
            throw .vocabulariesDisagree(slm: names.slm, llm: names.llm)
        }
        return .shared(tokenizer)
    }

    /// Ids are below.
    package var count: Int {
        switch self {
        case .shared(let tokenizer): tokenizer.vocabularyCount
        case .joint(let joint): joint.count
        }
    }

    /// What one of the models calls `id`.
    func token(_ id: Int32, of model: Route) -> Int32 {
        switch self {
        case .shared: id
        case .joint(let joint): joint.joint(id, of: model)
        }
    }

    /// A token's bytes.
    package func bytes(of id: Int32) -> [UInt8] {
        switch self {
        case .shared(let tokenizer): tokenizer.bytes(of: id)
        case .joint(let joint): joint.bytes(id)
        }
    }

    /// The text of an answer.
    package func decode(_ ids: [Int32]) -> String {
        switch self {
        case .shared(let tokenizer): tokenizer.decode(ids)
        case .joint(let joint): joint.decode(ids)
        }
    }

    /// What kind of text each token is. O(vocabulary).
    package func tokenClasses() -> [TokenClass] {
        (0..<Int32(count)).map { id in
            if case .shared(let tokenizer) = self, tokenizer.isControl(id) { return .control }
            return TokenClass(bytes(of: id))
        }
    }

    /// SHA-256 over the tokens.
    var sha256: String {
        var hash = SHA256()
        for id in 0..<count {
            hash.update(bytes(of: Int32(id)))
            hash.update([0xFF])  // no token's bytes hold it, as UTF-8 does not
        }
        return hash.hexadecimal()
    }
}
