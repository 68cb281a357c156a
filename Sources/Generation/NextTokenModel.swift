package import Inference
import Platform
package import Routing

/// Cached tokens of one text in one model.
package protocol TokenSequence: AnyObject {
    var length: Int { get }
    /// The same tokens as a sequence of its own; cheap.
    func fork() -> Self
    /// Forgets all but the first `length` tokens.
    func rewind(to length: Int)
}

/// All that generation knows of a model: it reads tokens and tells the next one's distribution.
///
/// A reading depends on the tokens of its own sequence alone, whatever runs beside it.
package protocol NextTokenModel: AnyObject {
    associatedtype Sequence: TokenSequence
    var vocabularyCount: Int { get }
    /// The most tokens a sequence holds.
    var contextLength: Int { get }
    /// A sequence without tokens, of a text that begins as `opening` says.
    func makeSequence(opening: Opening?) -> Sequence
    /// Runs new tokens of distinct sequences together; per work item, its readings. Throws `GenerationError.memoryFull` when
    /// there is no room for all of them, with nothing changed.
    func read(_ work: [Work<Sequence>]) throws -> [[Reading]]
    /// How it is read while others go on; nil for a model that runs here.
    var remote: RemoteReads<Sequence>? { get }
    /// What its reads have cost so far; nil for a model that runs here.
    var traffic: RemoteTraffic? { get }
}

extension NextTokenModel {
    /// It runs here.
    package var remote: RemoteReads<Sequence>? { nil }
    /// It runs here.
    package var traffic: RemoteTraffic? { nil }

    /// A sequence of a text that this model reads as it is from its first token on.
    package func makeSequence() -> Sequence { makeSequence(opening: nil) }
}

/// A prompt as one model of a joint pair reads it, which has other tokens for it, and another chat format.
package struct Opening: Sendable, Equatable {
    /// How many of the text's first tokens it stands for.
    package let count: Int
    /// What the model reads for them, in its own tokens.
    package let tokens: [Int32]

    package init(count: Int, tokens: [Int32]) {
        self.count = count
        self.tokens = tokens
    }
}

/// New tokens for one sequence, and what to report of them.
package struct Work<Sequence> {
    /// What the tokens are appended to.
    package let sequence: Sequence
    /// The tokens, in order.
    package let tokens: [Int32]
    /// What to report.
    package let read: Read

    /// New tokens of a sequence; by default the last one is read.
    package init(_ sequence: Sequence, _ tokens: [Int32], read: Read = .last) {
        self.sequence = sequence
        self.tokens = tokens
        self.read = read
    }
}

/// What can go wrong while generating.
package enum GenerationError: ReportableError, Equatable {
    /// No room for the next step of any question, even alone.
    case memoryFull(String)
    case promptTooLong(tokens: Int, context: Int)
    /// There is nothing to continue.
    case promptEmpty
    case vocabulariesDiffer(slm: Int, llm: Int)
    /// Two vocabularies were joined, and what was asked for reads several positions of a text at once.
    case needsOneVocabulary
    /// A model has read what a policy waits for, and the policy waits still.
    case readInVain(Route, tokens: Int)

    /// What is wrong with a prompt that nothing can follow.
    static func noRoom(_ prompt: [Int32], context: Int) -> GenerationError {
        prompt.isEmpty ? .promptEmpty : .promptTooLong(tokens: prompt.count, context: context)
    }

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { if case .readInVain = self { false } else { true } }

    /// What was found and what to do.
    package var description: String {
        switch self {
        case .readInVain(let model, let tokens):
            "the \(model == .llm ? "large" : "small") model has read \(tokens) tokens, and what it says of them is not what the policy waits for,"
                + " nor will be: this is a fault of the program or of the server; please report it with the spec"
        case .memoryFull(let detail): detail
        case .promptTooLong(let tokens, let context):
            "the prompt has \(tokens) tokens; the context of \(context) leaves no room for an answer"
        case .promptEmpty: "the prompt has no tokens, so there is nothing to continue"
        case .needsOneVocabulary:
            "drafts, trimmed outputs, prompt means and walks need a pair of one vocabulary; this pair's were joined"
        case .vocabulariesDiffer(let slm, let llm):
            "the small model's vocabulary has \(slm) tokens and the large model's \(llm);"
                + " token-level routing needs one vocabulary"
        }
    }
}

extension KVSequence: TokenSequence {}

extension Model: NextTokenModel {
    /// Tokens of the vocabulary.
    package var vocabularyCount: Int { config.vocabulary }
    /// Positions the model was made for.
    package var contextLength: Int { config.context }

    /// A sequence without tokens.
    package func makeSequence(opening: Opening?) -> KVSequence {
        precondition(opening == nil, "a model of one vocabulary reads prompts as they are")
        return cache.makeSequence()
    }

    /// One forward pass over all work.
    package func read(_ work: [Work<KVSequence>]) throws -> [[Reading]] {
        do throws(ForwardError) {
            return try forward(work.map { Segment($0.sequence, $0.tokens, read: $0.read) })
        } catch {
            if case .cache(.full(let pages)) = error {
                throw GenerationError.memoryFull("\(CacheError.full(pages: pages))")
            }
            throw error
        }
    }
}
