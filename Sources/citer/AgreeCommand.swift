import ArgumentParser
import Assets
import Foundation
import Inference
import Platform
import Runs
import Servers
import Tokenization

struct AgreeCommand: PollingCommand {
    static let configuration = CommandConfiguration(
        commandName: "agree",
        abstract: "Where a server's greedy texts and others' part, and how near to a tie that is.",
        discussion: """
            Compares a server with our decoder (--model), with a second server (--server twice), or with \
            itself at another number of requests at a time (--at-once 1,8). Each text is one request, as the server's \
            own users send it, with whatever it does to be faster.
            """)
    @Option(help: "A server's address, such as http://127.0.0.1:8080. Twice: two servers.")
    var server: [String]
    @Option(
        help: ArgumentHelp(
            "Which program it is, for each --server: \(ServerKind.allCases.map(\.rawValue).joined(separator: ", "))."
        )) var api: [String] = [ServerKind.llamaServer.rawValue]
    @Option(help: "What each server calls its model.") var name: [String] = ["default"]
    @Option(help: "A model's name, or the path of a .gguf file, that our decoder runs.")
    var model: String?
    @Option(help: "A model whose tokens are the server's; the default is --model.")
    var tokenizer: String?
    @Option(help: "Requests at a time; two numbers compare a server with itself, such as 1,8.")
    var atOnce = "1"
    @Option(help: "The environment variable that holds the servers' key.") var key: String?
    @Option(
        help: """
            A JSON Lines file with rows {"prompt"}, put in the model's chat format, or {"prompt_ids"}.
            """, transform: givenPath) var input: String
    @Flag(help: "Prompts as they are, without a chat format.") var raw = false
    @Option(help: "Most new tokens of a text.") var maxTokens = 128
    @Option(help: "Seconds for one text.") var timeout = 300
    @Option(help: "Partings below so many nats are near-ties.") var near = 0.1
    @OptionGroup var threading: ThreadOptions
    @Flag(help: "One JSON document instead of lines.") var json = false

    private struct Row: Decodable {
        let prompt: String?
        let promptIDs: [Int32]?
        enum CodingKeys: String, CodingKey {
            case prompt
            case promptIDs = "prompt_ids"
        }
    }

