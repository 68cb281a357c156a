import ArgumentParser
import Assets
import GGUF
import Platform
import Runs
import Tokenization

struct TokenizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Text to token ids.",
        discussion: """
            A text that looks like an option goes behind `--`: citer tokenize --model NAME -- --json
            """)
    @OptionGroup var model: ModelOptions
    @Flag(help: "Read special tokens written in the text as such.") var special = false
    @Option(help: "A JSON Lines file with rows {\"text\", \"special\"}.", transform: givenPath)
    var input: String?
    @Argument(help: "The text.") var text: String?
    @Flag(help: "{\"ids\":[...]} for each text.") var json = false

    func validate() throws {
        guard (text == nil) != (input == nil) else {
            throw ValidationError("give a text, or --input FILE.jsonl")
        }
    }

    func run() throws {
        let tokenizer = try tokenizer()
        if let text { try show(tokenizer.encode(text, parseSpecial: special), of: tokenizer) }
        guard let input else { return }
        let rows = try jsonLines(Row.self, at: input, expected: "\"text\" and maybe \"special\"")
        for row in rows {
            try show(
                tokenizer.encode(row.text, parseSpecial: row.special ?? special), of: tokenizer)
        }
    }

    private struct Row: Decodable {
        let text: String
        let special: Bool?
    }
    private struct Output: Encodable {
        let ids: [Int32]
    }

    /// The model's vocabulary; its weights are not touched.
    private func tokenizer() throws -> Tokenizer {
        let file = try openAssets().model(model.model)
        let tokenizer: Tokenizer
        do {
            tokenizer = try Tokenizer(GGUFFile(path: file.path))
        } catch {
            throw RunError.model(name: file.name, reason: "\(error)")
        }
        for warning in tokenizer.warnings {
            StandardError.note("model \(file.name): \(warning)")
        }
        return tokenizer
    }

    private func show(_ ids: [Int32], of tokenizer: Tokenizer) throws {
        if json { return try printJSON(Output(ids: ids)) }
        for id in ids {
            let text = String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
            try StandardOutput.show("\(id) \(String(reflecting: text))")
        }
    }
}
