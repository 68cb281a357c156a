package import Generation
package import Hashing
package import Inference

/// A model without weights: the next token's distribution is a hash of all tokens before it, so that
/// a token lost, repeated or put into the wrong sequence changes everything after it.
package final class FakeModel: NextTokenModel {
    /// What a fake says about its texts.
    package struct Character: Sendable {
        /// Fakes with different seeds disagree in about `dissent` of their choices.
        package var seed: UInt64 = 0
        package var dissent: Float = 0.3
        package var vocabulary: Int32 = 20
        package var context = 1000

        package init(
            seed: UInt64 = 0, dissent: Float = 0.3, vocabulary: Int32 = 20, context: Int = 1000
        ) {
            self.seed = seed
            self.dissent = dissent
            self.vocabulary = vocabulary
            self.context = context
        }
    }

    package struct Broken: Error, Equatable {
        package init() {}
    }

    package let character: Character
    /// Most tokens that all sequences may hold together.
    let memory: Int
    /// Passes in which this token is read fail.
    let poison: Int32?
    /// Says no probability of what it is asked about.
    let isMute: Bool
    package private(set) var passes = 0
    package private(set) var tokensRead = 0
    package private(set) var largestPass = 0
    package private(set) var hiddenAsked = 0
    package fileprivate(set) var tokensHeld = 0

    package init(
        _ character: Character, memory: Int = .max, poison: Int32? = nil, isMute: Bool = false
    ) {
        self.character = character
        self.memory = memory
        self.poison = poison
        self.isMute = isMute
    }

    package var vocabularyCount: Int { Int(character.vocabulary) }
    package var contextLength: Int { character.context }

    package func makeSequence(opening: Opening?) -> FakeSequence { FakeSequence([], of: self) }

    package func read(_ work: [Work<FakeSequence>]) throws -> [[Reading]] {
        let count = work.reduce(0) { $0 + $1.tokens.count }
        precondition(count > 0, "a pass without tokens")
        let distinct = Set(work.map { ObjectIdentifier($0.sequence) })
        precondition(distinct.count == work.count, "a sequence twice in a pass")
        if let poison, work.contains(where: { $0.tokens.contains(poison) }) { throw Broken() }
        guard tokensHeld + count <= memory else {
            throw GenerationError.memoryFull("room for \(memory) tokens")
        }
        passes += 1
        tokensRead += count
        largestPass = max(largestPass, work.count)
        return work.map { item in
            precondition(item.sequence.length + item.tokens.count <= contextLength, "too long")
            hiddenAsked += item.read.hidden ? 1 : 0
            return item.tokens.indices.compactMap { index -> Reading? in
                item.sequence.append([item.tokens[index]])
                guard item.read.positions.contains(index, of: item.tokens.count) else {
                    return nil
                }
                var reading = character.reading(
                    after: item.sequence.tokens, over: item.read.rows)
                if item.read.hidden { reading.hidden = [Float(item.sequence.length)] }
                if !item.read.targets.isEmpty {
                    let all = reading
                    reading.targetLogProbabilities = item.read.targets[index].map {
                        isMute ? .nan : all.logProbability(of: $0)
                    }
                }
                if item.read.top > 0 { reading.top = reading.largest(item.read.top) }
                if item.read.logits, index == item.tokens.count - 1 {
                    reading.logits = LogitRow([reading.logProbability], logSum: reading.entropy)
                }
                if !item.read.others.isEmpty, let other = item.read.others[index] {
                    reading.divergence = .between(
                        (other.logits[0], other.logSum),
                        (reading.logProbability, reading.entropy))
                }
                return reading
            }
        }
    }
}

extension FakeModel.Character {
    /// The same over some tokens alone: the first that are left from the favourite on, a little surer.
    package func reading(after tokens: [Int32], over rows: TokenRows?) -> Reading {
        let reading = reading(after: tokens)
        guard let rows else { return reading }
        let first = rows.ids.firstIndex { $0 >= reading.argmax } ?? 0
        return Reading(
            argmax: rows.ids[first], second: rows.ids[(first + 1) % rows.count],
            logProbability: reading.logProbability * 0.75,
            secondLogProbability: reading.secondLogProbability, entropy: reading.entropy * 0.75)
    }

    /// The distribution after some tokens: a pure function, so that tests can tell it beforehand.
    package func reading(after tokens: [Int32]) -> Reading {
        // The general opinion, and one of this model's own that sometimes prevails.
        var common = KeyedHash(seed: 99)
        for token in tokens { common.mix(UInt64(token)) }
        var own = KeyedHash(seed: seed)
        own.mix(common.value)
        let choice = own.unit < dissent ? own.value >> 1 : common.value
        let argmax = Int32(choice % UInt64(vocabulary))
        // Confidences of a few levels, so that scores and thresholds are often equal.
        let level = max(1, Int(own.value >> 20 % 16))
        return Reading(
            argmax: argmax, second: (argmax + 1) % vocabulary,
            logProbability: -Float(level) / 16,
            secondLogProbability: -max(1 + Float(own.value >> 30 % 8) / 8, Self.leftover(level)),
            entropy: Float(own.value >> 40 % 32) / 8)
    }
}

extension FakeModel.Character {
    /// How unlikely the second token is at least, for the few that are ever listed to be no more than 1 together.
    private static func leftover(_ level: Int) -> Float {
        let least: [Float] = [3.5, 3.5, 2.5, 2, 1.75, 1.5, 1.375, 1.25, 1.125]
        return level < least.count ? least[level] : 1
    }
}

extension Reading {
    /// All but the two best are equally unlikely.
    package func logProbability(of token: Int32) -> Float {
        token == argmax ? logProbability : token == second ? secondLogProbability : -4
    }

    package func largest(_ count: Int) -> [Float] {
        let all = [logProbability, secondLogProbability]
        return Array((all + [Float](repeating: -4, count: count)).prefix(count))
    }
}

extension Divergence {
    /// Something that two fakes' numbers decide.
    package static func between(
        _ q: (logProbability: Float, entropy: Float), _ p: (logProbability: Float, entropy: Float)
    ) -> Divergence {
        Divergence(
            kl: abs(q.logProbability - p.logProbability) * 2, js: abs(q.entropy - p.entropy) / 6)
    }
}

/// The tokens themselves.
package final class FakeSequence: TokenSequence {
    package private(set) var tokens: [Int32]
    private let model: FakeModel

    fileprivate init(_ tokens: [Int32], of model: FakeModel) {
        self.tokens = tokens
        self.model = model
        model.tokensHeld += tokens.count
    }

    deinit { model.tokensHeld -= tokens.count }

    package var length: Int { tokens.count }

    package func fork() -> FakeSequence { FakeSequence(tokens, of: model) }

    package func rewind(to length: Int) {
        model.tokensHeld -= tokens.count - length
        tokens.removeSubrange(length...)
    }

    fileprivate func append(_ new: [Int32]) {
        tokens += new
        model.tokensHeld += new.count
    }
}
