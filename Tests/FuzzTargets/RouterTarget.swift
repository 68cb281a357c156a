import Foundation
import Routing

/// Router files: what is read is written as the same file again, and scores whatever a model can show it by a number from 0 to 1.
package struct RouterTarget: FuzzTarget {
    package static let name = "router"

    package init() {}

    package var seeds: [[UInt8]] {
        get throws {
            try [
                router("citer", .linear, RouterFeatures(inputs: [.position], hiddenWidth: 0)),
                router(
                    "r2r", .mlpSmall,
                    RouterFeatures(inputs: [.uncertainty, .middle], hiddenWidth: 3, layer: 1)),
                router("query", .mlp, RouterFeatures(inputs: [.prompt], hiddenWidth: 2)),
                router(
                    "judge", .mlpSmall,
                    RouterFeatures(
                        inputs: [.likelihood, .llmMiddle], widths: Pair(slm: 2, llm: 3),
                        llmLayer: 2)),
            ].map { [UInt8](RouterFile.data(of: $0)) }
        }
    }

    package var words: [String] {
        [
            "\"hidden\"", "\"middle\"", "\"top\"", "\"prompt\"", "\"uncertainty\"", "\"position\"",
            "\"token\"", "\"likelihood\"", "\"ratio\"", "\"divergence\"", "\"entropies\"",
            "\"agreement\"", "\"slm-hidden\"", "\"llm-hidden\"", "\"llm-middle\"", "\"layer\":",
            "\"llmLayer\":", "\"llmWidth\":", "\"hiddenWidth\":", "\"judge\"", "\"citer\"",
            "\"query\"", "\"cascade\"", "\"mlp\"", "\"linear\"", "\"above\"", "null", "-1",
            "131072", "9223372036854775807", "1e3",
        ]
    }

    package func check(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let router = try accepted({ try RouterFile.router(from: Data(bytes)) }) else {
            return
        }
        let written = RouterFile.data(of: router)
        let again = try accepted { try RouterFile.router(from: written) }
        try promise(again == router, "written and read again it is \(String(describing: again))")
        try promise(RouterFile.data(of: router) == written, "written twice it is two files")
        let count = router.features.count
        let most = Router.largestFeature
        let vectors = [
            [Float](repeating: 0, count: count), [Float](repeating: most, count: count),
            [Float](repeating: -most, count: count),
            (0..<count).map { $0.isMultiple(of: 2) ? most : -most },
            (0..<count).map { Float($0) - 0.5 },
        ]
        for vector in vectors {
            let score = router.score(vector)
            try promise(
                (0...1).contains(score), "a score of \(score) for \(vector.prefix(8))")
        }
    }

    private func router(
        _ kind: String, _ architecture: RouterArchitecture, _ features: RouterFeatures
    ) throws -> Router {
        let widths = [features.count, 4, 3].prefix(architecture.layerCount) + [1]
        let layers = zip(widths, widths.dropFirst()).map { inputs, outputs in
            RouterLayer(
                inputs: inputs, outputs: outputs,
                weights: (0..<inputs * outputs).map { Float($0 % 7) / 4 - 0.75 },
                biases: (0..<outputs).map { Float($0) / 8 })
        }
        return try Router(
            kind: kind, architecture: architecture, features: features, slmSha256: "aa",
            llmSha256: "bb", mean: (0..<features.count).map { Float($0) / 16 },
            scale: [Float](repeating: 0.5, count: features.count), layers: layers,
            temperature: 1.5, quantiles: [0.25, 0.5], provenance: ["seed": "1"])
    }
}
