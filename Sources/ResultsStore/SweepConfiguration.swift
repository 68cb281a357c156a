import GRDB

/// Cells of an experiment that one sweep could have made: of one pair, one state of the data, one limit of tokens, one version of
/// everything that decides texts (docs/decisions/0004-cell-key.md). Only these are ever compared with each other unasked.
///
/// A cell may be of several: `slm` is the same beside two large models.
package struct SweepConfiguration: Equatable, Sendable {
    /// From 1, the newest.
    package internal(set) var number: Int
    /// A name that does not depend on what else is in the file, 64 hexadecimal digits.
    package let key: String
    /// What its cells share.
    package let facts: SharedFacts
    package let cells: Set<RowID<CellRecord>>
    /// Finished answers of those.
    package let answers: Int
    /// When the last sweep of it began, UTC, ISO 8601; nil if none did.
    package let lastRun: String?
    /// The attempts that worked on it.
    package let attempts: Set<RowID<AttemptRecord>>

    /// The start of the key that people are shown.
    package var shortKey: String { String(key.prefix(8)) }

    /// That of an experiment without cells.
    static let none = SweepConfiguration(
        number: 1, key: "", facts: SharedFacts(canonical: "", method: "", router: nil), cells: [],
        answers: 0, lastRun: nil, attempts: [])
}

/// The configuration that is asked for, and what else there is.
package struct ConfigurationChoice: Equatable, Sendable {
    /// The one.
    package let chosen: SweepConfiguration
    /// All, the newest first; the chosen one is among them.
    package let all: [SweepConfiguration]

    /// The facts on which configurations of this file differ, sorted by name.
    package var differences: [String] {
        let facts = all.map(\.facts.all)
        return Set(facts.flatMap(\.keys)).sorted().filter { name in
            Set(facts.map { $0[name] }).count > 1
        }
    }
}

extension ResultsReader {
    /// The configuration that `name` means: its number, or the start of its key or of one of its cells' keys. Without a name the newest that
    /// has answers.
    ///
    /// Throws `.notFound` with all there are where none or several fit.
    package func configuration(
        named name: String? = nil, of experiment: RowID<ExperimentRecord>
    ) throws(StoreError) -> ConfigurationChoice {
        let all = try configurations(of: experiment)
        guard let name else {
            let chosen = all.first { $0.answers > 0 } ?? all.first ?? .none
            return ConfigurationChoice(chosen: chosen, all: all)
        }
        // A key may begin with zeros, a number does not.
        if let found = all.first(where: { "\($0.number)" == name }) {
            return ConfigurationChoice(chosen: found, all: all)
        }
        var found: [SweepConfiguration] = []
        if name.count >= 4 {
            found = all.filter { $0.key.hasPrefix(name) }
            if found.isEmpty {
                let cells = try cells(of: experiment).filter { $0.record.key.hasPrefix(name) }
                // A cell of several names the newest of them.
                if cells.count == 1 {
                    found = Array(all.filter { $0.cells.contains(cells[0].id) }.prefix(1))
                }
            }
        }
        guard found.count == 1 else {
            throw .notFound(
                what: found.isEmpty ? "configuration" : "single configuration", name: name,
                candidates: (found.isEmpty ? all : found).map { "\($0.number) (\($0.shortKey))" })
        }
        return ConfigurationChoice(chosen: found[0], all: all)
    }

