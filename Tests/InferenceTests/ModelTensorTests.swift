import CKernels
import GGUF
import TestSupport
import Testing

@testable import Inference

/// Every tensor of a file has a place in the forward pass, or the file is refused.
struct ModelTensorTests {
    private func error(
        _ architecture: String, extra: [String] = [], ropeFactors: [Float] = [],
        metadata: [String: TinyGGUF.Value] = [:]
    ) throws -> ModelError? {
        try withTemporaryDirectory { directory in
            let path = directory + "/tiny.gguf"
            try TinyModel.write(
                to: path, architecture: architecture, ropeFactors: ropeFactors,
                metadata: metadata, extra: extra)
            do {
                _ = try Model(GGUFFile(path: path), processor: Processor(threads: 1))
                return nil
            } catch let error as ModelError {
                return error
            }
        }
    }

    @Test(arguments: [
        "blk.0.attn_norm.bias", "output_norm.bias", "blk.1.attn_sinks.weight",
        "blk.0.ffn_gate_inp.weight", "blk.0.attn_q_norm.weight", "blk.0.post_ffw_norm.weight",
        "blk.0.attn_qkv.weight", "cls.weight", "token_embd.bias", "token_embd_norm.weight",
        "blk.x.attn_q.weight", "something",
    ])
    func whatIsLeftOverIsNamed(name: String) throws {
        #expect(try error("llama", extra: [name]) == .unusedTensor(name: name, count: 1))
        #expect(
            try error("qwen2", extra: ["first", name]) == .unusedTensor(name: "first", count: 2))
    }

    @Test func layersBeyondTheLast() throws {
        let names = ["blk.2.attn_norm.weight", "blk.17.nextn.eh_proj.weight"]
        for name in names {
            #expect(try error("llama", extra: [name]) == .extraLayer(tensor: name, layers: 2))
        }
        // A file whose count is one too low.
        #expect(
            try error("qwen3", metadata: ["qwen3.block_count": .uint32(1)])
                == .extraLayer(tensor: "blk.1.attn_norm.weight", layers: 1))
    }

    @Test func harmlessOnes() throws {
        #expect(try error("llama", extra: ["blk.0.attn_rot_embd.weight"]) == nil)
        let factors = [Float](repeating: 2, count: 32)
        #expect(try error("llama", ropeFactors: factors) == nil)
        #expect(
            try error("qwen2", ropeFactors: factors)
                == .unusedTensor(name: "rope_freqs.weight", count: 1))
    }

    /// The list by which a file is checked fills every part of the weights that a pass reads.
    @Test(arguments: Architecture.allCases, [true, false])
    func everyPartIsFilled(architecture: Architecture, tied: Bool) throws {
        try withTinyModel(architecture, tied: tied) { model in
            let weights = model.weights
            for layer in weights.layers {
                let projections = [
                    layer.query, layer.key, layer.value, layer.attentionOutput, layer.gate,
                    layer.up, layer.down,
                ]
                #expect(projections.allSatisfy { $0.matrix.rows > 0 && $0.matrix.tiles != nil })
                #expect(layer.attentionNorm != nil && layer.forwardNorm != nil)
                for norm in [layer.queryNorm, layer.keyNorm] {
                    #expect((norm != nil) == architecture.headNorms)
                }
                for norm in [layer.attentionOutputNorm, layer.forwardOutputNorm] {
                    #expect((norm != nil) == architecture.outputNorms)
                }
            }
            #expect(weights.outputNorm != nil)
            #expect(weights.output.matrix.rows == 288)
            #expect(weights.matrices.count == 7 * weights.layers.count + 1)
            #expect(weights.isTied == tied)
        }
        let config = try withTinyModel(architecture) { $0.config }
        let names = Weights.tensors(of: config, tied: tied).map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func shapesOfBiases() throws {
        #expect(
            try error("llama", extra: ["blk.1.ffn_up.bias"])
                == .wrongShape(tensor: "blk.1.ffn_up.bias", found: [1], expected: [512]))
        #expect(
            try error("llama", extra: ["output.bias"])
                == .wrongShape(tensor: "output.bias", found: [1], expected: [288]))
    }

    /// The parameters that a pass multiplies, biases included.
    @Test func parameters() throws {
        func body(_ biases: ((String) -> Bool)?) throws -> Int {
            try withTinyModel(.qwen2, biases: biases) { $0.config.bodyParameters }
        }
        let plain = try body { _ in false }
        #expect(plain == 2 * (256 * 64 * 12 + 3 * 256 * 512 + 2 * 256) + 256)
        #expect(try body(nil) == plain + 2 * (256 + 2 * 128))
        #expect(try body { $0.hasSuffix("ffn_down") } == plain + 2 * 256)
    }
}
