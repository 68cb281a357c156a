package import Assets
import Foundation
import Inference
import Platform
import ResultsStore
package import Runs
package import TestSupport

/// Runs sweeps of tiny models inside this process, in a directory of its own.
package struct SweepFixture {
    package let tiny: TinyExperiment

    package var root: String { tiny.root }

    /// Calls `body` with a fresh experiment and removes it afterwards.
    package static func with<R>(
        size: TinyExperiment.Size = .init(), _ body: (SweepFixture) throws -> R
    ) throws -> R {
        try withTemporaryDirectory { root in
            try body(SweepFixture(tiny: TinyExperiment(at: root, size: size)))
        }
    }

    /// The store over the experiment's catalogue; it reaches no network.
    package func assets() throws -> AssetStore {
        AssetStore(
            catalog: try AssetCatalog(directory: root + "/experiments"),
            environment: tiny.environment, runner: NoPrograms())
    }

    package func path(_ name: String) -> String { "\(root)/results/\(name).sqlite" }

    package func sweep(
        _ database: String, set overrides: [String] = [],
        _ change: (inout Sweep.Options) -> Void = { _ in }
    ) throws -> Sweep {
        var options = Sweep.Options()
        options.overrides = overrides
        options.database = path(database)
        options.threads = 2
        change(&options)
        return try Sweep(path: tiny.spec, assets: assets(), options: options)
    }

    @discardableResult
    package func run(
        _ database: String, set overrides: [String] = [],
        _ change: (inout Sweep.Options) -> Void = { _ in }
    ) throws -> SweepOutcome {
        try sweep(database, set: overrides, change).run()
    }

    /// One cell's texts, in the questions' order.
    package func outputs(
        of policy: String, _ setting: String? = nil, in database: String
    ) throws -> [String] {
        let result = try ResultsReader(path: path(database)).query(
            """
            SELECT sample.output FROM sample JOIN cell ON cell.id = sample.cell
            WHERE cell.policy = '\(policy)' AND ifnull(cell.setting, '') = '\(setting ?? "")'
            ORDER BY sample.question
            """)
        return result.rows.compactMap { row in
            if case .text(let text) = row[0] { text } else { nil }
        }
    }

    /// One of the models, ready to run.
    package func load(_ name: String) throws -> LoadedModel {
        try LoadedModel(
            assets().model("\(root)/models/\(name).gguf"), processor: Processor(threads: 1))
    }

    /// Everything that two runs of one spec must share; see `scripts/rows.sql`.
    package func rows(_ database: String) throws -> [String] {
        try resultRows(of: path(database))
    }

    /// The answers of an experiment's cells: cell by name and question to when it was stored.
    package func attempts(_ database: String) throws -> [String: Int64] {
        let result = try ResultsReader(path: path(database)).query(
            """
            SELECT cell.key || ' ' || sample.question, sample.attempt
            FROM sample JOIN cell ON cell.id = sample.cell
            """)
        return Dictionary(
            uniqueKeysWithValues: result.rows.compactMap { row in
                guard case .text(let name) = row[0], case .integer(let attempt) = row[1] else {
                    return nil
                }
                return (name, attempt)
            })
    }

    package func count(_ sql: String, in database: String) throws -> Int64 {
        let rows = try ResultsReader(path: path(database)).query(sql).rows
        guard case .integer(let count)? = rows.first?.first else { return -1 }
        return count
    }
}

/// The lines of `scripts/rows.sql` over a database.
package func resultRows(of path: String) throws -> [String] {
    let script = checkoutRoot + "/scripts/rows.sql"
    let query = try String(contentsOfFile: script, encoding: .utf8)
    return try ResultsReader(path: path).query(query).rows.map { row in
        if case .text(let line) = row[0] { line } else { "not a text" }
    }
}

/// A machine without curl, pip and network.
struct NoPrograms: CommandRunner {
    func run(_ command: Command, tick: () -> Void) -> CommandOutcome {
        .notStarted(reason: "not in tests")
    }
}
