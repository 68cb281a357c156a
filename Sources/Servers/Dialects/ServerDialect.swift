import Foundation

/// How one kind of server is spoken to: what is sent, and what an answer must look like. Knows no connection and no model of ours.
protocol ServerDialect: Sendable {
    /// Asks for what follows a prompt.
    func request(_ ask: ServerAsk) throws -> HTTPRequest
    /// Reads the answer; a `ShapeFault` says what is wrong with it.
    func answer(_ body: [UInt8], to ask: ServerAsk) throws -> ServerAnswer
    /// What the server tells of itself.
    var questions: [HTTPRequest] { get }
    /// Reads the answers, in the order of `questions`; nil for one with a status that is not 200.
    func description(_ answers: [[UInt8]?], of model: String) throws -> ServerDescription
    /// Asks for a text's tokens, without those that a prompt begins with.
    func tokenizing(_ text: String, parseSpecial: Bool) throws -> HTTPRequest
    /// Whether it can be asked for a text's tokens with commands as plain text; else they are always commands.
    var canTokenizePlainly: Bool { get }
}

extension ServerDialect {
    /// Reads a text's tokens, which all of them list alike.
    func tokens(_ body: [UInt8]) throws -> [Int32] {
        try WireJSON.read(Tokenized.self, body).tokens
    }
}

private struct Tokenized: Decodable { let tokens: [Int32] }

/// A prompt, and what is asked of it.
struct ServerAsk {
    let prompt: [Int32]
    /// Tokens to write.
    var count = 1
    /// Most probable tokens to list at each place; at least 2.
    var top = 2
    /// The place in the prompt from which on it is asked what the model would write after it; nil: only behind the prompt.
    var judgedFrom: Int?
    /// Which of the server's caches; nil: it chooses.
    var slot: Int?
}

/// What a server says of one place: the most probable tokens, and perhaps some that were named.
struct ListedTokens {
    /// Ids with the natural logarithms of their probabilities, as they were listed.
    var listed: [(id: Int, logProbability: Double)]
    /// The token that stands there, or was written there.
    var own: (id: Int, logProbability: Double)?
}

/// What follows a prompt.
struct ServerAnswer {
    /// After each place of the prompt from `ServerAsk.judgedFrom` on but the last; the own token is the prompt's next one.
    var judged: [ListedTokens] = []
    /// After the prompt, and after each token written but the last; the own token is the one written.
    let written: [ListedTokens]
    /// Tokens of the prompt that it read, and those it had; nil where it does not tell.
    let readTokens: Int?
    let cachedTokens: Int?
    /// What it worked; nil where it does not tell.
    let seconds: Double?

    /// Tokens of a prompt that were not cached; nil where the server does not tell how many were.
    static func readTokens(of prompt: Int, cached: Int?) throws(ShapeFault) -> Int? {
        guard let cached else { return nil }
        guard (0...max(prompt, 0)).contains(cached) else {
            throw ShapeFault("\(cached) tokens of a prompt of \(prompt) were cached")
        }
        return prompt - cached
    }

    /// Sums are made of these numbers, and reports divide by them.
    func checkCounts() throws(ShapeFault) {
        for (count, what) in [(readTokens, "read"), (cachedTokens, "cached")] {
            if let count, !(0...Int(Int32.max)).contains(count) {
                throw ShapeFault("\(count) tokens were \(what), expected 0 to \(Int32.max)")
            }
        }
        if let seconds, !(0...Self.mostSeconds).contains(seconds) {
            throw ShapeFault(
                "it worked \(seconds) s, expected a number from 0 to \(Int(Self.mostSeconds))")
        }
    }

    /// For one answer; a spec's longest time is a day.
    private static let mostSeconds = 7.0 * 86_400
}

/// What a server tells of itself.
package struct ServerDescription: Equatable, Sendable {
    /// Tokens that a text may have; nil where it does not tell.
    package var context: Int?
    /// Requests that it answers at a time; nil: as many as come.
    package var slots: Int?
    /// The models that it serves; nil where it does not tell.
    package var models: [String]?
    /// Its version and what else may decide its answers, as far as it tells: part of every cell's key.
    package var settings: [String: String]

    package init(
        context: Int? = nil, slots: Int? = nil, models: [String]? = nil,
        settings: [String: String] = [:]
    ) {
        self.context = context
        self.slots = slots
        self.models = models
        self.settings = settings
    }
}

/// What is wrong with an answer: what was found and expected.
struct ShapeFault: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// JSON as these APIs speak it.
enum WireJSON {
    static func body(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    /// - Throws: `ShapeFault`.
    static func read<Value: Decodable>(_ type: Value.Type, _ body: [UInt8]) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch let error as DecodingError {
            throw ShapeFault(reason(of: error, body))
        } catch {
            throw ShapeFault("the answer is not JSON: \(HTTPText.excerpt(body))")
        }
    }

    private static func reason(of error: DecodingError, _ body: [UInt8]) -> String {
        func place(_ path: [any CodingKey], _ last: (any CodingKey)? = nil) -> String {
            let keys = path + (last.map { [$0] } ?? [])
            let text = keys.reduce("") { text, key in
                if let index = key.intValue { return text + "[\(index)]" }
                return text.isEmpty ? key.stringValue : text + "." + key.stringValue
            }
            return text.isEmpty ? "the answer" : text
        }
        switch error {
        case .keyNotFound(let key, let context):
            return
                "\(place(context.codingPath, key)) is missing in the answer: \(HTTPText.excerpt(body))"
        case .typeMismatch(let type, let context):
            return "\(place(context.codingPath)) must be \(name(type)): \(HTTPText.excerpt(body))"
        case .valueNotFound(let type, let context):
            return "\(place(context.codingPath)) must be \(name(type)), found null"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            return "\(place(context.codingPath)) is out of range: \(HTTPText.excerpt(body))"
        default: return "the answer is not JSON: \(HTTPText.excerpt(body))"
        }
    }

    private static func name(_ type: Any.Type) -> String {
        switch type {
        case is Int.Type, is Int32.Type: "a whole number"
        case is Double.Type, is Float.Type: "a number"
        case is String.Type: "a text"
        case is Bool.Type: "true or false"
        case is [String: Any].Type: "an object"
        default: "\(type)".hasPrefix("Array") ? "a list" : "an object"
        }
    }
}
