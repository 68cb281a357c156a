import CKernels
import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Weights that make nothing of a text: the pass says where instead of choosing a token.
struct BrokenNumbersTests {
    struct Case: CustomTestStringConvertible {
        var architecture = Architecture.qwen2
        let tensor: String
        /// What the tensor's first numbers become.
        let value: Float
        var symptom = Symptom.notNumbers
        let place: Fault
        var biased = false
        var testDescription: String {
            "\(architecture), \(tensor) = \(value)\(biased ? ", biased" : "")"
        }
    }

    private static let first = Fault.layer(0, of: 3)
    private static let second = Fault.layer(1, of: 3)
    private static let third = Fault.layer(2, of: 3)

    static let cases = [
        Case(tensor: "blk.0.attn_norm.weight", value: .nan, place: first),
        Case(tensor: "blk.1.ffn_down.weight", value: .nan, place: second),
        Case(tensor: "blk.2.attn_v.weight", value: .nan, place: third),
        Case(tensor: "output_norm.weight", value: .nan, place: .output),
        Case(
            tensor: "token_embd.weight", value: .infinity,
            place: .embedding),
        // Finite, but their squares are not: a norm would make zeros of all.
        Case(tensor: "token_embd.weight", value: 1e30, place: .embedding),
        Case(tensor: "blk.1.ffn_down.weight", value: 1e30, place: second),
        Case(tensor: "blk.2.ffn_down.weight", value: 3e30, place: third),
        // An output bias would make them look like a choice, and so would norms after a layer or of a head.
        Case(tensor: "blk.1.ffn_down.weight", value: 1e30, place: second, biased: true),
        Case(architecture: .gemma3, tensor: "blk.1.ffn_down.weight", value: 1e30, place: second),
        Case(architecture: .qwen3, tensor: "blk.1.attn_q.weight", value: 1e30, place: second),
        // Keys and values that half precision, in which they are cached, does not hold.
        Case(tensor: "blk.1.attn_k.weight", value: 1e9, place: second),
        Case(tensor: "blk.1.attn_v.weight", value: 1e9, place: second),
        // Numbers, all of them 0.
        Case(tensor: "output_norm.weight", value: 0, symptom: .allEqual, place: .output),
    ]

    @Test(arguments: cases)
    func names(_ c: Case) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(
                to: path, architecture: c.architecture.rawValue, layers: 3, types: { _ in .f32 },
                tied: false,
                biases: c.biased ? { $0 == "output" } : nil)
            let tensor = try #require(GGUFFile(path: path).tensor(named: c.tensor))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // Whole rows, so that every token meets them.
            let count =
                c.tensor == "token_embd.weight" ? tensor.rows * tensor.columns : 256
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
                == "layer 5 of 24 (blk.4) computes numbers beyond all use, so that nothing of the text"
                + " is left to choose a token by; is the model's file damaged?")
    }

    /// A position whose key is beyond half precision counts for nothing in a softmax; whoever sees it must notice.
    @Test func oneAbsurdKey() throws {
        try withTinyModel(.llama) { model in
            let size = model.config.headSize
            var shape = model.shape
            let text = randomTexts([20])[0]
            for value: Float in [1e5, -1e5, .infinity, .nan] {
                let sequence = model.cache.makeSequence()
                _ = try model.forward([Segment(sequence, Array(text.dropLast()))])
                // As the kernel stores it, at the tenth position of the first layer.
                var k = [Float](repeating: 1, count: model.config.kvHeads * size)
                k[0] = value
                let v = k.map { _ in Float(1) }
                var q = [Float](repeating: 1, count: model.config.heads * size)
                sequence.table.withUnsafeBufferPointer { pages in
                    var place = ck_place(pages: pages.baseAddress, position: 9)
                    ck_rotate_store(
                        model.processor.kernels, model.processor.pool, &shape, &place, 0,
                        model.rope.rows, 1, &q, k, v)
                }
                #expect(throws: ForwardError.broken(.notNumbers, .layer(0, of: 2))) {
                    try model.forward([Segment(sequence, [text[19]])])
                }
            }
        }
    }

    /// A matrix that makes all tokens alike of a sound text is the model's own affair.
    @Test func noPreference() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(to: path, types: { _ in .f32 }, tied: false, padding: 3)
            let output = try #require(GGUFFile(path: path).tensor(named: "output.weight"))
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let range = output.offset..<output.offset + 288 * output.columns * 4
            bytes.replaceSubrange(range, with: [UInt8](repeating: 0, count: range.count))
            try bytes.write(to: URL(fileURLWithPath: path))
            let model = try Model(GGUFFile(path: path), processor: Processor(threads: 1))
            let reading = try model.forward([Segment(model.cache.makeSequence(), [1])])[0][0]
            #expect(reading.argmax == 0 && reading.second == 1)
            #expect(abs(Double(reading.entropy) - log(288)) < 1e-5)
        }
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
