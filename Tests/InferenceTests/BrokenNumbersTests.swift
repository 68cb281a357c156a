import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Weights that make nothing of a text: the pass says where instead of choosing a token.
struct BrokenNumbersTests {
    struct Case: CustomTestStringConvertible {
        let tensor: String
        /// What the tensor's first numbers become.
        let value: Float
        let symptom: Symptom
        let place: Fault
        var biased = false
        var testDescription: String { "\(tensor) = \(value)\(biased ? ", biased" : "")" }
    }

    private static let first = Fault.layer(0, of: 3)
    private static let second = Fault.layer(1, of: 3)
    private static let third = Fault.layer(2, of: 3)

    static let cases = [
        Case(tensor: "blk.0.attn_norm.weight", value: .nan, symptom: .notNumbers, place: first),
        Case(tensor: "blk.1.ffn_down.weight", value: .nan, symptom: .notNumbers, place: second),
        Case(tensor: "blk.2.attn_v.weight", value: .nan, symptom: .notNumbers, place: third),
        Case(tensor: "output_norm.weight", value: .nan, symptom: .notNumbers, place: .output),
        Case(
            tensor: "token_embd.weight", value: .infinity, symptom: .notNumbers,
            place: .embedding),
        // Finite, but their squares are not: the next norm makes zeros of all.
        Case(tensor: "token_embd.weight", value: 1e30, symptom: .allEqual, place: .embedding),
        Case(tensor: "blk.1.ffn_down.weight", value: 1e30, symptom: .allEqual, place: second),
        Case(tensor: "blk.2.ffn_down.weight", value: 3e30, symptom: .allEqual, place: third),
        // An output bias would make them look like a choice.
        Case(
            tensor: "blk.1.ffn_down.weight", value: 1e30, symptom: .allEqual, place: second,
            biased: true),
        // Values that half precision, in which they are cached, does not hold.
        Case(tensor: "blk.1.attn_v.weight", value: 1e9, symptom: .notNumbers, place: second),
    ]

    @Test(arguments: cases)
    func names(_ c: Case) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(
                to: path, layers: 3, types: { _ in .f32 }, tied: false,
                biases: c.biased ? { $0 == "output" } : nil)
            let tensor = try #require(GGUFFile(path: path).tensor(named: c.tensor))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // Whole rows, so that every token meets them.
            let count = c.tensor == "token_embd.weight" ? tensor.rows * tensor.columns : 256
            for index in 0..<count {
                withUnsafeBytes(of: c.value.bitPattern.littleEndian) { raw in
                    let start = tensor.offset + 4 * index
                    bytes.replaceSubrange(start..<start + 4, with: raw)
                }
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            let model = try Model(GGUFFile(path: path), processor: Processor(threads: 1))
            let sequence = model.cache.makeSequence()
            #expect(throws: ForwardError.broken(c.symptom, c.place)) {
                try model.forward([Segment(sequence, [1, 2, 3])])
            }
            #expect(sequence.length == 0 && model.cache.pagesInUse == 0)
            // After texts that no one reads, too.
            #expect(throws: ForwardError.broken(c.symptom, c.place)) {
                _ = try model.forward([Segment(sequence, [4, 5], read: .none)])
                _ = try model.forward([Segment(sequence, [6], read: Read(.all))])
            }
        }
    }

    @Test func message() {
        #expect(
            ForwardError.broken(.allEqual, .layer(4, of: 24)).description
                == "layer 5 of 24 (blk.4) computes numbers beyond all use, so that all tokens are"
                + " equally probable; is the model's file damaged?")
    }

    /// One token that cannot follow is no fault.
    @Test func oneImpossibleToken() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(
                to: path, types: { _ in .f32 }, tied: false, biases: { $0 == "output" })
            let bias = try #require(GGUFFile(path: path).tensor(named: "output.bias"))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            withUnsafeBytes(of: (-Float.infinity).bitPattern.littleEndian) { raw in
                bytes.replaceSubrange(bias.offset + 20..<bias.offset + 24, with: raw)
            }
            try bytes.write(to: URL(fileURLWithPath: path))
            let model = try Model(GGUFFile(path: path), processor: Processor(threads: 1))
            let reading = try model.forward([
                Segment(model.cache.makeSequence(), [1], read: Read(.all, targets: [5]))
            ])[0][0]
            #expect(reading.targetLogProbabilities == [-.infinity] && reading.entropy.isFinite)
        }
    }
}
