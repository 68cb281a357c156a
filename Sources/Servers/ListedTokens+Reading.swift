import Foundation
import Inference

extension ListedTokens {
    /// The same as a reading of a place, checked: an id beyond the vocabulary, a probability that is none, or tokens named twice are no reading.
    ///
    /// The entropy is NaN: it is over the whole vocabulary, of which nobody tells.
    /// - Parameters:
    ///   - targets: tokens of which the probability is asked for; NaN for those that are not listed.
    ///   - top: how many of the largest are asked for.
    ///   - isWritten: whether the own token is the model's choice, which must be the most probable one.
    func reading(
        vocabulary: Int, targets: [Int32] = [], top: Int = 0, isWritten: Bool
    ) throws(ShapeFault) -> Reading {
        var tokens: [(id: Int32, logProbability: Float)] = []
        for entry in listed {
            let token = try Self.checked(entry, vocabulary)
            guard !tokens.contains(where: { $0.id == token.id }) else {
                throw ShapeFault("token \(token.id) is listed twice at one place")
            }
            tokens.append(token)
        }
        guard tokens.count >= max(2, top) else {
            throw ShapeFault(
                "expected the \(max(2, top)) most probable tokens of each place, found \(tokens.count)"
            )
        }
        // The lowest id among equals, as our decoder has it.
        tokens.sort { a, b in
            (b.logProbability, a.id) < (a.logProbability, b.id)
        }
        let own = try self.own.map { own throws(ShapeFault) in try Self.checked(own, vocabulary) }
        if let own, let listed = tokens.first(where: { $0.id == own.id }),
            abs(listed.logProbability - own.logProbability) > 1e-3
        {
            throw ShapeFault(
                "the log-probability of token \(own.id) is \(own.logProbability) by itself and \(listed.logProbability) in the list of its place"
            )
        }
        try Self.checkSum(tokens, own)
        var first = tokens[0]
        if let own, !isWritten, own.logProbability > first.logProbability + 1e-3 {
            throw ShapeFault(
                "token \(own.id) is more probable than \(first.id), which is listed as the most probable one"
            )
        }
        if isWritten {
            guard let own else { throw ShapeFault("the token that was written is missing") }
            guard own.logProbability >= first.logProbability - 1e-3 else {
                throw ShapeFault(
                    "it wrote token \(own.id), where \(first.id) is more probable: the server samples, or applies penalties of its own; turn them off"
                )
            }
            first = own
        }
        let second = tokens.first { $0.id != first.id } ?? tokens[1]
        var reading = Reading(
            argmax: first.id, second: second.id, logProbability: first.logProbability,
            secondLogProbability: second.logProbability, entropy: .nan,
            top: top > 0 ? tokens.prefix(top).map(\.logProbability) : [])
        reading.targetLogProbabilities = targets.map { target in
            if own?.id == target, let own { return own.logProbability }
            return tokens.first { $0.id == target }?.logProbability ?? .nan
        }
        return reading
    }

    /// Probabilities of different tokens; servers that count in few bits miss their sum by up to a hundredth.
    private static func checkSum(
        _ tokens: [(id: Int32, logProbability: Float)], _ own: (id: Int32, logProbability: Float)?
    ) throws(ShapeFault) {
        var sum = tokens.reduce(0.0) { $0 + exp(Double($1.logProbability)) }
        if let own, !tokens.contains(where: { $0.id == own.id }) {
            sum += exp(Double(own.logProbability))
        }
        guard sum <= 1.02 else {
            throw ShapeFault(
                "the probabilities of the \(tokens.count) tokens that are listed at one place add up to \(String(format: "%.3f", sum)), expected at most 1"
            )
        }
    }

    private static func checked(
        _ token: (id: Int, logProbability: Double), _ vocabulary: Int
    ) throws(ShapeFault) -> (id: Int32, logProbability: Float) {
        guard token.id >= 0, token.id < vocabulary else {
            throw ShapeFault("token \(token.id) is outside the vocabulary of \(vocabulary)")
        }
        guard token.logProbability.isFinite, token.logProbability <= 1e-3 else {
            throw ShapeFault(
                "the log-probability of token \(token.id) is \(token.logProbability), expected a number up to 0"
            )
        }
        return (Int32(token.id), Float(min(0, token.logProbability)))
    }
}
