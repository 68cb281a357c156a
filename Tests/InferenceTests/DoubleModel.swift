import Foundation
import GGUF
import TestSupport

/// The transformer in double precision, as its papers define it, one position after the other: slow
/// and independent of the kernels. Of their approximations it knows two, since they are far above
/// double's: keys and values in half precision and, before quantised weights, activations in 8 bits.
struct DoubleModel {
    private let file: GGUFFile
    private let architecture: String
    private let layers: Int
    private let heads: Int
    private let kvHeads: Int
    private let headSize: Int
    private let base: Double
    private let localBase: Double
    private let isLocal: [Bool]
    private let window: Int
    private let scaling: (type: String, factor: Double, context: Double)
    private let cap: Double
    private let epsilon: Double
    private var tensors: [String: Matrix] = [:]

    private struct Matrix {
        let columns: Int
        let isQuantized: Bool
        let values: [Double]
    }

    init(_ path: String) throws {
        file = try GGUFFile(path: path)
        let metadata = file.metadata
        let name = metadata.string("general.architecture") ?? ""
        func integer(_ key: String) -> Int { metadata.integer("\(name).\(key)") ?? 0 }
        func double(_ key: String) -> Double { metadata.double("\(name).\(key)") ?? 0 }
        architecture = name
        layers = integer("block_count")
        heads = integer("attention.head_count")
        kvHeads = integer("attention.head_count_kv")
        headSize = integer("embedding_length") / heads
        base = double("rope.freq_base")
        localBase = metadata.double("\(name).rope.freq_base_swa") ?? 10_000
        let window = integer("attention.sliding_window")
        let period = metadata.integer("\(name).attention.sliding_window_pattern") ?? 6
        isLocal = (1...layers).map { window > 0 && $0 % period != 0 }
        self.window = window
        let old = metadata.double("\(name).rope.scale_linear")
        scaling = (
            metadata.string("\(name).rope.scaling.type") ?? (old == nil ? "none" : "linear"),
            metadata.double("\(name).rope.scaling.factor") ?? old ?? 1,
            double("rope.scaling.original_context_length")
        )
        cap = double("final_logit_softcapping")
        epsilon = double("attention.layer_norm_rms_epsilon")
        for tensor in file.tensors {
            let types = TinyTensorType.allCases
            guard let type = types.first(where: { $0.number == tensor.type.number }) else {
                continue
            }
            let bytes = file.withBytes(of: tensor) { Array($0) }
            let values = PublishedBlocks.weights(type, row: bytes).map { Double($0.value) }
            tensors[tensor.name] = Matrix(
                columns: tensor.columns, isQuantized: type.blockSize > 1, values: values)
        }
    }

    /// The logits after each token.
    func logits(_ tokens: [Int32]) -> [[Double]] {
        var keys = [[[Double]]](repeating: [], count: layers)  // (layer, position, kv width)
        var values = keys
        return tokens.enumerated().map { position, token in
            var x = row(Int(token), of: "token_embd.weight")
            if architecture == "gemma3" { x = x.map { $0 * Double(x.count).squareRoot() } }
            for layer in 0..<layers {
                let block = "blk.\(layer)."
                let normed = norm(x, block + "attn_norm.weight")
                let isLocal = isLocal[layer]
                let query = eachHead(
                    project(normed, block + "attn_q"), block + "attn_q_norm.weight")
                let key = eachHead(project(normed, block + "attn_k"), block + "attn_k_norm.weight")
                keys[layer].append(turn(key, position, isLocal).map { Double(Float16($0)) })
                values[layer].append(project(normed, block + "attn_v").map { Double(Float16($0)) })
                let seen = isLocal ? window : position + 1
                let attended = attend(
                    turn(query, position, isLocal), keys[layer].suffix(seen),
                    values[layer].suffix(seen))
                let said = project(attended, block + "attn_output")
                x = sum(x, normIfAny(said, block + "post_attention_norm.weight"))
                let normed2 = norm(x, block + "ffn_norm.weight")
                let gate = project(normed2, block + "ffn_gate")
                let up = project(normed2, block + "ffn_up")
                let hidden = zip(gate, up).map { activate($0) * $1 }
                let made = project(hidden, block + "ffn_down")
                x = sum(x, normIfAny(made, block + "post_ffw_norm.weight"))
            }
            let isTied = tensors["output.weight"] == nil
            let logits = project(
                norm(x, "output_norm.weight"), isTied ? "token_embd" : "output", bias: "output")
            return cap == 0 ? logits : logits.map { cap * tanh($0 / cap) }
        }
    }

    private func row(_ index: Int, of name: String) -> [Double] {
        guard let matrix = tensors[name] else { return [] }
        return Array(matrix.values[index * matrix.columns..<(index + 1) * matrix.columns])
    }

