import Foundation
import GGUF
import Hashing
import TestSupport
import Testing

@testable import Inference

/// A file with wrong bytes in its header is refused or is a model that can be run; a crash of the test process is the failure looked for.
struct DamagedModelTests {
    @Test(arguments: 0..<4)
    func mutationsNeverCrash(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let architecture = Architecture.allCases[Int(seed)]
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(
                to: path, architecture: architecture.rawValue, width: 64, layers: 1,
                feedForward: 64, vocabulary: 288, context: 32, types: { _ in .q8_0 })
            let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
            let header = try GGUFFile(path: path).tensors.map(\.offset).min() ?? 0
            // Most of the header is the vocabulary; what decides shapes lies before and after it.
            let places =
                Array(0..<800) + Array(max(header - 1500, 800)..<header)
                + Array(stride(from: 800, to: header, by: 97))
            let processor = try Processor(threads: 1)
            var ran = 0
            for _ in 0..<250 {
                var bytes = whole
                for _ in 0..<Int.random(in: 1...3, using: &generator) {
                    let place = places.randomElement(using: &generator) ?? 0
                    bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
                try writeFile(bytes, to: path)
                do {
                    let model = try Model(
                        GGUFFile(path: path), processor: processor, cacheBytes: 1 << 20)
                    _ = try model.forward([Segment(model.cache.makeSequence(), [1, 2])])
                    ran += 1
                } catch {
                    #expect(
                        error is GGUFError || error is ModelError || error is ForwardError,
                        "\(error)")
                    #expect(!"\(error)".isEmpty)
                }
            }
            // Both outcomes must occur, else the mutations test nothing.
            #expect((1..<250).contains(ran))
        }
    }
}
