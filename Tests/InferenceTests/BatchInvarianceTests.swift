import Foundation
import TestSupport
import Testing

@testable import Inference

/// What a model says of a position is the same to the bit, however the position came to be read.
struct BatchInvarianceTests {
    static let texts = randomTexts([1, 5, 16, 17, 24, 33, 40, 50])

    struct Setting: CustomTestStringConvertible {
        let set: InstructionSet
        let threads: Int
        var testDescription: String { "\(set), \(threads) threads" }
    }

    // The scalar kernels are slow, and were the reference on one thread.
    static let settings = InstructionSet.allCases.filter(\.isAvailable).flatMap { set in
        (set == .scalar ? [2] : [1, 2, 3]).map { Setting(set: set, threads: $0) }
    }

    /// One by one, by the scalar reference on one thread.
    private func reference(_ architecture: Architecture) throws -> [[Said]] {
        try withTinyModel(architecture, set: .scalar) { model in
            try Self.texts.map { try model.sayOneByOne($0) }
        }
    }

    @Test(arguments: Architecture.allCases)
    func everyWayOfReading(architecture: Architecture) throws {
        let expected = try reference(architecture)
        for setting in Self.settings {
            try withTinyModel(architecture, threads: setting.threads, set: setting.set) { model in
                for (text, said) in zip(Self.texts, expected) {
                    let whole = try model.say(model.cache.makeSequence(), text)
                    #expect(isEqual(whole, said), "whole, \(setting.testDescription)")

                    let sequence = model.cache.makeSequence()
                    let cut = text.count * 2 / 3
                    let split =
                        try model.say(sequence, text[..<cut]) + model.say(sequence, text[cut...])
                    #expect(isEqual(split, said), "split at \(cut), \(setting.testDescription)")
                }
                for seed in setting.set == .scalar ? [1] : [1, 2, 3] as [UInt64] {
                    let mixed = try model.sayMixed(Self.texts, seed: seed)
                    for (said, expected) in zip(mixed, expected) {
                        #expect(isEqual(said, expected), "batch, \(setting.testDescription)")
                    }
                }
                #expect(model.cache.pagesInUse == 0)
            }
        }
    }

    /// The same for what only some files ask for: biases, stretched angles, a cap on the logits, padded tables.
    @Test(arguments: [Architecture.llama, .gemma3])
    func everyExtra(architecture: Architecture) throws {
        let name = architecture.rawValue
        let metadata: [String: TinyGGUF.Value] = [
            "\(name).rope.scaling.type": .string("yarn"),
            "\(name).rope.scaling.factor": .float32(4),
            "\(name).rope.scaling.original_context_length": .uint32(2048),
            "\(name).final_logit_softcapping": .float32(3),
        ]
        let everyMatrix = { (_: String) in true }
        var expected: [[Said]]?
        for setting in [Setting(set: .scalar, threads: 1)] + Self.settings {
            try withTinyModel(
                architecture, threads: setting.threads, set: setting.set,
                layers: architecture.localLayers ? 6 : 2, tied: false, metadata: metadata,
                biases: everyMatrix, padding: 21
            ) { model in
                let texts = randomTexts([1, 17, 24, 33], seed: 9)
                let said = try expected ?? texts.map { try model.sayOneByOne($0) }
                expected = said
                let mixed = try model.sayMixed(texts, seed: 2)
                for (found, said) in zip(mixed, said) {
                    #expect(isEqual(found, said), "\(setting.testDescription)")
                }
            }
        }
    }

    /// The largest probabilities, and a middle layer of its own for each that is asked for.
    @Test func topAndMiddleLayers() throws {
        try withTinyModel(.qwen2, layers: 4) { model in
            var rows: [[Float]] = []
            let segment = Segment(
                model.cache.makeSequence(), randomTexts([9])[0],
                read: Read(.all, hidden: true, layers: [1, 3], top: 7))
            let readings = try model.forward([segment]) { _, _, row in rows.append(Array(row)) }[0]
            for (reading, row) in zip(readings, rows) {
                let largest = row.sorted(by: >).prefix(7)
                let sum = row.reduce(0) { $0 + exp(Double($1 - largest[0])) }
                for (said, logit) in zip(reading.top, largest) {
                    #expect(abs(Double(said) - (Double(logit - largest[0]) - log(sum))) < 1e-4)
                }
                #expect(reading.top.first == reading.logProbability && reading.top.count == 7)
                #expect(Set(reading.layers.keys) == [1, 3])
                #expect(reading.layers[1]?.count == model.config.width)
                #expect(reading.layers[1] != reading.layers[3])
            }
            // The layers below know nothing of those above.
            let said = readings.map { $0.layers[1] }
            try withTinyModel(.qwen2, layers: 2) { shorter in
                let read = Read(.all, layers: [1])
                let again = try shorter.forward([
                    Segment(shorter.cache.makeSequence(), segment.tokens, read: read)
                ])[0]
                #expect(again.map { $0.layers[1] } == said)
            }
        }
    }

    /// Without the scalar model's help: the same set, one by one.
    @Test(arguments: Architecture.allCases, [true, false])
    func tiedAndUntiedOutput(architecture: Architecture, tied: Bool) throws {
        try withTinyModel(architecture, threads: 2, tied: tied) { model in
            let texts = randomTexts([3, 18, 35], seed: 7)
            let expected = try texts.map { try model.sayOneByOne($0) }
            try #expect(model.sayMixed(texts, seed: 1) == expected)
        }
    }

    /// More rows than one pass takes: cut into passes of 512 rows in the middle of segments.
    @Test func passesLongerThanTheLimit() throws {
        try withTinyModel(.llama, threads: 2, layers: 1, context: 2048) { model in
            let texts = randomTexts([700, 3, 600, 200], seed: 3)
            let expected = try texts.map { text in
                let sequence = model.cache.makeSequence()
                return try stride(from: 0, to: text.count, by: 100).flatMap {
                    try model.say(sequence, text[$0..<min($0 + 100, text.count)])
                }
            }
            let said = try model.say(texts.map { (model.cache.makeSequence(), $0) })
            for (a, b) in zip(said, expected) { #expect(isEqual(a, b)) }
        }
    }

    /// Reading fewer positions changes nothing in those that are read.
    @Test func whatIsReadDoesNotMatter() throws {
        try withTinyModel(.qwen2) { model in
            let text = randomTexts([50], seed: 5)[0]
            let targets = Array(text.dropFirst() + [0])
            let all = try model.forward([
                Segment(model.cache.makeSequence(), text, read: Read(.all, targets: targets))
            ])[0]
            #expect(all.count == 50)
            let sequence = model.cache.makeSequence()
            try #expect(model.forward([Segment(sequence, text, read: .none)]) == [[]])
            let last = try model.forward([Segment(sequence, [text[0]])])[0]
            let again = try model.forward([
                Segment(model.cache.makeSequence(), text + [text[0]])
            ])[0]
            #expect(last == again && last.count == 1)
            for (reading, target) in zip(all, targets) {
                #expect(reading.targetLogProbabilities.count == 1)
                if reading.argmax == target {
                    #expect(reading.targetLogProbabilities == [reading.logProbability])
                } else {
                    #expect(reading.targetLogProbabilities[0] <= reading.secondLogProbability)
                }
            }
        }
    }

    /// Compares outside of `#expect`, which would describe every logit of a failure.
    private func isEqual(_ a: [Said], _ b: [Said]) -> Bool { a == b }
}
