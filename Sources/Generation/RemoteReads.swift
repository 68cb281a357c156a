package import Inference

/// How a model that runs elsewhere is read: several texts at a time, one by one, while this program goes on.
package struct RemoteReads<Sequence: TokenSequence> {
    /// Reads that may be on their way at once.
    package let most: Int
    /// Sends a text's new tokens; the number by which its answer is known.
    package let begin: (Work<Sequence>) -> Int
    /// Answers that came since the last call; if there are none, waits for the first, but not longer than it is told to.
    ///
    /// What it throws ends the run: no later read can succeed.
    package let answers: (_ wait: Duration) throws -> [RemoteAnswer]
    /// How many tokens of a text it would have to read, given what it has cached and is free; nil where it does not matter in which order texts come.
    package let unread: (([Int32]) -> Int)?
    /// Gives up all that is on its way.
    package let abandon: () -> Void

    package init(
        most: Int, begin: @escaping (Work<Sequence>) -> Int,
        answers: @escaping (_ wait: Duration) throws -> [RemoteAnswer],
        unread: (([Int32]) -> Int)? = nil, abandon: @escaping () -> Void
    ) {
        self.most = most
        self.begin = begin
        self.answers = answers
        self.unread = unread
        self.abandon = abandon
    }

    /// Sends all work and waits for its answers: a pass as of a model that is here. If one fails, all texts are as they were.
    package func read(_ work: [Work<Sequence>]) throws -> [[Reading]] {
        let lengths = work.map(\.sequence.length)
        do {
            return try readings(of: work)
        } catch {
            for (item, length) in zip(work, lengths) { item.sequence.rewind(to: length) }
            throw error
        }
    }

    private func readings(of work: [Work<Sequence>]) throws -> [[Reading]] {
        var places: [Int: Int] = [:]
        var readings = [[Reading]?](repeating: nil, count: work.count)
        var next = 0
        defer { if !places.isEmpty { abandon() } }
        while next < work.count || !places.isEmpty {
            while next < work.count, places.count < most {
                places[begin(work[next])] = next
                next += 1
            }
            for answer in try answers(.milliseconds(100)) {
                guard let place = places.removeValue(forKey: answer.number) else { continue }
                readings[place] = try answer.readings.get()
            }
        }
        return readings.compactMap(\.self)
    }
}

/// What came of one read.
package struct RemoteAnswer {
    /// What `begin` gave.
    package let number: Int
    /// What was read, or why it could not be.
    package let readings: Result<[Reading], any Error>
    /// From sending to the answer, waiting included.
    package let seconds: Double

    package init(number: Int, readings: Result<[Reading], any Error>, seconds: Double) {
        self.number = number
        self.readings = readings
        self.seconds = seconds
    }
}

/// What reads of a model elsewhere have cost, as far as it is measured here or told there.
package struct RemoteTraffic: Equatable, Sendable {
    /// Requests sent, those that were sent again included.
    package var requests = 0
    /// Those among them that followed a failure.
    package var retries = 0
    /// Reads that came to nothing.
    package var failures = 0
    /// Bytes on the wire, headers included, before encryption.
    package var sentBytes = 0
    /// The same of answers.
    package var receivedBytes = 0
    /// Tokens of prompts that the server read, and those that it had in its cache, as it reports them; nil as soon as it does not.
    package var readTokens: Int? = 0
    package var cachedTokens: Int? = 0
    /// Wall-clock of the reads, waiting included, one after the other: reads that are on their way at once count each.
    package var seconds = 0.0
    /// What the server says it worked of these; nil as soon as it does not.
    package var serverSeconds: Double? = 0

    package init() {}
}
