import Foundation
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Files that are no model of ours: an error that names the culprit.
struct ModelErrorTests {
    private func load(_ path: String) throws -> Model {
        try Model(GGUFFile(path: path), processor: Processor(threads: 1))
    }

    /// The error of loading a tiny model with some metadata changed.
    private func expect(
        _ error: ModelError, architecture: String = "qwen2",
        metadata: [String: TinyGGUF.Value] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path, architecture: architecture, metadata: metadata)
            #expect(throws: error, sourceLocation: sourceLocation) { try load(path) }
        }
    }

    @Test func unknownArchitecture() throws {
        try expect(.unknownArchitecture("mamba"), architecture: "mamba")
        try expect(
            .invalid(key: "general.architecture", found: "7", expected: "a text"),
            metadata: ["general.architecture": .uint32(7)])
        #expect(
            ModelError.unknownArchitecture("mamba").description
                == "architecture \"mamba\" is not supported; this decoder knows qwen2, qwen3, llama, gemma3"
        )
    }

    @Test func missingTensor() throws {
        try expect(
            .missingTensor(name: "blk.2.attn_norm.weight"),
            metadata: ["qwen2.block_count": .uint32(3)])
        try withTemporaryDirectory { directory in
            // A matrix under another name.
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path, architecture: "llama")
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.replaceAll("blk.0.attn_q.weight", with: "blk.0.attn_Q.weight")
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: ModelError.missingTensor(name: "blk.0.attn_q.weight")) {
                try load(path)
            }
        }
    }

    @Test func wrongShape() throws {
        try expect(
            .wrongShape(tensor: "blk.0.ffn_gate.weight", found: [256, 512], expected: [256, 256]),
            metadata: ["qwen2.feed_forward_length": .uint32(256)])
        try expect(
            .wrongShape(tensor: "blk.0.attn_k.weight", found: [256, 128], expected: [256, 256]),
            metadata: ["qwen2.attention.head_count_kv": .uint32(4)])
    }

    @Test(
        arguments: [
            ("block_count", 0, "0", "1 to 1024"),
            ("embedding_length", 48, "48", "32 to 65536, a multiple of 32"),
            ("attention.head_count_kv", 3, "3", "a divisor of the 4 heads"),
            ("attention.head_count_kv", 5, "5", "1 to 4"),
            ("attention.head_count", 32, "8", "16 to 512, a multiple of 16"),
            ("context_length", 0, "0", "1 to 16777216"),
            ("feed_forward_length", 4_000_000_000, "4000000000", "32 to 1048576, a multiple of 32"),
        ] as [(String, UInt32, String, String)])
    func numbersOutOfRange(key: String, value: UInt32, found: String, expected: String) throws {
        let full = "qwen2." + key
        // The head size is derived from the number of heads where the file does not state it.
        let named = key == "attention.head_count" ? "qwen2.attention.key_length" : full
        try expect(
            .invalid(key: named, found: found, expected: expected),
            metadata: [full: .uint32(value)])
    }

    @Test(arguments: [
        "qwen2.attention.layer_norm_rms_epsilon", "qwen2.block_count", "qwen2.embedding_length",
        "qwen2.attention.head_count", "qwen2.feed_forward_length", "qwen2.context_length",
    ])
    func missingKey(key: String) throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // With the value's type after it: some keys are the beginnings of others.
            let type = key.hasSuffix("epsilon") ? "\u{6}" : "\u{4}"
            try bytes.replaceAll(key + type, with: String(key.dropLast()) + "?" + type)
            try bytes.write(to: URL(fileURLWithPath: path))
            #expect(throws: ModelError.missing(key: key)) { try load(path) }
        }
    }

    /// Q2_K is a type that the format knows and the decoder does not read.
    @Test func unsupportedType() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            let name = Data("blk.1.ffn_up.weight".utf8)
            let place = try #require(bytes.range(of: name)?.upperBound)
            // After the name: the number of dimensions, two extents, the type.
            bytes[place + 4 + 16] = 10
            try bytes.write(to: URL(fileURLWithPath: path))
            let error = ModelError.unsupportedType(tensor: "blk.1.ffn_up.weight", type: "Q2_K")
            #expect(throws: error) { try load(path) }
            let types = TinyTensorType.allCases.map { $0.rawValue.uppercased() }
            #expect(
                error.description
                    == "tensor blk.1.ffn_up.weight is stored as Q2_K, which this decoder does not "
                    + "read; convert the model to \(types.dropLast().joined(separator: ", ")) or "
                    + types[types.count - 1])
        }
    }

    @Test func truncatedFile() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/bad.gguf"
            try TinyModel.write(to: path)
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            for count in [0, 3, 24, 100, 2000, bytes.count / 2, bytes.count - 1] {
                try writeFile(Array(bytes.prefix(count)), to: path)
                #expect(throws: GGUFError.self, "\(count) bytes") { try load(path) }
            }
        }
    }

    @Test func processorErrors() {
        #expect(throws: ProcessorError.threads(0)) { try Processor(threads: 0) }
        #expect(throws: ProcessorError.threads(2000)) { try Processor(threads: 2000) }
        for set in InstructionSet.allCases where !set.isAvailable {
            #expect(throws: ProcessorError.unavailable(set)) {
                try Processor(threads: 1, instructions: set)
            }
        }
        #expect(InstructionSet.best.isAvailable)
    }
}

extension Data {
    fileprivate struct NotFound: Error {}

    /// Replaces every occurrence by a text of the same length.
    fileprivate mutating func replaceAll(_ text: String, with other: String) throws {
        let (old, new) = (Data(text.utf8), Data(other.utf8))
        guard old.count == new.count, range(of: old) != nil else { throw NotFound() }
        while let place = range(of: old) { replaceSubrange(place, with: new) }
    }
}
