import Inference

/// One read of a text: what is asked of the server, and what its answer says of the text's places. Knows no connection.
struct ServerRead {
    var ask: ServerAsk
    private let read: Read
    /// Tokens of the prompt that were read before.
    let before: Int

    /// - Parameters:
    ///   - read: what is asked of the tokens from `before` on, of which there is at least one.
    ///   - prompt: all tokens.
    init(_ read: Read, of prompt: [Int32], before: Int) {
        self.read = read
        self.before = before
        ask = ServerAsk(prompt: prompt, top: max(2, read.top))
        switch read.positions {
        case .none, .last: break
        case .all: ask.judgedFrom = before
        case .from(let first): ask.judgedFrom = before + first
        }
        if let from = ask.judgedFrom, from >= prompt.count - 1 { ask.judgedFrom = nil }
    }

    /// A reading of each place that was asked for; throws `ShapeFault`.
    func readings(_ answer: ServerAnswer, vocabulary: Int) throws(ShapeFault) -> [Reading] {
        guard read.positions != .none else { return [] }
        let last = answer.written.first.map { [$0] } ?? []
        let places = answer.judged + last
        let first = ask.prompt.count - places.count - before
        var readings: [Reading] = []
        for (index, place) in places.enumerated() {
            let targets = read.targets.isEmpty ? [] : read.targets[first + index]
            readings.append(
                try place.reading(
                    vocabulary: vocabulary, targets: targets, top: read.top,
                    isWritten: index == places.count - 1 && place.own != nil))
        }
        return readings
    }
}
