import Assets
import Foundation
import Platform
import ResultsStore
import Routing
import Servers
import Specs

/// What a sweep would run, and what that would take.
package struct SweepPlan: Equatable, Sendable {
    /// One cell, or one score that thresholds wait for.
    struct Line: Equatable, Sendable {
        let cell: String
        let questions: Int
        /// nil: not known before the models are here.
        let done: Int?
        let failed: Int
        /// Expected tokens of one answer; nil: not known before a first run.
        let tokensPerAnswer: Double?

        var missing: Int { questions - (done ?? 0) - failed }
    }

    let experiment: String
    let database: String
    let shard: Shard?
    /// What would be fetched first.
    let absent: [String]
    let lines: [Line]
    /// The most tokens of one answer.
    let maxTokens: Int
    let tokensPerSecond: Double?
    /// The machine that the rate is from, if it is not this one.
    let measuredOn: String?

    /// The plan for people: a line a cell, then sums.
    package var text: String {
        var out = "\(experiment)\(shard.map { ", shard \($0)" } ?? ""): \(database)\n"
        for name in absent { out += "  to be fetched: \(name)\n" }
        for line in lines {
            out += "  \(line.cell): \(line.questions) questions"
            switch line.done {
            case nil: break
            case 0?: out += line.failed > 0 ? "" : ", not begun"
            case let done?: out += done == line.questions ? ", all done" : ", \(done) done"
            }
            out += (line.failed > 0 ? ", \(line.failed) failed" : "") + "\n"
        }
        let missing = lines.reduce(0) { $0 + $1.missing }
        out += "\(missing) of \(lines.reduce(0) { $0 + $1.questions }) answers to go"
        guard missing > 0 else { return out }
        let known = lines.allSatisfy { $0.missing == 0 || $0.tokensPerAnswer != nil }
        let tokens = lines.reduce(0) {
            $0 + Double($1.missing) * ($1.tokensPerAnswer ?? Double(maxTokens))
        }
        out += ", \(known ? "about" : "at most") \(Int(tokens.rounded())) tokens"
        guard let tokensPerSecond else { return out + "; the time is not known before a first run" }
        out += ", \(known ? "about" : "at most") \(duration(tokens / tokensPerSecond))"
        let rate = "\(String(format: "%.1f", tokensPerSecond)) tokens/s"
        return out + " at the \(rate) measured on \(measuredOn ?? "this machine")"
    }
}

extension Sweep {
    /// The plan, from the spec and the database, if there is one; loads no weights, fetches no model and runs nothing.
    package func plan() throws -> SweepPlan {
        try plan(known: answersElsewhere())
    }

    /// The plan where the answers in `known`, by cell key, are not made again.
    func plan(known: [String: Set<String>]) throws -> SweepPlan {
        let reader = try ResultsReader.ifAny(path: database)
        let rates = try reader.map {
            try MeasuredRates(
                $0, experiment: spec.experiment, maxTokens: spec.generation.maxTokens, fused: fused)
        }
        let absent = try absentModels()
        let lines =
            absent.isEmpty
            ? try PlanLines(
                inputs: SweepInputs(spec: spec, assets: assets), reader: reader,
                rates: rates ?? .none, known: known
            ).lines { sharded($0) }
            : try unknownLines()
        return SweepPlan(
            experiment: spec.experiment, database: database, shard: options.shard, absent: absent,
            lines: lines, maxTokens: spec.generation.maxTokens,
            tokensPerSecond: rates?.tokensPerSecond, measuredOn: rates?.elsewhere)
    }

    /// Without the models, cells can't be told apart from those of others.
    private func unknownLines() throws -> [SweepPlan.Line] {
        let count = try sharded(TaskInputs(spec: spec, assets: assets).questions())
            .questions.count
        return spec.settings.map { setting in
            SweepPlan.Line(
                cell: "\(setting)", questions: count, done: nil, failed: 0,
                tokensPerAnswer: nil)
        }
    }

    /// Models of the catalogue that are not on this machine.
    private func absentModels() throws -> [String] {
        let models = Route.allCases.map { spec.models.servers[$0]?.tokenizer ?? spec.models[$0] }
        return try models.filter { name in
            guard !AssetCatalog.isPath(name) else { return false }
            if case .present = try assets.state(of: assets.catalog.model(named: name).file) {
                return false
            }
            return true
        }
    }
}
