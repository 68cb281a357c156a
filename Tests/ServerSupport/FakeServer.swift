package import Foundation
import GGUF
package import Servers
import TestSupport
package import Tokenization

/// A strict fake of one of the servers, as a process that really speaks HTTP: `fake_server.py`, beside this file.
package final class FakeServer {
    private let process = Process()
    private let input = Pipe()
    package let port: Int
    package let kind: ServerKind

    struct DidNotStart: Error {}

    /// - Parameters:
    ///   - faults: by name, such as `busy:2`.
    ///   - arguments: more of them.
    package init(
        _ kind: ServerKind, vocabulary: Int = 288, faults: [String] = [], arguments: [String] = []
    ) throws {
        self.kind = kind
        let script = checkoutRoot + "/Tests/ServerSupport/fake_server.py"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", script, "--api", kind.rawValue, "--vocabulary", "\(vocabulary)"]
            + faults.flatMap { ["--fault", $0] } + arguments
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty,
            byte != Data("\n".utf8)
        {
            line += byte
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard words.count == 2, words[0] == "port", let port = Int(words[1]) else {
            process.terminate()
            throw DidNotStart()
        }
        self.port = port
    }

    deinit { stop() }

    package var processIdentifier: Int32 { process.processIdentifier }

    /// Ends it; who asks then finds nobody.
    package func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    package var address: String { "http://127.0.0.1:\(port)" }

    /// Settings of a client.
    package func settings(
        concurrency: Int = 1, timeout: Int = 10, model: String = "fake", key: String? = nil,
        parameters: Int? = nil
    ) throws -> ServerSettings {
        ServerSettings(
            address: try ServerAddress(address), kind: kind, model: model, tokenizer: "tiny",
            identity: "a fake", concurrency: concurrency, timeout: timeout, keyVariable: key,
            parameters: parameters)
    }
}

/// The tokenizer of a tiny model's file.
package func tinyTokenizer() throws -> Tokenizer {
    try withTemporaryDirectory { folder in
        try TinyModel.write(to: folder + "/tiny.gguf")
        return try Tokenizer(GGUFFile(path: folder + "/tiny.gguf"))
    }
}

/// What a fake's `--tokenizer` reads: the tokens of the texts by which tokenizers are told apart, and of others.
package func tokenTable(of tokenizer: Tokenizer, also others: [String] = []) throws -> Data {
    var table: [String: [Int32]] = [:]
    for sample in TokenizerSamples.texts(of: tokenizer) {
        let ids = tokenizer.encode(sample.text, parseSpecial: sample.parseSpecial)
        table[sample.parseSpecial ? sample.text : "plain:" + sample.text] = ids
        // Of most texts it is the same.
        if !sample.parseSpecial, table[sample.text] == nil {
            table[sample.text] = tokenizer.encode(sample.text, parseSpecial: true)
        }
    }
    for text in others { table[text] = tokenizer.encode(text, parseSpecial: true) }
    return try JSONEncoder().encode(table)
}
