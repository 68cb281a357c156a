import GGUF
import Hashing
import Inference
import TestSupport

/// Model files: what is accepted has its tensors apart from each other and within the file, and gives the same numbers whether tokens
/// are read together or one by one.
package struct ModelFileTarget: FuzzTarget {
    package static let name = "gguf"

    private let folder: ScratchFolder
    private let processor: Processor

    package init() throws {
        folder = try ScratchFolder()
        processor = try Processor(threads: 1)
    }

    package var seeds: [[UInt8]] {
        [
            TinyFile.model("qwen2", type: .q4_0), TinyFile.model("llama", type: .q8_0),
            TinyFile.model("qwen3", type: .f16), TinyFile.model("gemma3", type: .q5_1),
            TinyFile.values,
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        let path = folder.file("model.gguf")
        guard
            let file = try accepted({
                try writeFile(bytes, to: path)
                return try GGUFFile(path: path)
            })
        else { return }
        try check(file)
        guard
            let model = try accepted({
                try Model(file, processor: processor, cacheBytes: 1 << 20)
            })
        else { return }
        let tokens: [Int32] = [1, 2, 0]
        guard let together = try self.reading(tokens.map { $0 }[...], model, atOnce: true),
            let apart = try self.reading(tokens[...], model, atOnce: false)
        else { return }
        for reading in together { try check(reading, model.config) }
        try promise(together == apart, "together \(together), one by one \(apart)")
    }

    /// What a pass says of each token; nil if the model refuses it.
    private func reading(
        _ tokens: ArraySlice<Int32>, _ model: Model, atOnce: Bool
    ) throws(BrokenPromise) -> [Reading]? {
        try accepted {
            let sequence = model.cache.makeSequence()
            let pieces = atOnce ? [Array(tokens)] : tokens.map { [$0] }
            return try pieces.flatMap { piece in
                try model.forward([Segment(sequence, piece, read: Read(.all))])[0]
            }
        }
    }

    private func check(_ file: GGUFFile) throws(BrokenPromise) {
        var ends: [(start: Int, end: Int, name: String)] = []
        for tensor in file.tensors {
            let count = file.withBytes(of: tensor) { bytes in
                bytes.reduce(0) { $0 &+ Int($1) } >= 0 ? bytes.count : 0
            }
            try promise(count == tensor.byteCount, "\(tensor.name) has \(count) bytes")
            ends.append((tensor.offset, tensor.offset + count, tensor.name))
        }
        ends.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        for (first, second) in zip(ends, ends.dropFirst()) {
            try promise(
                first.end <= second.start, "\(first.name) and \(second.name) share bytes")
        }
        for key in file.metadata.keys {
            _ = file.metadata.integers(key)
            _ = file.metadata.doubles(key)
            _ = file.metadata.strings(key)?.map(\.description)
            try promise(
                !(file.metadata[key].map { "\($0)" } ?? "").isEmpty || key.isEmpty,
                "\(key) has no value")
        }
    }

    private func check(_ reading: Reading, _ config: ModelConfig) throws(BrokenPromise) {
        let ids = 0..<Int32(config.vocabulary)
        try promise(
            ids.contains(reading.argmax) && ids.contains(reading.second)
                && reading.argmax != reading.second,
            "tokens \(reading.argmax) and \(reading.second) of \(config.vocabulary)")
        try promise(
            reading.logProbability.isFinite && reading.logProbability <= 1e-3
                && reading.secondLogProbability <= reading.logProbability,
            "log-probabilities \(reading.logProbability) and \(reading.secondLogProbability)")
        try promise(
            reading.entropy.isFinite && reading.entropy >= -1e-3, "an entropy of \(reading.entropy)"
        )
    }
}
