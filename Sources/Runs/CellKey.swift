import Assets
import Foundation
import Grading
import Hashing
import ResultsStore
import Routing
import Specs
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
    /// The policy's name and what it is set to, each number under its parameter's name.
    struct Policy: Encodable {
        enum Part {
            case text(String)
            case number(Double)
            case integer(Int)
        }
        let parts: [String: Part]

        func encode(to encoder: any Encoder) throws {
            try parts.encode(to: encoder)
        }
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
                method: setting.method ?? setting.label ?? setting.policy.name,
                router: setting.router,
                judge: setting.judge)
        }
        return SharedFacts(
            sweep: cells, slm: pair[.slm].identity.sha256, llm: pair[.llm].identity.sha256,
            seed: spec.generation.seed)
    }
}

/// Names the cells of one pair and task.
struct CellKeys {
    let pair: ModelPair
    let benchmark: any Benchmark
    let generation: SweepSpec.Generation
    let routers: [String: RouterFiles.Entry]
    let judges: [String: RouterFiles.Judge]
    let rows: [Int: TokenRows]

    /// A setting whose threshold is known, over the data of that hash.
    func identity(of setting: PolicySetting, data: String) -> CellIdentity {
        var parts: [String: CellIdentity.Policy.Part] = [:]
        for parameter in setting.policy.parameters + setting.policy.options {
            guard let value = setting.numbers[parameter.name] else { continue }
            let isWhole = if case .integer = parameter.values { true } else { false }
            parts[parameter.name] = isWhole ? .integer(Int(value)) : .number(value)
        }
        if case .value(let value)? = setting.threshold { parts["threshold"] = .number(value) }
        parts[PolicyParameter.keep.name] = setting.keep.map { .text($0.keyText) }
        parts["judgeSha256"] = setting.judge.flatMap { judges[$0] }.map { .text($0.sha256) }
        parts["rowsSha256"] = setting.rows.flatMap { rows[$0] }.map { .text($0.hash) }
        if setting.isSeeded { parts["seed"] = .integer(generation.seed) }
        parts["flip"] = setting.flip.map { .number($0) }
        // Hindsight chooses by the grade, so the text depends on the grader.
        if setting.policy.isOracle { parts["grader"] = .text(benchmark.graderVersion) }
        return identity(
            setting.policy.name, router: setting.router, parts,
            asks: setting.policy.asks, data: data)
    }

    /// The small model alone, logging a score.
    func identity(
        calibrating score: String, router: String? = nil, data: String
    ) -> CellIdentity {
        identity(score, router: router, [:], asks: { $0 == .slm }, data: data)
    }

    private func identity(
        _ name: String, router: String?, _ parts: [String: CellIdentity.Policy.Part],
        asks: (Route) -> Bool, data: String
    ) -> CellIdentity {
        var parts = parts
        parts["name"] = .text(name)
        parts["routerSha256"] = router.flatMap { routers[$0] }.map { .text($0.sha256) }
        return CellIdentity(
            decoder: ProgramVersion.decoder,
            slmSha256: asks(.slm) ? pair[.slm].identity.sha256 : nil,
            llmSha256: asks(.llm) ? pair[.llm].identity.sha256 : nil,
            task: .init(
                name: benchmark.name, dataSha256: data, prompt: benchmark.promptVersion),
            generation: .init(
                maxTokens: generation.maxTokens, template: pair.template?.rawValue ?? "raw",
                tokenizerSha256: pair.tokenizerHash, endTokens: pair.endTokens.sorted(),
                context: pair.context),
            policy: .init(parts: parts))
    }
}

extension CellIdentity.Policy.Part: Encodable {
    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        case .integer(let integer): try container.encode(integer)
        }
    }
}
