package import Generation
import Hashing
package import Inference

/// A fake that answers like one behind a server: reads are under way for some time, several at once, and come back in another order.
package final class AwayModel: NextTokenModel {
    package let base: FakeModel
    private let most: Int
    private var random: SplitMix64
    private var underWay: [(number: Int, work: Work<FakeSequence>, patience: UInt64)] = []
    private var next = 0
    /// The most reads that were under way at once.
    package private(set) var mostAtOnce = 0
    /// Reads of this token fail, each by itself.
    private let poison: Int32?

    package init(_ base: FakeModel, most: Int, seed: UInt64, poison: Int32? = nil) {
        self.base = base
        self.most = most
        self.poison = poison
        random = SplitMix64(seed: seed)
    }

    package var vocabularyCount: Int { base.vocabularyCount }
    package var contextLength: Int { base.contextLength }
    package func makeSequence(opening: Opening?) -> FakeSequence {
        base.makeSequence(opening: opening)
    }
    package func read(_ work: [Work<FakeSequence>]) throws -> [[Reading]] { try reads.read(work) }
    package var remote: RemoteReads<FakeSequence>? { reads }

    private var reads: RemoteReads<FakeSequence> {
        RemoteReads(
            most: most, begin: { self.begin($0) }, answers: { _ in self.answers() },
            abandon: { self.underWay = [] })
    }

    private func begin(_ work: Work<FakeSequence>) -> Int {
        precondition(
            !underWay.contains { $0.work.sequence === work.sequence }, "a sequence twice")
        precondition(underWay.count < most, "more than may be under way")
        next += 1
        underWay.append((next, work, random.next() % 4))
        mostAtOnce = max(mostAtOnce, underWay.count)
        return next
    }

    private func answers() -> [RemoteAnswer] {
        for index in underWay.indices where underWay[index].patience > 0 {
            underWay[index].patience -= 1
        }
        let ready = underWay.filter { $0.patience == 0 }.shuffled(using: &random)
        underWay.removeAll { $0.patience == 0 }
        return ready.map { read in
            let result = Result {
                if let poison, read.work.tokens.contains(poison) { throw FakeModel.Broken() }
                return try base.read([read.work])[0]
            }
            return RemoteAnswer(number: read.number, readings: result, seconds: 0)
        }
    }
}
