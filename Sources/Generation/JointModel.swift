package import Inference
package import Routing

/// One of two models of different vocabularies, reading and writing the tokens of their `JointVocabulary`.
///
/// The model's cache holds its own tokens. Where a foreign token changes how the last word is tokenized, the cache is rewound to where it still
/// holds and the rest is read anew. A text that the model writes alone is what it would have written without this.
package final class JointModel<Base: NextTokenModel>: NextTokenModel {
    /// The model.
    package let base: Base
    /// Which of the pair it is.
    package let route: Route
    private let vocabulary: JointVocabulary

    /// A model of a pair.
    package init(_ base: Base, as route: Route, vocabulary: JointVocabulary) {
        self.base = base
        self.route = route
        self.vocabulary = vocabulary
    }

    /// Its own.
    package var traffic: RemoteTraffic? { base.traffic }
    /// The joint one's.
    package var vocabularyCount: Int { vocabulary.count }
    /// In the model's own tokens, of which a text may need more than of joint ones; a text that outgrows it fails.
    package var contextLength: Int { base.contextLength }

    /// A sequence without tokens; without an opening a prompt is read token by token, as any text.
    package func makeSequence(opening: Opening?) -> JointSequence<Base.Sequence> {
        JointSequence(base.makeSequence(), JointText(opening: opening), self.appending)
    }

    /// One pass of the model over what it has not read.
    package func read(_ work: [Work<JointSequence<Base.Sequence>>]) throws -> [[Reading]] {
        var texts: [JointText] = []
        var plain: [Work<Base.Sequence>] = []
        for item in work {
            guard [.none, .last].contains(item.read.positions), item.read.targets.isEmpty,
                item.read.rows == nil
            else {
                throw GenerationError.needsOneVocabulary
            }
            let text = appending(item.tokens, item.sequence.text)
            guard text.own.count < contextLength else {
                throw GenerationError.promptTooLong(
                    tokens: text.own.count, context: contextLength)
            }
            let read = item.sequence.read
            var same = zip(read, text.own).prefix { $0 == $1 }.count
            // The last token is read again if it must be, to see what follows it.
            same = min(same, text.own.count - 1)
            item.sequence.rewindBase(to: same)
            texts.append(text)
            plain.append(
                Work(item.sequence.base, Array(text.own[same...]), read: item.read))
        }
        let readings = try base.read(plain)
        for (item, text) in zip(work, texts) { item.sequence.advance(to: text) }
        return readings.map { $0.map(joint) }
    }

    private func joint(_ reading: Reading) -> Reading {
        var joint = Reading(
            argmax: vocabulary.joint(reading.argmax, of: route),
            second: vocabulary.joint(reading.second, of: route),
            logProbability: reading.logProbability,
            secondLogProbability: reading.secondLogProbability, entropy: reading.entropy,
            hidden: reading.hidden, layers: reading.layers, top: reading.top)
        joint.targetLogProbabilities = reading.targetLogProbabilities
        return joint
    }

    /// A text with more tokens behind it.
    private func appending(_ tokens: [Int32], _ before: JointText) -> JointText {
        var text = before
        var rest = tokens[...]
        if text.joint.isEmpty, !rest.isEmpty, let opening = text.opening {
            // Half a prompt has no tokens of the model's own.
            precondition(opening.count <= rest.count, "a prompt is read whole")
            text.joint = Array(rest.prefix(opening.count))
            text.own = opening.tokens
            text.prompt = opening.tokens.count
            rest = rest.dropFirst(opening.count)
        }
        for token in rest {
            text.joint.append(token)
            vocabulary.append(token, to: &text.own, of: route, least: text.prompt)
        }
        return text
    }
}

/// A text in joint tokens and as one model reads it.
struct JointText {
    let opening: Opening?
    var joint: [Int32] = []
    var own: [Int32] = []
    /// Own tokens of the prompt, which stay as they are.
    var prompt = 0

    init(opening: Opening?) { self.opening = opening }
}

/// Cached tokens of a text in one model of a joint pair; its length counts joint tokens.
package final class JointSequence<Base: TokenSequence>: TokenSequence {
    let base: Base
    private let appending: ([Int32], JointText) -> JointText
    private(set) var text: JointText
    /// Own tokens in the model's cache.
    private(set) var read: [Int32] = []

    init(
        _ base: Base, _ text: JointText,
        _ appending: @escaping ([Int32], JointText) -> JointText
    ) {
        self.base = base
        self.text = text
        self.appending = appending
    }

    private init(_ base: Base, of other: JointSequence) {
        self.base = base
        appending = other.appending
        text = other.text
        read = other.read
    }

    /// Joint tokens.
    package var length: Int { text.joint.count }

    /// The same tokens as a sequence of its own.
    package func fork() -> JointSequence { JointSequence(base.fork(), of: self) }

    /// Forgets all but the first `length` joint tokens. O(length), since how a word was tokenized depends on what stood before.
    ///
    /// An opening stands for its tokens as a whole: where less of them would be left, none are, and `length` is 0.
    package func rewind(to length: Int) {
        guard length < text.joint.count else { return }
        let length = length < text.opening?.count ?? 0 ? 0 : length
        text = appending(Array(text.joint.prefix(length)), JointText(opening: text.opening))
        let same = zip(read, text.own).prefix { $0 == $1 }.count
        rewindBase(to: same)
    }

    func rewindBase(to length: Int) {
        guard length < read.count else { return }
        base.rewind(to: length)
        read.removeLast(read.count - length)
    }

    func advance(to text: JointText) {
        self.text = text
        read = text.own
    }
}
