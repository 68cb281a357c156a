import Foundation
import Hashing
import Platform
package import ResultsStore

/// All answers of an experiment, token by token, as an HTML page and the files of answers beside it.
///
/// It needs no network and no server: the page holds what its first view shows, and answers that it does not hold come from scripts
/// in the folder `tokens`, which a page opened from a disk may load where it may not read a file. What models wrote is only ever set as text, and
/// its copy inside the page and its scripts is JSON in which no character can end the element it stands in.
///
/// Blue and orange (Okabe and Ito's palette) tell the authors apart for every kind of colour vision; the large model's tokens are underlined
/// besides.
package struct TokenPage {
    private let reader: ResultsReader
    private let index: TokenPageIndex

    /// Reads the settings and what they made of every question; the tokens are read when the files are made.
    package init(
        _ reader: ResultsReader, experiment name: String, configuration: String? = nil
    ) throws(StoreError) {
        self.reader = reader
        index = try TokenPageIndex(reader, experiment: name, configuration: configuration)
    }

    /// What the page's file is called.
    package var fileName: String { stem + "/tokens.html" }

    /// The folder of the answers that the page does not hold.
    package var folderName: String { stem + "/tokens" }

    private var stem: String { ExperimentName.stem(index.experiment.record.name) }

    /// Bytes at which a file of answers is full: a disk gives it in no time, and some of it is read in vain.
    private static let chunkSize = 400_000
    /// Bytes up to which a first file of answers is put into the page; a larger one lies beside it, too.
    private static let inlineSize = 1_200_000

    /// Makes the files one by one, the page last, so that no more than one file of answers is held.
    package func files(_ write: (ReportFile) throws -> Void) throws {
        var chunks: [TokenPageChunk] = []
        var inline: String?
        var text = TextTable()
        var answers: [JSONValue] = []
        var size = 0
        for question in index.questions.indices {
            let (row, bytes) = try answersJSON(question, &text)
            answers.append(row)
            size += bytes
            let isLast = question == index.questions.indices.last
            guard size >= Self.chunkSize || isLast else { continue }
            let payload = JSONValue.object([
                ("strings", .array(text.all.map { .string(visible($0)) })),
                ("answers", .array(answers)),
            ]).text()
            let chunk = TokenPageChunk(
                number: chunks.count + 1,
                questions: question - answers.count + 1..<question + 1,
                stamp: String(SHA256.hexadecimal(of: payload.utf8).prefix(12)))
            if chunk.number == 1, payload.utf8.count <= Self.inlineSize {
                inline = payload
            } else {
                try write(
                    ReportFile(
                        name: "\(folderName)/\(chunk.fileName)",
                        text: "citerTokens(\(chunk.number),\"\(chunk.stamp)\",\(payload));\n"))
            }
            chunks.append(chunk)
            (text, answers, size) = (TextTable(), [], 0)
        }
        try write(ReportFile(name: fileName, text: html(chunks, inline: inline)))
    }

    /// What all cells answered to one question, and about how many bytes that takes.
    private func answersJSON(
        _ question: Int, _ texts: inout TextTable
    ) throws(StoreError) -> (JSONValue, bytes: Int) {
        let name = index.questions[question]
        var gold: String?
        var bytes = 0
        var answers: [JSONValue] = []
        for (cell, asked) in zip(index.cells, index.asked) {
            guard asked.contains(name) else {
                answers.append(.null)
                continue
            }
            let row = try reader.sample(of: cell.id, question: name)
            let tokens = try reader.tokens(of: row)
            gold = gold ?? row.sample?.gold
            // A token takes its text's index, author, score and two probabilities.
            bytes += tokens.count * 20 + (tokens.isEmpty ? row.sample?.output.utf8.count ?? 0 : 0)
            answers.append(.answer(row, tokens, &texts))
        }
        let isWhole = index.shownText(of: question).isWhole
        let whole = isWhole ? nil : index.texts[question].map(visible)
        let row = JSONValue.object([
            ("text", .text(whole)), ("gold", .text(gold.map(visible))),
            ("cells", .array(answers)),
        ])
        return (row, bytes + (whole?.utf8.count ?? 0))
    }

    private func html(_ chunks: [TokenPageChunk], inline: String?) -> String {
        WebPage(
            title: "\(index.experiment.record.name): tokens",
            style: WebPage.text(PackageResources.token_page_css), scriptSources: " 'self' file:",
            body: """
                \(WebPage.text(PackageResources.token_page_html))
                <script type="application/json" id="data">\(index.json(chunks: chunks).text())</script>
                <script type="application/json" id="first">\(inline ?? "null")</script>
                <script>
                \(Self.script)
                </script>
                """
        ).html
    }

    /// Whether a file of `folderName` is called as those of answers are.
    package static func isAnswersName(_ name: String) -> Bool {
        let stem = name.dropLast(3)
        return name.hasSuffix(".js") && stem.utf8.count >= 4
            && stem.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// The page's program.
    static var script: String {
        [
            PackageResources.token_page_js, PackageResources.token_page_list_js,
            PackageResources.token_page_answers_js, PackageResources.token_page_keys_js,
        ].map(WebPage.text).joined(separator: "\n")
    }
}

/// The answers to successive questions, in one file.
struct TokenPageChunk {
    /// From 1.
    let number: Int
    let questions: Range<Int>
    /// Of its content, so that a page never shows another's answers.
    let stamp: String

    var fileName: String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ".js"
    }
}
