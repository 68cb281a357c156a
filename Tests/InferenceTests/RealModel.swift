import Foundation
import GGUF
import TestSupport

@testable import Inference

/// Published model files that tests use where `CITER_MODELS`, a directory, holds them.
enum RealModel: String, CaseIterable {
    case smollm2 = "smollm2-135m"
    case qwen05 = "qwen2.5-coder-0.5b"
    case qwen15 = "qwen2.5-coder-1.5b"
    case gemma3 = "gemma3-270m"

    private var fileName: String {
        switch self {
        case .smollm2: "SmolLM2-135M-Instruct.Q4_1.gguf"
        case .qwen05: "qwen2.5-coder-0.5b-instruct-q4_k_m.gguf"
        case .qwen15: "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf"
        case .gemma3: "gemma-3-270m-q4_k_m.gguf"
        }
    }

    var path: String? { ExternalFiles.path(fileName, in: .models) }
    var isHere: Bool { path != nil }

    struct NotHere: Error {}

    func load(threads: Int = 2, set: InstructionSet = .best) throws -> Model {
        guard let path else { throw NotHere() }
        return try Model(
            GGUFFile(path: path), processor: Processor(threads: threads, instructions: set))
    }

    /// A greedy continuation by llama.cpp (build 0c1e570 on a CPU) of an own-written prompt; Resources/ has them.
    struct Continuation: Decodable {
        let promptIds: [Int32]
        let ids: [Int32]
        let logprobs: [Double]
    }

    func continuations() throws -> [Continuation] {
        let rows = Bundle.module.bundleURL
            .appendingPathComponent("Resources/\(rawValue).greedy.jsonl")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try String(contentsOf: rows, encoding: .utf8).split(separator: "\n")
            .map { try decoder.decode(Continuation.self, from: Data($0.utf8)) }
    }
}
