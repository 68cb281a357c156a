import Foundation
import GGUF
import Hashing
import TestSupport
import Testing

@testable import Inference

/// The logits of fixed models and texts are those of the committed table, by every instruction set, number of threads and size of a batch.
///
/// The lines of Resources/logits.sha256 are those of sha256sum, one for each model's file and one for its logits, as floats in the
/// order (text, position, vocabulary). `make test-arm` compares NEON's with the same table.
struct LogitTableTests {
    struct Setting: CustomTestStringConvertible {
        let set: InstructionSet
        let threads: Int
        /// Tokens a pass, of up to four texts side by side.
        let batch: Int
        var testDescription: String { "\(set), \(threads) threads, batches of \(batch)" }
    }

    static let threads = [1, 2, 7, 64]
    static let batches = [1, 3, 32, 64]

    /// Every set, number of threads and size of a batch together; by the scalar reference, which is slow, only as many as there are of each, but for
    /// one model of each family or if the environment asks for more.
    static func settings(thorough: Bool) -> [Setting] {
        let asked = ProcessInfo.processInfo.environment["CITER_EVERY_SETTING"] != nil
        return InstructionSet.allCases.filter(\.isAvailable).flatMap { set in
            threads.enumerated().flatMap { row, threads in
                batches.enumerated().compactMap { column, batch in
                    let isRun = set != .scalar || thorough || asked || row == column
                    return isRun ? Setting(set: set, threads: threads, batch: batch) : nil
                }
            }
        }
    }

    static func table() throws -> [String: String] {
        let path = Bundle.module.bundleURL.appendingPathComponent("Resources/logits.sha256")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n")
        return Dictionary(
            uniqueKeysWithValues: lines.map { line in
                (String(line.dropFirst(66)), String(line.prefix(64)))
            })
    }

    @Test(arguments: FixedModel.all)
    func tinyModels(fixed: FixedModel) throws {
        let table = try Self.table()
        try withTemporaryDirectory { directory in
            let path = "\(directory)/\(fixed.name).gguf"
            try fixed.write(to: path)
            let file = SHA256.hexadecimal(of: try Data(contentsOf: URL(fileURLWithPath: path)))
            try #require(
                file == table["\(fixed.name).gguf"],
                "the file itself is another: \(file)  \(fixed.name).gguf")
            for setting in Self.settings(thorough: fixed.name.hasSuffix("mixed")) {
                let found = try hash(path, setting, FixedModel.texts)
                #expect(found == table[fixed.name], "\(found)  \(fixed.name), \(setting)")
            }
        }
    }

    /// A real model's shapes. The scalar reference takes 0.3 s a token.
    @Test(.enabled(if: RealModel.smollm2.isHere, "needs smollm2-135m in CITER_MODELS"))
    func smollm2() throws {
        let path = try #require(RealModel.smollm2.path)
        let expected = try Self.table()["SmolLM2-135M-Instruct.Q4_1"]
        let text = Array(FixedModel.texts[0].prefix(8))
        for set in InstructionSet.allCases where set.isAvailable {
            for (threads, batch) in set == .scalar ? [(2, 8)] : [(1, 1), (2, 3), (7, 8)] {
                let setting = Setting(set: set, threads: threads, batch: batch)
                let found = try hash(path, setting, [text])
                #expect(found == expected, "\(found)  SmolLM2-135M-Instruct.Q4_1, \(setting)")
            }
        }
    }

    /// SHA-256 of all texts' logits.
    private func hash(_ path: String, _ setting: Setting, _ texts: [[Int32]]) throws -> String {
        let processor = try Processor(threads: setting.threads, instructions: setting.set)
        let model = try Model(GGUFFile(path: path), processor: processor, cacheBytes: 1 << 24)
        let sequences = texts.map { _ in model.cache.makeSequence() }
        var rows = texts.map { _ in [[Float]]() }
        let side = min(setting.batch, texts.count)
        let each = setting.batch / side
        for first in stride(from: 0, to: texts.count, by: side) {
            let group = first..<min(first + side, texts.count)
            while let most = group.map({ texts[$0].count - rows[$0].count }).max(), most > 0 {
                let reading = group.filter { rows[$0].count < texts[$0].count }
                let segments = reading.map {
                    let piece = texts[$0].dropFirst(rows[$0].count).prefix(each)
                    return Segment(sequences[$0], Array(piece), read: Read(.all))
                }
                _ = try model.forward(segments) { segment, _, row in
                    rows[reading[segment]].append(Array(row))
                }
            }
        }
        var hash = SHA256()
        for row in rows.joined() { row.withUnsafeBytes { hash.update($0) } }
        return hash.hexadecimal()
    }
}
