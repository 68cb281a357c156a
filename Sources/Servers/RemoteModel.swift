package import Generation
package import Inference
import Platform

/// A text that a server reads: its tokens, which are sent whole with every request.
package final class RemoteSequence: TokenSequence {
    package private(set) var tokens: [Int32]

    init(_ tokens: [Int32] = []) { self.tokens = tokens }

    package var length: Int { tokens.count }
    /// A copy of the list of tokens; what the server has cached is the server's own affair.
    package func fork() -> RemoteSequence { RemoteSequence(tokens) }
    /// Forgets the tokens behind the first `length`.
    package func rewind(to length: Int) { tokens.removeLast(max(0, tokens.count - length)) }
    func append(_ more: [Int32]) { tokens += more }
}

/// A model behind a server. Each read is one request; as many are on their way at once as the settings allow.
///
/// What it says has no promise of the same bits: servers compute otherwise in other batches and from other caches.
package final class RemoteModel: NextTokenModel {
    package let vocabularyCount: Int
    package let contextLength: Int
    private let connection: ServerConnection
    /// The server's caches, where it has a fixed number of them.
    private var slots: ServerSlots?
    private var asked: [Int: Asked] = [:]
    private var cost = RemoteTraffic()
    /// Reads that failed since the last one that did not.
    private var failures = 0

    /// A read on its way.
    private struct Asked {
        let read: ServerRead
        let sequence: RemoteSequence
        let request: HTTPRequest
        let begun = ContinuousClock.now
    }

    /// - Parameters:
    ///   - connection: to the server, which has said who it is.
    ///   - vocabulary: ids are below.
    ///   - context: tokens that a text may have.
    package init(_ connection: ServerConnection, vocabulary: Int, context: Int) {
        self.connection = connection
        vocabularyCount = vocabulary
        contextLength = context
        slots = connection.description.slots.map { _ in
            ServerSlots(count: connection.settings.concurrency)
        }
    }

    /// A text without tokens; `opening` must be nil, since a server's model is never one of joined vocabularies.
    package func makeSequence(opening: Opening?) -> RemoteSequence {
        precondition(opening == nil, "a model of one vocabulary reads prompts as they are")
        return RemoteSequence()
    }

    /// Reads all of `work`, waiting for every answer; throws where the server fails for good.
    package func read(_ work: [Work<RemoteSequence>]) throws -> [[Reading]] {
        try reads.read(work)
    }

    package var remote: RemoteReads<RemoteSequence>? { reads }
    package var traffic: RemoteTraffic? { cost }

    private var reads: RemoteReads<RemoteSequence> {
        RemoteReads(
            most: connection.settings.concurrency, begin: { self.begin($0) },
            answers: { try self.answers(wait: $0) },
            unread: slots == nil ? nil : { self.slots?.unread($0) ?? $0.count },
            abandon: { self.abandon() })
    }

    // MARK: - Asking

    private func begin(_ work: Work<RemoteSequence>) -> Int {
        let before = work.sequence.length
        work.sequence.append(work.tokens)
        var read = ServerRead(work.read, of: work.sequence.tokens, before: before)
        read.ask.slot = slots?.take(for: read.ask.prompt)
        let request: HTTPRequest
        do {
            request = try connection.dialect.request(read.ask)
        } catch {
            preconditionFailure("a request of whole numbers that is no JSON: \(error)")
        }
        let number = connection.client.begin(request)
        asked[number] = Asked(read: read, sequence: work.sequence, request: request)
        return number
    }

    private func abandon() {
        guard !asked.isEmpty else { return }
        connection.client.abandon()
        for asked in asked.values { asked.sequence.rewind(to: asked.read.before) }
        asked = [:]
        slots?.freeAll()
    }

    // MARK: - Answers

    private func answers(wait: Duration) throws -> [RemoteAnswer] {
        var found: [RemoteAnswer] = []
        for ending in connection.client.endings(wait: wait) {
            guard let asked = asked.removeValue(forKey: ending.number) else { continue }
            if let slot = asked.read.ask.slot { slots?.free(slot) }
            let seconds = (ContinuousClock.now - asked.begun) / .seconds(1)
            cost.seconds += seconds
            cost.requests += ending.tries
            cost.retries += max(0, ending.tries - 1)
            cost.sentBytes += ending.sentBytes
            cost.receivedBytes += ending.receivedBytes
            let result = Result { try readings(ending.result, of: asked) }
            switch result {
            case .success: failures = 0
            case .failure(let error):
                // What could not be read is not in the text.
                asked.sequence.rewind(to: asked.read.before)
                cost.failures += 1
                failures += 1
                try check(error)
            }
            found.append(
                RemoteAnswer(number: ending.number, readings: result, seconds: seconds))
        }
        return found
    }

    /// Throws what no later read can get over.
    private func check(_ error: any Error) throws {
        if let error = error as? ServerError, error.isBadInput { throw error }
        // As many as were on their way together, and again.
        guard failures >= 2 * connection.settings.concurrency else { return }
        throw ServerError.gone(
            server: connection.settings.address.text, failures: failures, last: "\(error)")
    }

    private func readings(
        _ result: Result<HTTPResponse, HTTPFailure>, of asked: Asked
    ) throws -> [Reading] {
        try connection.read(result.get(), to: asked.request) { body in
            let answer = try connection.dialect.answer(body, to: asked.read.ask)
            try answer.checkCounts()
            cost.add(answer)
            return try asked.read.readings(answer, vocabulary: vocabularyCount)
        }
    }
}

extension RemoteTraffic {
    fileprivate mutating func add(_ answer: ServerAnswer) {
        readTokens = sum(readTokens, answer.readTokens)
        cachedTokens = sum(cachedTokens, answer.cachedTokens)
        serverSeconds = sum(serverSeconds, answer.seconds)
    }

    private func sum<Number: AdditiveArithmetic>(_ one: Number?, _ other: Number?) -> Number? {
        one.flatMap { one in other.map { one + $0 } }
    }
}
