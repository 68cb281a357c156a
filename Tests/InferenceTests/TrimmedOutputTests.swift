import Foundation
import Hashing
import TestSupport
import Testing

@testable import Inference

/// A reading over some rows of the output matrix: the whole product's bits at those rows, and what follows from them.
struct TrimmedOutputTests {
    /// Reads texts over rows, each of its own, in one pass, and compares with the whole product.
    private func expectRows(
        _ rows: [TokenRows?], of model: Model, _ texts: [[Int32]]
    ) throws {
        func segments(_ rows: [TokenRows?]) -> [Segment] {
            zip(texts, rows).map { text, rows in
                var read = Read(.all, hidden: true, top: 3, rows: rows)
                read.targets = text.map { [$0, 0, 7] }
                return Segment(model.cache.makeSequence(), text, read: read)
            }
        }
        var whole = texts.map { _ in [[Float]]() }
        let full = try model.forward(
            segments(texts.map { _ in nil }), inspect: { whole[$0].append(Array($2)) })
        var part = texts.map { _ in [[Float]]() }
        let readings = try model.forward(
            segments(rows), inspect: { part[$0].append(Array($2)) })
        for (index, rows) in rows.enumerated() {
            guard let rows else {
                #expect(readings[index] == full[index])
                continue
            }
            #expect(readings[index].count == texts[index].count)
            for (place, reading) in readings[index].enumerated() {
                let logits = rows.ids.map { whole[index][place][Int($0)] }
                #expect(sameBits(part[index][place], logits), "text \(index), place \(place)")
                let best = logits.indices.sorted { (logits[$1], $0) < (logits[$0], $1) }
                #expect(reading.argmax == rows.ids[best[0]])
                #expect(reading.second == rows.ids[best[1]])
                #expect(reading.hidden == full[index][place].hidden)
                let top = Double(logits[best[0]])
                let sum = top + log(logits.reduce(0) { $0 + exp(Double($1) - top) })
                #expect(abs(Double(reading.logProbability) - (top - sum)) < 1e-5)
                #expect(
                    reading.top.first == reading.logProbability
                        && reading.top.count == min(3, rows.count))
                let token = texts[index][place]
                for (target, found) in zip([token, 0, 7], reading.targetLogProbabilities) {
                    let expected = rows.place(of: target).map { Double(logits[$0]) - sum }
                    #expect(abs(Double(found) - (expected ?? -.infinity)) < 1e-4 || expected == nil)
                    #expect(expected != nil || found == -.infinity)
                }
            }
        }
        #expect(model.cache.pagesInUse == 0)
    }

    private static func all(_ type: TinyTensorType) -> (String) -> TinyTensorType {
        { _ in type }
    }

    private static func outputAlone(_ name: String) -> Bool { name == "output" }

    /// Every type of matrix, tied or of its own, with a bias and padding or without; as many rows as tiles have, one more or fewer.
    @Test(arguments: TinyTensorType.allCases, [true, false])
    func tiny(type: TinyTensorType, tied: Bool) throws {
        try withTinyModel(
            .qwen2, threads: 2, types: Self.all(type), tied: tied, biases: Self.outputAlone,
            padding: tied ? 0 : 5
        ) { model in
            var random = SplitMix64(seed: 9)
            let rows = [2, 15, 16, 17, 100, 288].map { count in
                TokenRows((0..<Int32(288)).shuffled(using: &random).prefix(count))
            }
            let texts = randomTexts([3, 1, 40, 2, 2, 5, 1])
            try expectRows(rows + [nil], of: model, texts)
            try expectRows([nil] + rows, of: model, texts)
            #expect(model.trimmedOutputs.count == 6)
        }
    }

    @Test func gemmaCapsTheRows() throws {
        try withTinyModel(.gemma3, metadata: ["gemma3.final_logit_softcapping": .float32(3)]) {
            let texts = randomTexts([4, 4])
            try expectRows([TokenRows(5..<40), nil], of: $0, texts)
        }
    }

    @Test(.enabled(if: RealModel.smollm2.isHere, "needs SmolLM2"))
    func smollm2() throws {
        let model = try RealModel.smollm2.load()
        let texts = randomTexts([1, 3, 6], vocabulary: 49_152, seed: 3)
        let most = TokenRows((0..<Int32(49_152)).filter { !$0.isMultiple(of: 3) })
        try expectRows(
            [TokenRows(stride(from: 7, to: 49_152, by: 96)), most, nil], of: model, texts)
        #expect(model.trimmedBytes(rows: 49_152) >= 49_152 * 576 / 2)
    }

    @Test func rowsBeyondTheVocabularyAreNone() throws {
        try withTinyModel(.llama) { model in
            let read = Read(.last, rows: TokenRows([1, 288]))
            #expect(throws: ForwardError.token(288, vocabulary: 288)) {
                try model.forward([Segment(model.cache.makeSequence(), [1], read: read)])
            }
            #expect(model.trimmedOutputs.isEmpty && model.cache.pagesInUse == 0)
        }
    }

    /// The copy takes what it says, which grows by whole tiles of 16 rows.
    @Test func bytes() throws {
        try withTinyModel(.llama, types: Self.all(.f32)) { model in
            let tile = 16 * 256 * 4
            #expect(model.trimmedBytes(rows: 16) == tile)
            #expect(model.trimmedBytes(rows: 17) == 2 * tile)
        }
    }
}
