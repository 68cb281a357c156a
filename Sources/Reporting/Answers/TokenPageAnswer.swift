import Foundation
import Platform
import ResultsStore

/// Texts that occur often, each stored once.
struct TextTable {
    private(set) var all: [String] = []
    // By bytes: Swift's strings are equal where their characters are, whatever spells these.
    private var indices: [[UInt8]: Int] = [:]

    mutating func index(of text: String) -> Int {
        let bytes = Array(text.utf8)
        if let index = indices[bytes] { return index }
        indices[bytes] = all.count
        all.append(text)
        return all.count - 1
    }
}

extension JSONValue {
    /// One answer as the token page reads it; the texts of its tokens go to `texts`.
    ///
    /// Arrays by token: `t` text, `a` author, `s` score in millionths as stored, `p` and `q` the small and the large model's probability in
    /// ten-thousandths (-1 where it was not asked, -2 where it does not tell; null for an answer without any), `u` and `v` their texts by position
    /// where these differ from the token written.
    static func answer(
        _ row: SampleRow, _ tokens: [TokenRow], _ texts: inout TextTable
    ) -> JSONValue {
        guard let sample = row.sample else {
            return .object([("error", .string(visible(row.error ?? "")))])
        }
        var text = TokenText()
        var pieces = tokens.map { text.next($0.bytes ?? Array("<\($0.token)>".utf8)) }
        if !pieces.isEmpty { pieces[pieces.count - 1] += text.finish() }
        let hasScores = tokens.contains { $0.score != nil }
        return .object([
            ("answer", .text(sample.grade.extracted.map(visible))),
            ("cut", .bool(sample.finish == .length)),
            ("passes", .integer(sample.usage.llmPasses)),
            ("drafted", sample.usage.drafted.map { .integer($0) } ?? .null),
            ("output", tokens.isEmpty ? .string(visible(sample.output)) : .null),
            ("t", .integers(pieces.map { texts.index(of: $0) })),
            ("a", .string(String(tokens.map { $0.author == .llm ? "1" : "0" }))),
            ("s", hasScores ? .integers(tokens.map { $0.score.map(millionths) }) : .null),
            ("p", probabilities(tokens, \.slm)), ("q", probabilities(tokens, \.llm)),
            ("u", others(tokens, \.slm, \.slmBytes, &texts)),
            ("v", others(tokens, \.llm, \.llmBytes, &texts)),
        ])
    }

    private static func millionths(_ score: Double) -> Int { Int((score * 1e6).rounded()) }

    private static func probabilities(
        _ tokens: [TokenRow], _ candidate: (TokenRow) -> CandidateRecord?
    ) -> JSONValue {
        guard tokens.contains(where: { candidate($0) != nil }) else { return .null }
        return .integers(
            tokens.map { token in
                guard let candidate = candidate(token) else { return -1 }
                return candidate.logprob.map { Int((exp(min(0, $0)) * 10_000).rounded()) } ?? -2
            })
    }

    private static func others(
        _ tokens: [TokenRow], _ candidate: (TokenRow) -> CandidateRecord?,
        _ bytes: (TokenRow) -> [UInt8]?, _ texts: inout TextTable
    ) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        for token in tokens {
            guard let other = candidate(token), other.token != token.token else { continue }
            let text = String(
                decoding: bytes(token) ?? Array("<\(other.token)>".utf8), as: UTF8.self)
            members.append((String(token.position), .integer(texts.index(of: text))))
        }
        return .object(members)
    }
}
