import Foundation
import TestSupport

/// Writes the models whose logits' hashes are committed, and the texts that they read, for scripts: `tiny-models DIRECTORY`.
@main
enum TinyModels {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            print("usage: tiny-models DIRECTORY")
            exit(2)
        }
        let directory = CommandLine.arguments[1]
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        for model in FixedModel.all { try model.write(to: "\(directory)/\(model.name).gguf") }
        let lines = FixedModel.texts.map { text in
            text.map(\.description).joined(separator: " ") + "\n"
        }
        try writeFile(Array(lines.joined().utf8), to: directory + "/texts")
    }
}