    /// All configurations of an experiment, the newest first.
    ///
    /// A sweep notes with its attempt what its cells share; cells of programs that did not are put together by what they have in
    /// common, the newest first. Cells that were never run come last.
    package func configurations(
        of experiment: RowID<ExperimentRecord>
    ) throws(StoreError) -> [SweepConfiguration] {
        let work = try work(in: experiment)
        let cells = try cells(of: experiment).map { row in
            Member(
                row: row,
                facts: SharedFacts(
                    canonical: row.record.canonical, method: row.method, router: row.router,
                    judge: row.judge),
                lastRun: work.filter { $0.cell == row.id }.map(\.started).max() ?? "")
        }.sorted { left, right in
            (right.lastRun, left.row.record.position, left.row.record.key)
                < (left.lastRun, right.row.record.position, right.row.record.key)
        }
        let attempts = try attempts().filter { $0.record.experiment == experiment }
        let noted = attempts.compactMap { attempt in
            SharedFacts(note: attempt.record.environment[SharedFacts.attemptKey]).map {
                (attempt: attempt, facts: $0)
            }
        }
        // What was noted first: a cell's own facts say less.
        let beginnings =
            noted.map { (time: $0.attempt.started, rank: 0, facts: $0.facts) }
            + cells.map { (time: $0.lastRun, rank: 1, facts: $0.facts) }
        var found: [SweepConfiguration] = []
        var placed: Set<RowID<CellRecord>> = []
        for beginning in beginnings.stablySorted(by: {
            ($1.time, $0.rank) < ($0.time, $1.rank)
        }) {
            if beginning.rank == 1,
                cells.allSatisfy({ placed.contains($0.row.id) || $0.facts != beginning.facts })
            {
                continue
            }
            var facts = beginning.facts
            var members: Set<RowID<CellRecord>> = []
            for cell in cells where facts.admits(cell.facts) {
                facts.add(cell.facts)
                members.insert(cell.row.id)
            }
            guard !members.isEmpty, !found.contains(where: { $0.cells == members }) else {
                continue
            }
            placed.formUnion(members)
            // An attempt without a note worked on what its answers are of; one without answers, such as training, is anybody's.
            var (own, runs): ([AttemptRow], [String]) = ([], [])
            for attempt in attempts {
                let worked = Set(work.filter { $0.attempt == attempt.id }.map(\.cell))
                let note = noted.first { $0.attempt.id == attempt.id }
                guard note?.facts.agrees(with: facts) ?? worked.isSubset(of: members) else {
                    continue
                }
                own.append(attempt)
                if note != nil || !worked.isEmpty { runs.append(attempt.started) }
            }
            found.append(
                SweepConfiguration(
                    number: found.count + 1, key: facts.key, facts: facts, cells: members,
                    answers: work.filter { members.contains($0.cell) }.reduce(0) {
                        $0 + $1.answers
                    },
                    lastRun: runs.max(),
                    attempts: Set(own.map(\.id))))
        }
        return found
    }

    private struct Member {
        let row: CellRow
        let facts: SharedFacts
        let lastRun: String
    }

    private struct Work {
        let cell: RowID<CellRecord>
        let attempt: RowID<AttemptRecord>
        let started: String
        let answers: Int
    }

    /// Which attempt answered how many questions of which cell.
    private func work(
        in experiment: RowID<ExperimentRecord>
    ) throws(StoreError) -> [Work] {
        try rows(
            """
            SELECT sample.cell AS cell, attempt.id AS attempt, attempt.started AS started,
                count(*) FILTER (WHERE sample.error IS NULL) AS answers
            FROM sample
            JOIN cell ON cell.id = sample.cell
            JOIN attempt ON attempt.id = sample.attempt
            WHERE cell.experiment = ?
            GROUP BY sample.cell, attempt.id
            """, [experiment.value]
        ) {
            try Work(
                cell: RowID($0.value("cell")), attempt: RowID($0.value("attempt")),
                started: $0.value("started"),
                answers: $0.value("answers"))
        }
    }
}

extension SharedFacts {
    /// Whether a sweep of these facts is one of a configuration's.
    fileprivate func agrees(with other: SharedFacts) -> Bool {
        base == other.base
            && partial.allSatisfy {
                other.partial[$0.key] == nil || other.partial[$0.key] == $0.value
            }
            && routers.allSatisfy {
                other.routers[$0.key] == nil || other.routers[$0.key] == $0.value
            }
    }
}

extension Array {
    /// Sorted, with equal elements in the order they had.
    fileprivate func stablySorted(by isBefore: (Element, Element) -> Bool) -> [Element] {
        enumerated().sorted { left, right in
            if isBefore(left.element, right.element) { return true }
            if isBefore(right.element, left.element) { return false }
            return left.offset < right.offset
        }.map(\.element)
    }
}
