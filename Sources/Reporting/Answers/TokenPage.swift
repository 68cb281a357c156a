import Foundation
import Platform
package import ResultsStore
import Routing

/// All answers of an experiment, token by token, as one HTML file.
///
/// The file needs no network and no other file. What models wrote is only ever set as text, and its
/// copy inside the page is JSON in which no character can end the element it stands in.
///
/// Blue and orange (Okabe and Ito's palette) tell the authors apart for every kind of colour vision; the large model's tokens are underlined
/// besides.
package struct TokenPage {
    private let experiment: ExperimentRow
    private let cells: [CellRow]
    private let data: JSONValue

    /// Reads every answer with its decisions. About 20 bytes a token are needed in memory and in
    /// the page.
    package init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil
    ) throws(StoreError) {
        experiment = try reader.experiment(named: name)
        let choice = try reader.configuration(named: configuration, of: experiment.id)
        cells = try reader.cells(of: experiment.id).filter { choice.chosen.cells.contains($0.id) }
            .sorted(by: singleModelsFirst)
        let names = try reader.namesByHash()
        let asks = [
            experiment.record.question, ConfigurationTable(choice: choice, names: names).sentence,
        ].compactMap(\.self)
        let facts = choice.chosen.facts.all
        var strings = StringTable()
        var questions = QuestionTable()
        var columns: [JSONValue] = []
        for cell in cells {
            let texts = try cell.record.dataset.map { dataset throws(StoreError) in
                try reader.questionTexts(of: dataset)
            }
            var answers: [(key: String, value: JSONValue)] = []
            for row in try reader.samples(of: cell.id) {
                let index = questions.index(
                    of: row.question, text: texts?[row.question], gold: row.sample?.gold)
                let tokens = try reader.tokens(of: row)
                answers.append((String(index), Self.answer(row, tokens, &strings)))
            }
            columns.append(.object(answers))
        }
        // A cell that two configurations share was last registered for one of them.
        let model = { (hash: String?, name: String?) -> JSONValue in
            .text((hash.flatMap { names[$0] } ?? name).map(visible))
        }
        data = .object([
            ("experiment", .string(visible(experiment.record.name))),
            ("asks", asks.isEmpty ? .null : .string(visible(asks.joined(separator: " ")))),
            ("slm", model(facts["slmSha256"], cells.lazy.compactMap(\.slm).first)),
            ("llm", model(facts["llmSha256"], cells.lazy.compactMap(\.llm).first)),
            ("cells", .array(cells.map(Self.summary))),
            ("questions", .array(questions.rows)),
            ("answers", .array(columns)),
            ("strings", .array(strings.all.map { .string(visible($0)) })),
        ])
    }

    /// What a report's file is called.
    package var fileName: String { ExperimentName.stem(experiment.record.name) + "/tokens.html" }

    /// The whole page.
    package func html() -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'">
        <title>\(escapeHTML(experiment.record.name)): tokens</title>
        <style>
        \(Self.text(PackageResources.token_page_css))
        </style>
        </head>
        <body>
        \(Self.text(PackageResources.token_page_html))
        <script type="application/json" id="data">\(data.text())</script>
        <script>
        \(Self.text(PackageResources.token_page_js))
        </script>
        </body>
        </html>

        """
    }

    /// A part of the page, from `Resources/`, without the line end that closes its file.
    static func text(_ resource: [UInt8]) -> String {
        String(decoding: resource.last == 0x0A ? resource.dropLast() : resource[...], as: UTF8.self)
    }

    private static func summary(_ cell: CellRow) -> JSONValue {
        .object([
            ("name", .string(visible(cell.name))),
            ("threshold", cell.record.threshold.map { .number($0) } ?? .null),
        ])
    }

    /// Arrays by token: `t` text, `a` author, `s` score in thousandths, `p` and `q` the small and
    /// the large model's probability in ten-thousandths (-1 where it was not asked), `u` and `v`
    /// their texts where these differ from the token written.
    private static func answer(
        _ row: SampleRow, _ tokens: [TokenRow], _ strings: inout StringTable
    ) -> JSONValue {
        guard let sample = row.sample else {
            return .object([("error", .string(visible(row.error ?? "")))])
        }
        var text = TokenText()
        var texts = tokens.map { token in text.next(token.bytes ?? Array("<\(token.token)>".utf8)) }
        if !texts.isEmpty { texts[texts.count - 1] += text.finish() }
        let hasScores = tokens.contains { $0.score != nil }
        return .object([
            ("correct", sample.grade.correct.map { .integer($0 ? 1 : 0) } ?? .null),
            ("score", sample.grade.score.map { .number($0) } ?? .null),
            ("answer", .text(sample.grade.extracted.map(visible))),
            ("finish", .string(sample.finish.rawValue)),
            ("calls", .integer(sample.usage.llmCalls)),
            ("passes", .integer(sample.usage.llmPasses)),
            ("output", tokens.isEmpty ? .string(visible(sample.output)) : .null),
            ("t", .integers(texts.map { strings.index(of: $0) })),
            ("a", .string(String(tokens.map { $0.author == .llm ? "1" : "0" }))),
            ("s", hasScores ? .integers(tokens.map { thousandths($0.score) }) : .null),
            ("p", .integers(tokens.map { probability($0.slm) })),
            ("q", .integers(tokens.map { probability($0.llm) })),
            ("u", others(tokens, \.slm, \.slmBytes, &strings)),
            ("v", others(tokens, \.llm, \.llmBytes, &strings)),
        ])
    }

    private static func thousandths(_ score: Double?) -> Int {
        Int(((score ?? 0) * 1000).rounded())
    }

    private static func probability(_ candidate: CandidateRecord?) -> Int {
        guard let candidate else { return -1 }
        return candidate.logprob.map { Int((exp(min(0, $0)) * 10_000).rounded()) } ?? -2
    }

    private static func others(
        _ tokens: [TokenRow], _ candidate: (TokenRow) -> CandidateRecord?,
        _ bytes: (TokenRow) -> [UInt8]?, _ strings: inout StringTable
    ) -> JSONValue {
        var members: [(key: String, value: JSONValue)] = []
        for token in tokens {
            guard let other = candidate(token), other.token != token.token else { continue }
            let text = String(
                decoding: bytes(token) ?? Array("<\(other.token)>".utf8), as: UTF8.self)
            members.append((String(token.position), .integer(strings.index(of: text))))
        }
        return .object(members)
    }
}

/// Texts that occur often, each stored once.
private struct StringTable {
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

/// The questions in the order in which cells name them.
private struct QuestionTable {
    private(set) var rows: [JSONValue] = []
    private var indices: [String: Int] = [:]

    mutating func index(of name: String, text: String?, gold: String?) -> Int {
        if let index = indices[name] { return index }
        indices[name] = rows.count
        rows.append(
            .object([
                ("name", .string(visible(name))), ("text", .text(text.map(visible))),
                ("gold", .text(gold.map(visible))),
            ]))
        return rows.count - 1
    }
}
