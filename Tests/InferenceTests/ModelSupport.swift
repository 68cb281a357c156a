import Foundation
import GGUF
import Hashing
import TestSupport

@testable import Inference

/// Calls `body` with a small model of random weights, loaded from a file that is removed again.
func withTinyModel<R>(
    _ architecture: Architecture, threads: Int = 1, set: InstructionSet = .best,
    layers: Int = 2, context: Int = 512, types: (String) -> TinyTensorType = mixedTypes,
    tied: Bool = true, cacheBytes: Int = 1 << 28, metadata: [String: TinyGGUF.Value] = [:],
    biases: ((String) -> Bool)? = nil, padding: Int = 0, _ body: (Model) throws -> R
) throws -> R {
    try withTemporaryDirectory { directory in
        let path = directory + "/tiny.gguf"
        try TinyModel.write(
            to: path, architecture: architecture.rawValue, layers: layers, context: context,
            types: types, tied: tied, metadata: metadata, biases: biases, padding: padding)
        let processor = try Processor(threads: threads, instructions: set)
        let model = try Model(GGUFFile(path: path), processor: processor, cacheBytes: cacheBytes)
        return try body(model)
    }
}

/// All formats in one file, spread over its matrices.
func mixedTypes(_ name: String) -> TinyTensorType {
    let sum = name.utf8.reduce(0) { ($0 * 31 + Int($1)) % 65_521 }
    return TinyTensorType.allCases[sum % TinyTensorType.allCases.count]
}

/// All there is to know about what a model said of one position.
struct Said: Equatable {
    let reading: Reading
    let logits: [Float]

    /// Equal to the bit.
    static func == (a: Said, b: Said) -> Bool {
        a.reading == b.reading && sameBits(a.logits, b.logits)
    }
}

extension Model {
    /// Runs segments and reports every position, logits and hidden states included.
    func say(_ segments: [(sequence: KVSequence, tokens: [Int32])]) throws -> [[Said]] {
        var logits = segments.map { _ in [[Float]]() }
        let read = Read(.all, hidden: true, layers: config.layers > 1 ? [1] : [], top: 5)
        let readings = try forward(
            segments.map { Segment($0.sequence, $0.tokens, read: read) },
            inspect: { segment, _, row in logits[segment].append(Array(row)) })
        return zip(readings, logits).map { readings, logits in
            zip(readings, logits).map { Said(reading: $0, logits: $1) }
        }
    }

    func say(_ sequence: KVSequence, _ tokens: some Collection<Int32>) throws -> [Said] {
        try say([(sequence, Array(tokens))])[0]
    }

    /// A text from its beginning, one token a pass.
    func sayOneByOne(_ tokens: some Collection<Int32>) throws -> [Said] {
        let sequence = cache.makeSequence()
        return try tokens.flatMap { try say(sequence, [$0]) }
    }
}

/// Random texts of the given lengths.
func randomTexts(_ lengths: [Int], vocabulary: Int = 288, seed: UInt64 = 1) -> [[Int32]] {
    var generator = SplitMix64(seed: seed)
    return lengths.map { length in
        (0..<length).map { _ in Int32.random(in: 0..<Int32(vocabulary), using: &generator) }
    }
}

extension Model {
    /// Reads all texts together in passes whose pieces differ in length: some decode one token,
    /// some read dozens, some wait, and each ends when it ends.
    func sayMixed(_ texts: [[Int32]], seed: UInt64) throws -> [[Said]] {
        var generator = SplitMix64(seed: seed)
        let sequences = texts.map { _ in cache.makeSequence() }
        var said = texts.map { _ in [Said]() }
        while zip(texts, said).contains(where: { $0.count > $1.count }) {
            var pieces: [(index: Int, tokens: [Int32])] = []
            for (index, text) in texts.enumerated() where said[index].count < text.count {
                let most = [0, 1, 1, 2, 17, 40].randomElement(using: &generator) ?? 1
                let piece = Array(text.dropFirst(said[index].count).prefix(most))
                if !piece.isEmpty { pieces.append((index, piece)) }
            }
            pieces.shuffle(using: &generator)
            let results = try say(pieces.map { (sequences[$0.index], $0.tokens) })
            for (piece, result) in zip(pieces, results) { said[piece.index] += result }
        }
        return said
    }
}
