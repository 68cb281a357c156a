import Foundation
import Generation
package import Inference
import Platform

/// A token that a model wrote greedily, and what it was chosen against.
package struct WrittenToken: Equatable, Sendable {
    /// What was written.
    package let token: Int32
    /// The most probable of the others, and by how much its log-probability is lower; nil where the model does not tell.
    package let second: Int32?
    /// By how much the log-probability of `second` is lower, in nats; nil where the model does not tell.
    package let margin: Float?

    package init(token: Int32, second: Int32?, margin: Float?) {
        self.token = token
        self.second = second
        self.margin = margin
    }

    /// The choice of a reading.
    package init(_ reading: Reading) {
        self.init(
            token: reading.argmax, second: reading.second,
            margin: reading.logProbability - reading.secondLogProbability)
    }
}

extension ServerConnection {
    /// Lets the server write after each prompt, so many tokens in one request, `atOnce` requests at a time: as its own users do, with whatever it does to be faster.
    ///
    /// Throws `ServerError`, `HTTPFailure`, `Interrupted`.
    /// - Parameters:
    ///   - prompts: token ids of each.
    ///   - count: the most tokens to write.
    ///   - atOnce: how many requests are on their way.
    ///   - vocabulary: ids are below.
    package func write(
        _ prompts: [[Int32]], tokens count: Int, atOnce: Int, vocabulary: Int
    ) throws -> [[WrittenToken]] {
        for prompt in prompts where prompt.count >= context {
            throw GenerationError.promptTooLong(tokens: prompt.count, context: context)
        }
        defer { client.abandon() }
        var texts = [[WrittenToken]](repeating: [], count: prompts.count)
        var underWay: [Int: (text: Int, ask: ServerAsk, request: HTTPRequest)] = [:]
        var slots = description.slots.map { _ in ServerSlots(count: atOnce) }
        var next = 0
        while next < prompts.count || !underWay.isEmpty {
            while next < prompts.count, underWay.count < atOnce {
                var ask = ServerAsk(
                    prompt: prompts[next], count: min(count, context - prompts[next].count))
                ask.slot = slots?.take(for: prompts[next])
                let request = try dialect.request(ask)
                underWay[client.begin(request)] = (next, ask, request)
                next += 1
            }
            for ending in client.endings(wait: .milliseconds(100)) {
                guard let read = underWay.removeValue(forKey: ending.number) else { continue }
                if let slot = read.ask.slot { slots?.free(slot) }
                texts[read.text] = try self.read(ending.result.get(), to: read.request) { body in
                    try dialect.answer(body, to: read.ask).written.map {
                        try WrittenToken($0, vocabulary: vocabulary)
                    }
                }
            }
            try Interruption.check()
        }
        return texts
    }
}

extension WrittenToken {
    /// A place of a longer text; llama-server joins what it lists of tokens that are one character together.
    init(_ place: ListedTokens, vocabulary: Int) throws(ShapeFault) {
        if place.listed.isEmpty, let own = place.own {
            guard own.id >= 0, own.id < vocabulary else {
                throw ShapeFault("token \(own.id) is outside the vocabulary of \(vocabulary)")
            }
            self.init(token: Int32(own.id), second: nil, margin: nil)
        } else {
            self.init(try place.reading(vocabulary: vocabulary, isWritten: place.own != nil))
        }
    }
}
