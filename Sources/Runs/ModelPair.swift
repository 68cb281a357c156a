import Assets
import Foundation
import Generation
import Hashing
import Inference
import Routing
package import Tokenization

/// Two models' files that share a vocabulary, and the format that both are prompted in: all of a pair that decides a cell's key.
package struct PairHeader {
    let small: ModelHeader
    let large: ModelHeader
    /// nil: prompts are the user's text as it is.
    package let template: ChatTemplate?
    /// How prompts become token ids: the large model's way, for both; of a joint pair also the small one's.
    let tokenizerHash: String
    /// What both models read and write if they have different vocabularies.
    let joint: JointVocabulary?

    init(
        small: ModelHeader, large: ModelHeader, template name: String?, isJoint: Bool = false
    ) throws {
        if !isJoint { try Self.checkVocabularies(small, large) }
        self.small = small
        self.large = large
        template = try ModelPair.template(named: name, for: large)
        let hash = TokenizerFingerprint.sha256(of: large)
        joint = isJoint ? JointVocabulary(small: small.textTokens, large: large.textTokens) : nil
        tokenizerHash =
            isJoint
            ? "joint-1 \(TokenizerFingerprint.sha256(of: small)) \(hash)" : hash
    }

    /// Throws unless both models read and write the same tokens; how many rows their files pad these to does not matter.
    static func checkVocabularies(_ small: ModelHeader, _ large: ModelHeader) throws {
        let (smallCount, largeCount) = (
            small.tokenizer.vocabularyCount, large.tokenizer.vocabularyCount
        )
        guard smallCount == largeCount else {
            throw RunError.vocabulariesDiffer(
                slm: small.file.name, slmCount: smallCount,
                llm: large.file.name, llmCount: largeCount)
        }
        guard small.tokenizer.hasSameVocabulary(as: large.tokenizer) else {
            throw RunError.vocabulariesDisagree(slm: small.file.name, llm: large.file.name)
        }
    }

    /// Tokens at which an answer ends: what either model's file says.
    package var endTokens: Set<Int32> {
        let small = small.tokenizer.endIDs.map { joint?.joint($0, isLarge: false) ?? $0 }
        return large.tokenizer.endIDs.union(small)
    }

    /// Tokens that both models can hold.
    var context: Int { min(small.config.context, large.config.context) }

    /// Tokens that texts are made of.
    var vocabularyCount: Int { joint?.count ?? large.tokenizer.vocabularyCount }

    /// A token's bytes.
    func bytes(of id: Int32) -> [UInt8] { joint?.bytes(id) ?? large.tokenizer.bytes(of: id) }

    /// What kind of text each token is. O(vocabulary).
    func tokenClasses() -> [TokenClass] {
        (0..<Int32(vocabularyCount)).map { id in
            joint == nil && large.tokenizer.isControl(id) ? .control : TokenClass(bytes(of: id))
        }
    }

    /// SHA-256 over the vocabulary's tokens.
    var vocabularyHash: String {
        var hash = SHA256()
        for id in 0..<vocabularyCount {
            hash.update(bytes(of: Int32(id)))
            hash.update([0xFF])  // no token's bytes hold it, as UTF-8 does not
        }
        return hash.hexadecimal()
    }
}

/// A pair ready to run.
package struct ModelPair {
    package let header: PairHeader
    /// S.
    package let small: LoadedModel
    /// L.
    package let large: LoadedModel

    /// A pair of loaded models, if they share a vocabulary; `template` is the name of a chat format, or `raw`.
    package init(small: LoadedModel, large: LoadedModel, template name: String?) throws {
        header = try PairHeader(small: small.header, large: large.header, template: name)
        self.small = small
        self.large = large
    }

    /// Both decoders.
    var models: Pair<Model> { Pair(slm: small.model, llm: large.model) }

    init(_ header: PairHeader, processor: Processor) throws {
        self.header = header
        small = try LoadedModel(header.small, processor: processor)
        large = try LoadedModel(header.large, processor: processor)
    }

    /// The format of that name, else the one the model's file names; nil for `raw`.
    package static func template(named name: String?, for model: LoadedModel) throws
        -> ChatTemplate?
    {
        try template(named: name, for: model.header)
    }

    static func template(named name: String?, for model: ModelHeader) throws -> ChatTemplate? {
        if name == "raw" { return nil }
        if let name {
            guard let template = ChatTemplate(rawValue: name) else {
                throw RunError.unknownTemplate(name)
            }
            return template
        }
        guard let template = model.template else {
            throw RunError.noTemplate(model: model.file.name)
        }
        return template
    }
}