    private func sum(_ a: [Double], _ b: [Double]) -> [Double] { zip(a, b).map { $0 + $1 } }

    private func activate(_ x: Double) -> Double {
        guard architecture == "gemma3" else { return x / (1 + exp(-x)) }
        return 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
    }

    private func normIfAny(_ x: [Double], _ name: String) -> [Double] {
        tensors[name] == nil ? x : norm(x, name)
    }

    /// Each head's part of a projection, normalised if the model has such norms.
    private func eachHead(_ x: [Double], _ name: String) -> [Double] {
        stride(from: 0, to: x.count, by: headSize)
            .flatMap { normIfAny(Array(x[$0..<$0 + headSize]), name) }
    }

    private func norm(_ x: [Double], _ name: String) -> [Double] {
        let mean = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
        let scale = 1 / (mean + epsilon).squareRoot()
        return zip(x, tensors[name]?.values ?? []).map { $0 * scale * $1 }
    }

    /// weight x + bias, if there is one.
    private func project(_ input: [Double], _ name: String, bias other: String? = nil) -> [Double] {
        guard let matrix = tensors[name + ".weight"] else { return [] }
        let x = matrix.isQuantized ? inEightBits(input) : input
        let bias = tensors[(other ?? name) + ".bias"]?.values
        let rows = matrix.values.count / matrix.columns
        return matrix.values.withUnsafeBufferPointer { weights in
            x.withUnsafeBufferPointer { x in
                (0..<rows).map { row in
                    var sum = bias?[row] ?? 0
                    let start = row * x.count
                    var column = 0
                    while column < x.count {
                        sum += weights[start + column] * x[column]
                        column += 1
                    }
                    return sum
                }
            }
        }
    }

    private func inEightBits(_ x: [Double]) -> [Double] {
        stride(from: 0, to: x.count, by: 32).flatMap { start in
            let block = x[start..<start + 32]
            let scale = (block.map { abs($0) }.max() ?? 0) / 127
            return block.map { scale == 0 ? 0 : ($0 / scale).rounded(.toNearestOrEven) * scale }
        }
    }

    /// Rotary embedding: llama pairs 2i with 2i + 1, the others i with i + half (as in GPT-NeoX).
    private func turn(_ x: [Double], _ position: Int, _ isLocal: Bool) -> [Double] {
        var out = x
        let isScaled = scaling.type != "none" && !isLocal
        let half = headSize / 2
        let factors = tensors["rope_freqs.weight"]?.values
        for head in stride(from: 0, to: x.count, by: headSize) {
            for i in 0..<half {
                let own = pow(isLocal ? localBase : base, -2 * Double(i) / Double(headSize))
                let frequency = isScaled ? scaled(own, pair: i) : own / (factors?[i] ?? 1)
                let angle = Double(position) * frequency
                let first = head + (architecture == "llama" ? 2 * i : i)
                let second = architecture == "llama" ? first + 1 : first + half
                out[first] = x[first] * cos(angle) - x[second] * sin(angle)
                out[second] = x[second] * cos(angle) + x[first] * sin(angle)
            }
        }
        // YaRN's attention temperature, a half of it on either side of the product.
        let magnitude = isScaled && scaling.type == "yarn" ? 0.1 * log(scaling.factor) + 1 : 1
        return out.map { $0 * magnitude }
    }

    /// A frequency after linear or YaRN scaling, with its defaults of 32 and 1 turns.
    private func scaled(_ frequency: Double, pair: Int) -> Double {
        guard scaling.type == "yarn" else { return frequency / scaling.factor }
        func place(_ turns: Double) -> Double {
            Double(headSize) * log(scaling.context / (2 * Double.pi * turns)) / (2 * log(base))
        }
        let low = max(0, floor(place(32)))
        let high = min(Double(headSize) - 1, ceil(place(1)))
        let slow = min(1, max(0, (Double(pair) - low) / (high - low)))
        return frequency / scaling.factor * slow + frequency * (1 - slow)
    }

    private func attend(
        _ q: [Double], _ keys: ArraySlice<[Double]>, _ values: ArraySlice<[Double]>
    ) -> [Double] {
        (0..<heads).flatMap { head -> [Double] in
            let shared = head / (heads / kvHeads) * headSize
            let scores = keys.map { key in
                (0..<headSize).reduce(0) { $0 + q[head * headSize + $1] * key[shared + $1] }
                    / Double(headSize).squareRoot()
            }
            let largest = scores.max() ?? 0
            let weights = scores.map { exp($0 - largest) }
            let total = weights.reduce(0, +)
            return (0..<headSize).map { i in
                zip(weights, values).reduce(0) { $0 + $1.0 / total * $1.1[shared + i] }
            }
        }
    }
}
