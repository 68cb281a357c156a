import Assets
import Evaluation
import Foundation
import Hashing
import ResultsStore
import Tokenization

/// What decides a cell's text, and nothing else: docs/decisions/0004-cell-key.md says why each part is in or out.
///
/// The key is the SHA-256 of the parts as JSON with sorted keys. A part that cannot change this policy's text is left out: `slm` has no
/// large model, only random draws have a seed.
struct CellIdentity: Encodable {
    struct Task: Encodable {
        let name: String
        let dataSha256: String
        let prompt: String
    }
    struct Generation: Encodable {
        let maxTokens: Int
        let template: String
        let tokenizerSha256: String
        let endTokens: [Int32]
        let context: Int
    }
    struct Policy: Encodable {
        let name: String
        let threshold: Double?
        let ratio: Double?
        let seed: Int?
        let routerSha256: String?
        var draft: Int?
        var fallback: Double?
        var rollback: Double?
        var flip: Double?
        var grader: String?
    }

    let decoder: Int
    let slmSha256: String?
    let llmSha256: String?
    let task: Task
    let generation: Generation
    let policy: Policy

    /// The canonical JSON and its SHA-256.
    func key() throws -> (canonical: String, sha256: String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(self)
        return (String(decoding: data, as: UTF8.self), SHA256.hexadecimal(of: data))
    }
}

extension SweepInputs {
    /// What all cells of the sweep share, so that reports know which belong together.
    func configuration() throws -> SharedFacts {
        let data = try task.questions().sha256
        let cells = try spec.settings.map { setting in
            SharedFacts(
                canonical: try keys.identity(of: setting, data: data).key().canonical,
                method: setting.label ?? setting.policy.rawValue, router: setting.router)
        }
        return SharedFacts(
            sweep: cells, slm: pair.small.file.sha256, llm: pair.large.file.sha256,
            seed: spec.generation.seed)
    }
}

/// Names the cells of one pair and task.
struct CellKeys {
    let pair: PairHeader
    let benchmark: any Benchmark
    let generation: SweepSpec.Generation
    let routers: [String: RouterShelf.Entry]

    /// A setting whose threshold is known, over the data of that hash.
    func identity(of setting: PolicySetting, data: String) -> CellIdentity {
        var ratio: Double?
        var threshold: Double?
        var (draft, fallback, rollback): (Int?, Double?, Double?)
        switch setting.choice {
        case .random(let value), .queryRandom(let value): ratio = value
        case .speculative(let value): draft = value
        case .bild(let first, let second): (fallback, rollback) = (first, second)
        default: break
        }
        if case .value(let value)? = setting.threshold { threshold = value }
        return identity(
            .init(
                name: setting.policy.rawValue, threshold: threshold, ratio: ratio,
                seed: ratio == nil && setting.flip == nil ? nil : generation.seed,
                routerSha256: setting.router.flatMap { routers[$0]?.sha256 },
                draft: draft, fallback: fallback, rollback: rollback,
                flip: setting.flip,
                // Hindsight chooses by the grade, so the text depends on the grader.
                grader: setting.policy == .queryOracle ? benchmark.graderVersion : nil),
            asksSmall: setting.asksSmall, asksLarge: setting.asksLarge, data: data)
    }

    /// The small model alone, logging a score.
    func identity(
        calibrating score: String, router: String? = nil, data: String
    ) -> CellIdentity {
        identity(
            .init(
                name: score, threshold: nil, ratio: nil, seed: nil,
                routerSha256: router.flatMap { routers[$0]?.sha256 }),
            asksSmall: true, asksLarge: false, data: data)
    }

    private func identity(
        _ policy: CellIdentity.Policy, asksSmall: Bool, asksLarge: Bool, data: String
    ) -> CellIdentity {
        CellIdentity(
            decoder: ProgramVersion.decoder,
            slmSha256: asksSmall ? pair.small.file.sha256 : nil,
            llmSha256: asksLarge ? pair.large.file.sha256 : nil,
            task: .init(
                name: benchmark.name, dataSha256: data, prompt: benchmark.promptVersion),
            generation: .init(
                maxTokens: generation.maxTokens, template: pair.template?.rawValue ?? "raw",
                tokenizerSha256: pair.tokenizerHash, endTokens: pair.endTokens.sorted(),
                context: pair.context),
            policy: policy)
    }
}
