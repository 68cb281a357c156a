package import Assets
import GGUF
import Platform
import Runs
import Tokenization

/// `citer tokenize`: texts to token ids.
package struct TokenizeVerb {
    private struct Row: Decodable {
        let text: String
        let special: Bool?
    }
    private struct Output: Encodable {
        let ids: [Int32]
    }

    private let tokenizer: Tokenizer

    /// Loads the model's vocabulary; its weights are not touched.
    package init(model: String, assets: AssetStore) throws {
        let file = try assets.model(model)
        do {
            tokenizer = try Tokenizer(GGUFFile(path: file.path))
        } catch {
            throw RunError.model(name: file.name, reason: "\(error)")
        }
        for warning in tokenizer.warnings { note("model \(file.name): \(warning)") }
    }

    /// One text.
    package func run(text: String, special: Bool, json: Bool) throws {
        try show(tokenizer.encode(text, parseSpecial: special), json: json)
    }

    /// Every row `{"text", "special"}` of a JSON Lines file.
    package func run(file: String, special: Bool, json: Bool) throws {
        for row in try jsonLines(Row.self, at: file, expected: "\"text\" and maybe \"special\"") {
            try run(text: row.text, special: row.special ?? special, json: json)
        }
    }

    private func show(_ ids: [Int32], json: Bool) throws {
        if json {
            try printJSON(Output(ids: ids))
        } else {
            for id in ids {
                let text = String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
                try StandardOutput.show("\(id) \(String(reflecting: text))")
            }
        }
    }
}
