import Foundation
import Testing

@testable import Routing

/// Routers: their arithmetic by hand, and their files.
struct RouterTests {
    private static func router(
        layers: [RouterLayer], architecture: RouterArchitecture, temperature: Float = 1
    ) throws -> Router {
        try Router(
            kind: "citer", architecture: architecture,
            features: RouterFeatures(inputs: [.position], hiddenWidth: 0), slmSha256: "ab",
            llmSha256: "cd", mean: [1, 2], scale: [2, 0.5], layers: layers,
            temperature: temperature, quantiles: [0.25, 0.5], provenance: ["seed": "7"])
    }

    private func linear() throws -> Router {
        try Self.router(
            layers: [RouterLayer(inputs: 2, outputs: 1, weights: [3, -4], biases: [0.5])],
            architecture: .linear, temperature: 2)
    }

    private func small() throws -> Router {
        try Self.router(
            layers: [
                RouterLayer(inputs: 2, outputs: 2, weights: [1, 2, -1, 1], biases: [0, -1]),
                RouterLayer(inputs: 2, outputs: 1, weights: [2, 8], biases: [1]),
            ], architecture: .mlpSmall)
    }

    @Test func aLineByHand() throws {
        // (2 - 1) * 2 = 2, (6 - 2) / 2 = 2; 3 * 2 - 4 * 2 + 0.5 = -1.5
        let router = try linear()
        #expect(router.logit([2, 6]) == -1.5)
        #expect(abs(router.score([2, 6]) - Float(1 / (1 + exp(0.75)))) < 1e-6)
        #expect(router.calls == .below)
    }

    @Test func aNetworkByHand() throws {
        // Inputs 2 and 2: hidden 6 and -1, the second cut off; 2 * 6 + 1.
        #expect(try small().logit([2, 6]) == 13)
        // Inputs -4 and 2: hidden 0 and 5; 8 * 5 + 1.
        #expect(try small().logit([-1, 6]) == 41)
    }

    @Test func scoresStayWithinTheirRange() throws {
        for value: Float in [-1e6, -50, 0, 50, 1e6] {
            let score = try linear().score([value, 0])
            #expect(score >= 0 && score <= 1)
        }
    }

