import Foundation
import Generation
import Inference
package import Tokenization

/// What a server says after some fixed texts, asked one after the other: the same model in the same settings says the same, but for near-ties.
package struct ServerProbe: Equatable, Codable, Sendable {
    /// After one text.
    package struct Place: Equatable, Codable, Sendable {
        let token: Int32
        let logProbability: Double
        /// How far the second token is behind.
        let margin: Double

        enum CodingKeys: String, CodingKey {
            case token
            case logProbability = "logprob"
            case margin
        }
    }

    /// In the order of `texts`.
    package let places: [Place]

    /// The texts, written for this alone: prose, a sum, a list, code, another language, and the beginning of an argument.
    static let texts = [
        "The old lighthouse keeper climbed the stairs, lit the lamp and",
        "Twelve crates hold eight jars each, so together they hold",
        "Colours of the rainbow, in order: red, orange,",
        "def mean(values):\n    return sum(values) /",
        "Der Zug nach Hamburg fährt heute von Gleis",
        "If every square is a rectangle, and this figure is a square, then",
    ]

    /// How far a log-probability may move without a sign of another model. Other batches and caches move it: by a tenth in llama-server (docs/servers.md).
    static let tolerance = 0.25

    /// Where the two contradict each other; nil if they could be one model's.
    func contradiction(to before: ServerProbe) -> Int? {
        guard places.count == before.places.count else { return 0 }
        return zip(places, before.places).enumerated().first { _, pair in
            let (now, before) = pair
            if now.token == before.token {
                return abs(now.logProbability - before.logProbability) > Self.tolerance
            }
            return max(now.margin, before.margin) > Self.tolerance
        }?.offset
    }

    /// As the database keeps it.
    package var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// Reads `text`; nil for anything else.
    package init?(text: String) {
        guard let read = try? JSONDecoder().decode(ServerProbe.self, from: Data(text.utf8)) else {
            return nil
        }
        self = read
    }

    init(places: [Place]) { self.places = places }
}

extension ServerConnection {
    /// Asks for the probe.
    package func probe(_ tokenizer: Tokenizer) throws -> ServerProbe {
        let places = try ServerProbe.texts.map { text in
            let prompt = tokenizer.encode(text, parseSpecial: false)
            let ask = ServerAsk(prompt: prompt, slot: description.slots == nil ? nil : 0)
            let reading = try send(try dialect.request(ask)) { body in
                let answer = try dialect.answer(body, to: ask)
                guard let place = answer.written.first else {
                    throw ShapeFault("nothing was written")
                }
                return try place.reading(
                    vocabulary: tokenizer.vocabularyCount, isWritten: place.own != nil)
            }
            return ServerProbe.Place(
                token: reading.argmax, logProbability: Double(reading.logProbability),
                margin: Double(reading.logProbability - reading.secondLogProbability))
        }
        return ServerProbe(places: places)
    }

    /// Throws `ServerError.changed` where a probe contradicts an earlier one of the same identity.
    package func check(
        _ probe: ServerProbe, against before: ServerProbe, _ tokenizer: Tokenizer
    ) throws(ServerError) {
        guard let place = probe.contradiction(to: before) else { return }
        func said(_ probe: ServerProbe) -> String {
            guard place < probe.places.count else { return "nothing" }
            let found = probe.places[place]
            let text = String(reflecting: tokenizer.decode([found.token]))
            return "\(text) (log-probability \(String(format: "%.3f", found.logProbability)))"
        }
        throw .changed(
            server: settings.address.text, model: settings.model, identity: settings.identity,
            text: ServerProbe.texts[place], before: said(before), now: said(probe))
    }
}
