package import Assets
package import Foundation
import Platform
import Schemas
import Specs

/// How a sweep over several machines stands, read from its shards' published databases.
package struct SweepStatus {
    /// One shard.
    struct Task: Equatable {
        let shard: Shard
        /// What its launcher says of it; nil: nothing.
        let state: String?
        let done: Int
        let failed: Int
        let planned: Int
        /// When its database was last published; nil: not yet.
        let published: Date?
    }

    let experiment: String
    let tasks: [Task]

    /// Reads the spec and the shards' files in the current directory; asks `launchers` for the rest.
    package init(
        path: String, assets: AssetStore, options: Sweep.Options,
        launchers names: [LauncherName] = LauncherName.elsewhere
    ) throws {
        let sweep = try Sweep(path: path, assets: assets, options: options)
        experiment = sweep.spec.experiment
        let launchers = names.map { $0.launcher(for: sweep, spec: path) }
        let states = launchers.reduce(into: [:]) { $0.merge($1.states()) { first, _ in first } }
        let count =
            Self.shards(beside: sweep.database) ?? launchers.lazy.compactMap(\.shards).first ?? 1
        let shards = (1...count).compactMap { Shard($0, of: count) }
        // All shards leave out the same answers, which are read once.
        var known: [String: Set<String>]?
        tasks = try shards.map { shard in
            var options = options
            options.shard = shard
            let part = try Sweep(path: path, assets: assets, options: options)
            let elsewhere = try known ?? part.answersElsewhere()
            known = elsewhere
            let lines = try part.plan(known: elsewhere).lines
            let attributes = try? FileManager.default.attributesOfItem(atPath: part.database)
            return Task(
                shard: shard, state: states[shard.index],
                done: lines.reduce(0) { $0 + ($1.done ?? 0) },
                failed: lines.reduce(0) { $0 + $1.failed },
                planned: lines.reduce(0) { $0 + $1.questions },
                published: attributes?[.modificationDate] as? Date)
        }
    }

    /// Whether every answer is there.
    package var isComplete: Bool {
        !tasks.isEmpty && tasks.allSatisfy { $0.done == $0.planned }
    }

    /// A line a task, and their sum.
    package func text(now: Date = Date()) -> String {
        let lines = tasks.map { task -> String in
            var line = "  \(task.shard): \(task.done) of \(task.planned) answers"
            if task.failed > 0 { line += ", \(task.failed) failed" }
            if let state = task.state { line += ", \(state)" }
            guard let published = task.published else { return line + ", nothing published yet" }
            return line + ", published \(duration(max(0, now.timeIntervalSince(published)))) ago"
        }
        let done = tasks.reduce(0) { $0 + $1.done }
        let planned = tasks.reduce(0) { $0 + $1.planned }
        let sum = "\(experiment): \(done) of \(planned) answers in \(tasks.count) shards"
        return ([sum] + lines).joined(separator: "\n")
    }

    /// Into how many shards the newest shard's database divides the questions; nil without one.
    static func shards(beside database: String) -> Int? {
        let folder = URL(fileURLWithPath: database).deletingLastPathComponent()
        let files = try? FileManager.default.contentsOfDirectory(
            at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        let found = (files ?? []).compactMap { file -> (count: Int, date: Date)? in
            guard let shard = Shard(file: file.lastPathComponent, beside: database),
                let values = try? file.resourceValues(forKeys: [.contentModificationDateKey])
            else { return nil }
            return (shard.count, values.contentModificationDate ?? .distantPast)
        }
        return found.max { $0.date < $1.date }?.count
    }
}
