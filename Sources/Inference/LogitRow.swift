import CKernels
import Hashing

/// A next-token distribution, as logits: shared by whoever keeps it, since it is as long as the vocabulary.
package final class LogitRow: Sendable, Equatable {
    /// Shape (vocabulary).
    package let logits: [Float]
    /// log of the sum of their exponentials.
    package let logSum: Float

    /// Logits as they are, shape (vocabulary), and the logarithm of their exponentials' sum, in nats.
    package init(_ logits: [Float], logSum: Float) {
        self.logits = logits
        self.logSum = logSum
    }

    /// A distribution over some tokens as one over all: what is not listed has a probability that a Float rounds to 0, and a finite logit, so that sums stay
    /// numbers.
    convenience init(
        _ logits: UnsafeBufferPointer<Float>, of rows: TokenRows?, vocabulary: Int, logSum: Float
    ) {
        guard let rows else {
            self.init(Array(logits), logSum: logSum)
            return
        }
        var all = [Float](repeating: logSum - 1000, count: vocabulary)
        for (place, id) in rows.ids.enumerated() { all[Int(id)] = logits[place] }
        self.init(all, logSum: logSum)
    }

    /// Equal to the bit: the same object, or the same logits and sum. O(vocabulary).
    package static func == (a: LogitRow, b: LogitRow) -> Bool {
        a === b || (a.logits == b.logits && a.logSum == b.logSum)
    }
}

/// How far a next-token distribution q lies from another one, p, in nats.
package struct Divergence: Sendable, Equatable {
    /// KL(q, p): the mean of log q - log p under q.
    package let kl: Float
    /// Jensen and Shannon's: half of KL(q, m) and half of KL(p, m), where m is the mean of both; at most log 2.
    package let js: Float

    /// Both in nats.
    package init(kl: Float, js: Float) {
        self.kl = kl
        self.js = js
    }
}