    /// A layer that no input looks at would be asked of the model all the same, one that is missing be no input.
    @Test(arguments: [
        #"{"hiddenWidth": 0, "inputs": ["position"], "layer": 3}"#,
        #"{"hiddenWidth": 0, "inputs": ["position"], "llmLayer": 3}"#,
        #"{"hiddenWidth": 0, "inputs": ["position"], "layer": -1}"#,
        #"{"hiddenWidth": 2, "inputs": ["middle"]}"#,
        #"{"hiddenWidth": 2, "inputs": ["middle"], "layer": 0}"#,
    ])
    func layersGoWithTheirInputs(features: String) throws {
        let features = try JSONDecoder().decode(RouterFeatures.self, from: Data(features.utf8))
        let layer = RouterLayer(inputs: 2, outputs: 1, weights: [3, -4], biases: [0.5])
        #expect {
            try Router(
                kind: "citer", architecture: .linear, features: features, slmSha256: "ab",
                llmSha256: "cd", mean: [1, 2], scale: [2, 0.5], layers: [layer])
        } throws: {
            "\($0)".contains("layer")
        }
    }

    @Test func aFileGivesTheSameRouterBack() throws {
        for router in [try linear(), try small()] {
            let data = RouterFile.data(of: router)
            #expect(try RouterFile.router(from: data) == router)
            #expect(RouterFile.data(of: try RouterFile.router(from: data)) == data)
        }
    }

    @Test func weightsAreHalvesBeforeAndAfter() throws {
        let router = try Self.router(
            layers: [RouterLayer(inputs: 2, outputs: 1, weights: [1 / 3, 0.1], biases: [0.7])],
            architecture: .linear)
        let again = try RouterFile.router(from: RouterFile.data(of: router))
        #expect(again.logit([0.3, 5]) == router.logit([0.3, 5]))
    }

    @Test func noTruncatedFileIsRead() throws {
        let data = RouterFile.data(of: try small())
        for length in 0..<data.count {
            #expect(throws: RouterFileError.self, "\(length)") {
                try RouterFile.router(from: data.prefix(length))
            }
        }
        #expect(throws: RouterFileError.self) { try RouterFile.router(from: data + [0]) }
    }

    /// What a decoder says is for programmers; a header's words name the key.
    @Test(arguments: [
        (#""kind""#, #""kinx""#, "kind is missing"),
        (#""llmSha256":"cd""#, #""llmSha256":1234"#, "llmSha256 is not what it should be"),
        (#"{"architecture""#, #"["architecture""#, "it is not a JSON object"),
    ])
    func aBadHeaderIsToldInWords(part: String, other: String, words: String) throws {
        var data = RouterFile.data(of: try small())
        let place = try #require(data.range(of: Data(part.utf8)))
        data.replaceSubrange(place, with: Data(other.utf8))
        #expect(throws: RouterFileError.header(words)) { try RouterFile.router(from: data) }
    }

    @Test func damagedFilesNeverCrash() throws {
        let data = RouterFile.data(of: try small())
        for place in 0..<data.count {
            for value: UInt8 in [0, 1, 0x7F, 0xFF] {
                var damaged = data
                damaged[place] = value
                _ = try? RouterFile.router(from: damaged)
            }
        }
    }

    @Test func otherModelsAreRefused() throws {
        let router = try linear()
        try router.check(slm: "ab", llm: "cd")
        #expect(throws: RouterFileError.mismatch(role: "small", found: "xx", expected: "ab")) {
            try router.check(slm: "xx", llm: "cd")
        }
        #expect(throws: RouterFileError.mismatch(role: "large", found: "yy", expected: "cd")) {
            try router.check(slm: "ab", llm: "yy")
        }
    }

    @Test func partsMustFit() {
        #expect(throws: RouterFileError.self) {
            try Self.router(
                layers: [RouterLayer(inputs: 3, outputs: 1, weights: [1, 2, 3], biases: [0])],
                architecture: .linear)
        }
        #expect(throws: RouterFileError.self) {
            try Self.router(
                layers: [RouterLayer(inputs: 2, outputs: 1, weights: [.nan, 2], biases: [0])],
                architecture: .linear)
        }
    }

    /// Finite numbers whose sums are not: a score that is no number would be on neither side of a threshold.
    @Test(
        arguments: [
            ([Float.greatestFiniteMagnitude, 0.5], [1, 2], [3, -4], 0),
            ([2, 0.5], [Float.greatestFiniteMagnitude, 2], [3, -4], 0),
            ([1e30, 1e30], [1, 2], [60000, -60000], 0),
            ([2, 0.5], [1, 2], [3, -4], Float.greatestFiniteMagnitude),
        ] as [([Float], [Float], [Float], Float)])
    func sumsThatMayOverflowAreRefused(
        scale: [Float], mean: [Float], weights: [Float], bias: Float
    ) throws {
        func router(bias: Float) throws -> Router {
            try Router(
                kind: "citer", architecture: .mlpSmall,
                features: RouterFeatures(inputs: [.position], hiddenWidth: 0), slmSha256: "ab",
                llmSha256: "cd", mean: mean, scale: scale,
                layers: [
                    RouterLayer(
                        inputs: 2, outputs: 2, weights: weights + weights, biases: [bias, bias]),
                    RouterLayer(inputs: 2, outputs: 1, weights: [2, 8], biases: [1]),
                ])
        }
        let error = #expect(throws: RouterFileError.self) { try router(bias: bias) }
        guard case .number(let what) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains("overflow"))
    }

    /// What training makes of features that hardly change is far from that.
    @Test func largeScalesHaveScores() throws {
        let router = try Router(
            kind: "citer", architecture: .linear,
            features: RouterFeatures(inputs: [.position], hiddenWidth: 0), slmSha256: "ab",
            llmSha256: "cd", mean: [1, 2], scale: [1e9, 1e12],
            layers: [RouterLayer(inputs: 2, outputs: 1, weights: [60000, -60000], biases: [1])])
        for first in [-Router.largestFeature, 0, Router.largestFeature] {
            for second in [-Router.largestFeature, 0, Router.largestFeature] {
                #expect((0...1).contains(router.score([first, second])))
            }
        }
    }

    @Test func featuresOfAStep() {
        let signals = Signals(
            question: "q", position: 3, logProbability: -0.5, secondLogProbability: -.infinity,
            entropy: 0.25, hidden: [7, 8])
        let all = RouterFeatures(inputs: [.uncertainty, .hidden, .position], hiddenWidth: 2)
        let vector = all.vector(of: signals)
        #expect(vector.count == all.count && all.count == 9 && all.needs.hidden)
        #expect(vector[0] == 0.25 && vector[1] == -0.5 && vector[4] == -30)
        #expect(vector[5...6] == [7, 8])
        #expect(vector[7...8] == [3.0 / 256, 0.25])
        #expect(!RouterFeatures(inputs: [.position], hiddenWidth: 2).needs.hidden)
    }

    @Test func classesOfTheTokensAroundAStep() {
        let signals = Signals(
            question: "q", position: 0, logProbability: 0, secondLogProbability: -1, entropy: 0,
            tokens: .init(first: 2, second: 0, previous: 1))
        let classes: [TokenClass] = [.word, .newline, .digits]
        let features = RouterFeatures(inputs: [.token], hiddenWidth: 0)
        let vector = features.vector(of: signals, classes: classes)
        let width = TokenClass.allCases.count
        #expect(vector.count == features.count && vector.reduce(0, +) == 3)
        let expected: [TokenClass] = [.digits, .word, .newline]
        for (group, own) in expected.enumerated() {
            #expect(vector[group * width + Int(own.rawValue)] == 1)
        }
    }

    @Test func whoSeesWholeQuestionsSeesNoTokens() throws {
        let features = RouterFeatures(inputs: [.token], hiddenWidth: 0)
        let ones = [Float](repeating: 1, count: features.count)
        func router(_ kind: String) throws -> Router {
            try Router(
                kind: kind, architecture: .linear, features: features, slmSha256: "s",
                llmSha256: "l", mean: ones, scale: ones,
                layers: [
                    RouterLayer(inputs: features.count, outputs: 1, weights: ones, biases: [0])
                ])
        }
        #expect(throws: Never.self) { try router("citer") }
        for kind in ["query", "cascade"] {
            #expect(throws: RouterFileError.self) { try router(kind) }
        }
    }
}
