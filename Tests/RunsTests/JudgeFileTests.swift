import Foundation
import Generation
import Platform
import Routing
import SweepSupport
import Testing

@testable import Runs

/// Judges' files, as keep rules are made from them.
struct JudgeFileTests {
    private func router(
        _ pair: ModelPair, judges: Bool, harmful: Int = 20, layer: Int = 1
    ) throws -> Router {
        let features =
            judges
            ? RouterFeatures(
                inputs: [.ratio, .token, .llmMiddle], widths: pair.participants.map(\.width),
                llmLayer: layer)
            : RouterFeatures(inputs: [.position], hiddenWidth: 0)
        return try Router(
            kind: judges ? Router.judgeKind : "citer", architecture: .linear, features: features,
            slmSha256: pair[.slm].identity.sha256, llmSha256: pair[.llm].identity.sha256,
            mean: [Float](repeating: 0, count: features.count),
            scale: [Float](repeating: 1, count: features.count),
            layers: [
                RouterLayer(
                    inputs: features.count, outputs: 1,
                    weights: [Float](repeating: 0, count: features.count), biases: [0])
            ], quantiles: (0..<harmful).map { Float($0) / Float(harmful) })
    }

    @Test func aRecallBecomesAThreshold() throws {
        try SweepFixture.with { fixture in
            func participant(_ name: String) throws -> Participant {
                try fixture.load(name).participant
            }
            let pair = try ModelPair(
                Pair(slm: participant("small"), llm: participant("large")), template: "raw")
            let files = RouterFiles(directory: fixture.root + "/routers")
            let sha256 = try files.store(router(pair, judges: true), as: "j")
            _ = try files.store(router(pair, judges: false), as: "r")
            _ = try files.store(router(pair, judges: true, layer: 3), as: "deep")
            let judge = try files.judge("j", for: pair)
            #expect(judge.sha256 == sha256)
            #expect(judge.score.needs.llm == SignalNeeds(layers: [1]))
            guard case .judge(let score, let limit) = try judge.test(recall: 0.9) else {
                Issue.record("another rule")
                return
            }
            // Of 0, 0.05, ... 0.95 eighteen reach 0.1.
            #expect(score == judge.score && limit == Float(2) / 20)
            let few = #expect(throws: RunError.self) { try judge.test(recall: 0.99) }
            #expect("\(few as Any)".contains("this judge has 20"))
            let wrongWay = #expect(throws: RunError.self) { try files.judge("r", for: pair) }
            #expect("\(wrongWay as Any)".contains("decides before a token"))
            let otherWay = #expect(throws: RunError.self) { try files.router("j", for: pair) }
            #expect("\(otherWay as Any)".contains("name it in keep"))
            let deep = #expect(throws: RunError.self) { try files.judge("deep", for: pair) }
            #expect("\(deep as Any)".contains("expected 1 to 2"))
            let swapped = try ModelPair(
                Pair(slm: participant("large"), llm: participant("small")), template: "raw")
            #expect(throws: RunError.self) { try files.judge("j", for: swapped) }
            // What can't be read is told in a person's words, with what there is.
            let missing = RunError.noRouter(
                name: "nope", places: ["\(fixture.root)/routers/nope.router"],
                known: ["deep", "j", "r"])
            #expect(throws: missing) { try files.judge("nope", for: pair) }
            #expect(throws: missing) { try files.router("nope", for: pair) }
            #expect(missing.description.contains("there are deep, j, r;"))
            try FileManager.default.createDirectory(
                atPath: fixture.root + "/routers/folder.router", withIntermediateDirectories: true)
            let folder = #expect(throws: RunError.self) { try files.router("folder", for: pair) }
            #expect("\(folder as Any)".contains("cannot be read: Is a directory"))
            for place in ["/dev/null/x", "\(fixture.root)/routers/j.router/x"] {
                let files = RouterFiles(directory: place)
                #expect(throws: RunError.routerFolder(path: place, reason: "Not a directory")) {
                    try files.prepareForWriting()
                }
                let unwritten = #expect(throws: OutputError.self) {
                    _ = try files.store(router(pair, judges: false), as: "r")
                }
                #expect(unwritten?.reason == "Not a directory")
            }
        }
    }
}