    func validate() throws {
        let counts = try self.counts
        let others = (server.count - 1) + (model == nil ? 0 : 1) + (counts.count - 1)
        guard server.count <= 2, counts.count <= 2, others == 1 else {
            throw ValidationError(
                "give one server and what to compare it with: --model, a second --server, or two numbers with --at-once"
            )
        }
        guard model != nil || tokenizer != nil else {
            throw ValidationError("give --tokenizer, a model whose tokens are the server's")
        }
        guard [1, server.count].contains(api.count), [1, server.count].contains(name.count) else {
            throw ValidationError("give --api and --name once, or once for each --server")
        }
        guard maxTokens > 1 else { throw ValidationError("--max-tokens must be at least 2") }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--timeout must be from 1 to 86400")
        }
        guard key.map(ServerSettings.isVariable) ?? true else {
            throw ValidationError("--key: \(ServerError.noVariable)")
        }
        guard model != nil || threading.threads == nil else {
            throw ValidationError("--threads is for --model, which our decoder runs; leave it out")
        }
        guard near >= 0 else { throw ValidationError("--near must be at least 0") }
    }

    private var counts: [Int] {
        get throws {
            try atOnce.split(separator: ",", omittingEmptySubsequences: false).map { word in
                guard let count = Int(word), (1...1024).contains(count) else {
                    throw ValidationError(
                        "--at-once takes numbers from 1 to 1024, such as 8 or 1,8; found \"\(word)\""
                    )
                }
                return count
            }
        }
    }

    func run() throws {
        let assets = try openAssets()
        let name = tokenizer ?? model ?? ""
        let counts = try counts
        let tokens = try TextTokenizer(assets.model(name))
        let prompts = try prompts(tokens)
        let sides = try sides(counts, tokens, name, assets)
        let texts = try Agreement(sides[0], sides[1], tokens.tokenizer, tokens: maxTokens)
            .run(prompts)
        try show(texts, sides.map(\.name), tokens.tokenizer)
    }

    private func sides(
        _ counts: [Int], _ tokens: TextTokenizer, _ name: String, _ assets: AssetStore
    ) throws -> [Agreement.Side] {
        let connections = try server.enumerated().map { index, text in
            let kindName = api.count > index ? api[index] : api[0]
            guard let kind = ServerKind(rawValue: kindName) else {
                throw ValidationError(
                    "unknown --api \"\(kindName)\"; known are \(ServerKind.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            let address: ServerAddress
            do throws(ServerAddressFault) {
                address = try ServerAddress(text)
            } catch {
                throw ValidationError("--server: \(error.description)")
            }
            let settings = ServerSettings(
                address: address, kind: kind,
                model: self.name.count > index ? self.name[index] : self.name[0], tokenizer: name,
                identity: "", concurrency: counts.max() ?? 1, timeout: timeout, keyVariable: key)
            let connection = try ServerConnection(settings, tokens.tokenizer)
            try connection.check(tokens.tokenizer, named: name)
            return connection
        }
        var sides = connections.flatMap { connection in
            counts.map { Agreement.Side.server(connection, atOnce: $0) }
        }
        if let model {
            sides.append(
                .here(
                    try LoadedModel(
                        assets.model(model), processor: Processor(threads: threading.threads))))
        }
        return sides
    }

    private func prompts(_ tokens: TextTokenizer) throws -> [[Int32]] {
        let rows = try numberedJSONLines(
            Row.self, at: input, expected: "\"prompt\" or \"prompt_ids\"")
        return try rows.map { line, row in
            if let ids = row.promptIDs, !ids.isEmpty {
                guard ids.allSatisfy({ $0 >= 0 && $0 < tokens.tokenizer.vocabularyCount }) else {
                    throw InputError.badLine(
                        path: input, line: line, expected: "\"prompt_ids\" of the vocabulary")
                }
                return ids
            }
            guard let prompt = row.prompt, !prompt.isEmpty else {
                throw InputError.badLine(
                    path: input, line: line,
                    expected: "\"prompt\" or \"prompt_ids\", not empty")
            }
            return try tokens.prompt(prompt, raw: raw)
        }
    }

    // MARK: - What came of it

    private struct Written: Encodable {
        let token: Int32
        let text: String
        let second: Int32?
        let margin: Float?

        init?(_ token: WrittenToken?, _ tokenizer: Tokenizer) {
            guard let token else { return nil }
            self.token = token.token
            text = tokenizer.decode([token.token])
            second = token.second
            margin = token.margin
        }
    }

    private struct Output: Encodable {
        struct Text: Encodable {
            let equal: Int
            let place: Int?
            let first: Written?
            let second: Written?
            let nearTie: Bool?
        }
        let sides: [String]
        let texts: [Text]
        let equalTexts: Int
        let partings: Int
        let nearTies: Int
        let near: Double
    }

    private func isNear(_ parting: Agreement.Parting) -> Bool {
        parting.margin.map { Double($0) < near } ?? false
    }

    private func show(
        _ texts: [Agreement.Text], _ names: [String], _ tokenizer: Tokenizer
    ) throws {
        let partings = texts.compactMap(\.parting)
        let ties = partings.count(where: isNear)
        if json {
            return try printJSON(
                Output(
                    sides: names,
                    texts: texts.map { text in
                        Output.Text(
                            equal: text.equal, place: text.parting?.place,
                            first: Written(text.parting?.first, tokenizer),
                            second: Written(text.parting?.second, tokenizer),
                            nearTie: text.parting.map(isNear))
                    },
                    equalTexts: texts.count - partings.count, partings: partings.count,
                    nearTies: ties, near: near))
        }
        try StandardOutput.show("A: \(names[0])\nB: \(names[1])")
        for (index, text) in texts.enumerated() {
            guard let parting = text.parting else {
                try StandardOutput.show("\(index + 1): equal, \(text.equal) tokens")
                continue
            }
            let sides = [("A", parting.first), ("B", parting.second)].map { side, token in
                "\(side) \(said(token, tokenizer))"
            }
            try StandardOutput.show(
                "\(index + 1): part at token \(parting.place + 1): "
                    + sides.joined(separator: "; ") + (isNear(parting) ? "; a near-tie" : ""))
        }
        let percent = texts.isEmpty ? 0 : 100 * (texts.count - partings.count) / texts.count
        try StandardOutput.show(
            "\(texts.count - partings.count) of \(texts.count) texts are equal (\(percent) %); of \(partings.count) partings \(ties) are near-ties (below \(near) nats)"
        )
    }

    private func said(_ token: WrittenToken?, _ tokenizer: Tokenizer) -> String {
        guard let token else { return "ended" }
        func quoted(_ id: Int32) -> String {
            String(reflecting: visibleLine(tokenizer.decode([id])))
        }
        guard let second = token.second, let margin = token.margin else {
            return quoted(token.token)
        }
        return
            "\(quoted(token.token)), \(String(format: "%.3f", margin)) ahead of \(quoted(second))"
    }
}
