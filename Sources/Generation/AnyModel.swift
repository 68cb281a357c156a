package import Inference

/// A model of any kind, so that two of different kinds make a pair.
package final class AnyModel: NextTokenModel {
    package let vocabularyCount: Int
    package let contextLength: Int
    private let make: (Opening?) -> AnySequence
    private let pass: ([Work<AnySequence>]) throws -> [[Reading]]
    package let remote: RemoteReads<AnySequence>?
    private let cost: () -> RemoteTraffic?

    package init<Base: NextTokenModel>(_ base: Base) {
        vocabularyCount = base.vocabularyCount
        contextLength = base.contextLength
        make = { AnySequence(base.makeSequence(opening: $0)) }
        func own(_ work: Work<AnySequence>) -> Work<Base.Sequence> {
            guard let sequence = work.sequence.base as? Base.Sequence else {
                preconditionFailure("a sequence of another model")
            }
            return Work(sequence, work.tokens, read: work.read)
        }
        pass = { try base.read($0.map(own)) }
        remote = base.remote.map { remote in
            RemoteReads(
                most: remote.most, begin: { remote.begin(own($0)) }, answers: remote.answers,
                unread: remote.unread, abandon: remote.abandon)
        }
        cost = { base.traffic }
    }

    package var traffic: RemoteTraffic? { cost() }
    /// A text without tokens, of the model behind it.
    package func makeSequence(opening: Opening?) -> AnySequence { make(opening) }
    /// One pass of the model behind it; throws what that throws.
    package func read(_ work: [Work<AnySequence>]) throws -> [[Reading]] { try pass(work) }
}

/// Cached tokens of a text in an `AnyModel`.
package final class AnySequence: TokenSequence {
    fileprivate let base: any TokenSequence

    fileprivate init(_ base: any TokenSequence) { self.base = base }

    package var length: Int { base.length }
    /// A second text that begins with the same tokens.
    package func fork() -> AnySequence { AnySequence(base.fork()) }
    /// Forgets the tokens behind the first `length`.
    package func rewind(to length: Int) { base.rewind(to: length) }
}
