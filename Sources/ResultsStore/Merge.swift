import GRDB

/// The steps of a merge, inside its transaction; `source` is attached.
///
/// What is copied, and what must be equal in both files, follows from the tables' lists of columns.
struct Merge {
    private let db: Database
    private let source: String
    private var conflicts: [MergeConflict] = []
    private var differences: [MergeConflict] = []

    /// Conflicts named in the error; a wrong file would otherwise name every row it has.
    private static let named = 20

    /// Tables whose ids differ between files, after those that they refer to.
    private static let identified: [TableLayout] = [
        ExperimentRecord.table.layout, VocabularyRecord.table.layout, ModelRecord.table.layout,
        RouterRecord.table.layout, DatasetRecord.table.layout, CellRecord.table.layout,
        AttemptRow.table.layout,
    ]

    /// Tables that refer to those.
    private static let dependent: [TableLayout] = [
        StoredPiece.table.layout, StoredQuestion.table.layout, TrainingRow.table.layout,
        StoredLabel.table.layout, TimingRow.table.layout, StoredProbe.table.layout,
        TrafficRow.table.layout,
    ]

    init(_ db: Database, from source: String) {
        self.db = db
        self.source = source
    }

    mutating func run() throws -> MergeResult {
        try compareExperiments()
        for table in Self.identified + Self.dependent + [
            StoredSample.table.layout, StoredDecision.table.layout,
        ] { try checkCounts(table) }
        for table in Self.identified {
            try copy(table)
            try map(table)
        }
        for table in Self.identified + Self.dependent { try compare(table) }
        let sample = StoredSample.table.layout
        try compare(sample, where: Self.bothAnswered)
        try compareParts(
            StoredDecision.table.layout, of: sample, where: Self.bothAnswered, column: "tokens")
        try compareParts(
            StoredLabel.table.layout, of: RouterRecord.table.layout, where: Self.bothLabelled,
            column: "labels")
        guard conflicts.isEmpty else {
            throw StoreError.conflicts(
                source: source, count: conflicts.count, rows: Array(conflicts.prefix(Self.named)))
        }
        for table in Self.dependent { try copy(table) }
        let result = try copySamples()
        for table in Self.identified { try db.execute(sql: "DROP TABLE temp.\(table.name)_map") }
        return result
    }

    /// A file of another experiment is a mistake: its answers would stand beside this one's. What a file has besides, such as its
    /// calibration, need not be in both.
    private func compareExperiments() throws {
        func names(_ schema: String) throws -> [String] {
            try String.fetchAll(db, sql: "SELECT name FROM \(schema).experiment ORDER BY name")
        }
        let (ours, theirs) = (try names("main"), try names("source"))
        guard ours.isEmpty || theirs.isEmpty || !Set(ours).isDisjoint(with: theirs) else {
            throw StoreError.otherExperiment(source: source, found: theirs, expected: ours)
        }
    }

    /// Counts that no run comes to would be stored here, and end every sum of them.
    private func checkCounts(_ table: TableLayout) throws {
        for column in table.columns {
            guard let most = column.most else { continue }
            let found = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(table.row) AS row_name, theirs.\(column.name) AS found
                    FROM source.\(table.name) AS theirs
                    WHERE theirs.\(column.name) NOT BETWEEN 0 AND \(most) LIMIT 1
                    """)
            guard let found else { continue }
            let name: String? = try found.value("row_name")
            throw StoreError.corrupt(
                path: source,
                message: "\(table.name) \(name ?? "of no name"): \(column.name) is "
                    + "\(found["found"] as DatabaseValue), expected 0 to \(most)")
        }
    }

    // MARK: - SQL of rows `ours` and `theirs`

    /// Answers, not failures.
    private static let bothAnswered = "ours.error IS NULL AND theirs.error IS NULL"

    /// Routers whose labels both files have.
    private static let bothLabelled = """
        EXISTS (SELECT 1 FROM main.router_label WHERE router = ours.id)
            AND EXISTS (SELECT 1 FROM source.router_label WHERE router = theirs.id)
        """

    /// The value that the row `theirs` would have here: an id is another one in each file.
    private func here(_ column: ColumnLayout) -> String {
        guard let table = column.table else { return "theirs.\(column.name)" }
        return "(SELECT ours FROM temp.\(table)_map WHERE theirs = theirs.\(column.name))"
    }

    /// Whether the rows have one name.
    private func isSame(_ table: TableLayout) -> String {
        table.columns(.name).map { "ours.\($0.name) IS \(here($0))" }.joined(separator: " AND ")
    }

    /// Whether the rows contradict each other in a column; nil where they cannot.
    private func differs(_ column: ColumnLayout, _ table: TableLayout) -> String? {
        let (ours, theirs) = ("ours.\(column.name)", here(column))
        switch column.agreement {
        case .name, .measurement: return nil
        case .content, .description: return "\(ours) IS NOT \(theirs)"
        case .grade:
            return "(\(ours) IS NOT \(theirs) AND ours.grader_version IS theirs.grader_version)"
        case .ending: return "ifnull(\(ours) <> \(theirs), 0)"
        case .places: return MachinePlaces.contradict(ours, theirs)
        case .sum:
            let others = table.columns(.sum).filter { $0.name != column.name }.map(\.name)
            func any(_ sign: String) -> String {
                others.map { "ifnull(ours.\($0) \(sign) theirs.\($0), 0)" }
                    .joined(separator: " OR ")
            }
            return """
                ifnull((\(ours) > \(theirs) AND (\(any("<")))) \
                OR (\(ours) < \(theirs) AND (\(any(">")))), 0)
                """
        }
    }

    // MARK: - Comparing

    /// Collects what is told and what is refused of the rows that both files have.
    private mutating func compare(_ table: TableLayout, where condition: String = "true") throws {
        let checks = table.columns.compactMap { column in
            differs(column, table).map { (column: column, sql: $0) }
        }
        guard !checks.isEmpty else { return }
        let flags = checks.map { "\($0.sql) AS \($0.column.name)" }.joined(separator: ", ")
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(table.row) AS row_name, \(flags)
                FROM source.\(table.name) AS theirs
                JOIN main.\(table.name) AS ours ON \(isSame(table))
                WHERE \(condition) AND (\(checks.map(\.sql).joined(separator: " OR ")))
                ORDER BY row_name
                """)
        while let found = try cursor.next() {
            let differing = try checks.map(\.column).filter { try found.value($0.name) as Bool }
            let name: String? = try found.value("row_name")
            func note(_ columns: [ColumnLayout], _ list: inout [MergeConflict]) {
                guard !columns.isEmpty else { return }
                list.append(
                    MergeConflict(
                        table: table.name, row: name ?? "of no name", columns: columns.map(\.name)))
            }
            note(differing.filter { $0.agreement != .description }, &conflicts)
            note(differing.filter { $0.agreement == .description }, &differences)
        }
    }

    /// Rows whose parts, such as an answer's decisions, differ in number or content.
    private mutating func compareParts(
        _ parts: TableLayout, of whole: TableLayout, where condition: String, column: String
    ) throws {
        let names = parts.columns(.name).filter { $0.table != whole.name }.map(\.name)
        let isSamePart = names.map { "o.\($0) = t.\($0)" }.joined(separator: " AND ")
        let content = parts.columns(.content).map { "o.\($0.name) IS NOT t.\($0.name)" }
        let found = try String.fetchAll(
            db,
            sql: """
                SELECT \(whole.row) AS row_name
                FROM source.\(whole.name) AS theirs
                JOIN main.\(whole.name) AS ours ON \(isSame(whole))
                WHERE \(condition) AND (
                    (SELECT count(*) FROM main.\(parts.name) WHERE \(whole.name) = ours.id)
                        <> (SELECT count(*) FROM source.\(parts.name)
                            WHERE \(whole.name) = theirs.id)
                    OR EXISTS (
                        SELECT 1 FROM source.\(parts.name) AS t
                        LEFT JOIN main.\(parts.name) AS o
                            ON o.\(whole.name) = ours.id AND \(isSamePart)
                        WHERE t.\(whole.name) = theirs.id
                            AND (o.\(whole.name) IS NULL
                                OR \(content.joined(separator: " OR ")))))
                ORDER BY row_name
                """)
        conflicts += found.map { MergeConflict(table: parts.name, row: $0, columns: [column]) }
    }

    // MARK: - Copying

    /// Inserts the rows that are not here yet, and completes those that are.
    private func copy(_ table: TableLayout) throws {
        let names = table.columns.map(\.name).joined(separator: ", ")
        let values = table.columns.map(here).joined(separator: ", ")
        let sums = table.columns(.sum)
        let completed = table.columns.compactMap { column -> String? in
            let (ours, theirs) = ("\(table.name).\(column.name)", "excluded.\(column.name)")
            return switch column.agreement {
            case .ending: "\(column.name) = ifnull(\(ours), \(theirs))"
            case .places: "\(column.name) = \(MachinePlaces.fuller(ours, theirs))"
            default: nil
            }
        }
        let completion =
            if !completed.isEmpty {
                "UPDATE SET " + completed.joined(separator: ", ")
            } else if !sums.isEmpty {
                "UPDATE SET "
                    + sums.map { "\($0.name) = excluded.\($0.name)" }
                    .joined(separator: ", ")
                    + " WHERE "
                    + sums.map { "ifnull(excluded.\($0.name) >= \($0.name), 1)" }
                    .joined(separator: " AND ")
            } else { "NOTHING" }
        try db.execute(
            sql: """
                INSERT INTO main.\(table.name) (\(names))
                    SELECT \(values) FROM source.\(table.name) AS theirs WHERE true
                    ORDER BY \(Self.order(table))
                    ON CONFLICT DO \(completion)
                """)
    }

    /// The order in which rows are copied: by id, where a table has one.
    private static func order(_ table: TableLayout) -> String {
        identified.contains { $0.name == table.name } || table.name == TimingRow.table.layout.name
            ? "theirs.id" : table.columns(.name).map { "theirs.\($0.name)" }.joined(separator: ", ")
    }

    /// A table from the source's ids to ours.
    private func map(_ table: TableLayout) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE \(table.name)_map (theirs INTEGER PRIMARY KEY, ours INTEGER);
                INSERT INTO temp.\(table.name)_map
                    SELECT theirs.id, ours.id FROM source.\(table.name) AS theirs
                    JOIN main.\(table.name) AS ours ON \(isSame(table));
                """)
    }

    private func copySamples() throws -> MergeResult {
        let table = StoredSample.table.layout
        let known =
            try Int.fetchOne(
                db,
                sql: """
                    SELECT count(*) FROM source.sample AS theirs
                    JOIN main.sample AS ours ON \(isSame(table)) WHERE \(Self.bothAnswered)
                    """) ?? 0
        let names = table.columns.map(\.name).joined(separator: ", ")
        let values = table.columns.map(here).joined(separator: ", ")
        let updates = StoredSample.table.updates { $0.agreement != .name && $0.name != "tries" }
        let stored = try Row.fetchAll(
            db,
            sql: """
                INSERT INTO main.sample (\(names))
                    SELECT \(values) FROM source.sample AS theirs WHERE true ORDER BY theirs.id
                    ON CONFLICT (cell, question) DO UPDATE SET
                        \(updates), tries = max(tries, excluded.tries)
                        WHERE error IS NOT NULL
                            AND (excluded.error IS NULL OR excluded.tries > tries)
                    RETURNING error IS NULL AS answered
                """)
        try copyDecisions()
        let answers = try stored.count { try $0.value("answered") as Bool }
        return MergeResult(
            samples: answers, failures: stored.count - answers, known: known,
            differences: differences)
    }

    /// Those of answers that have none here yet.
    private func copyDecisions() throws {
        let columns = StoredDecision.table.layout.columns.map(\.name)
        let values = columns.map { $0 == "sample" ? "bare.ours" : "decision.\($0)" }
        try db.execute(
            sql: """
                CREATE TEMP TABLE bare_sample AS
                    SELECT theirs.id AS theirs, ours.id AS ours
                    FROM source.sample AS theirs
                    JOIN main.sample AS ours ON \(isSame(StoredSample.table.layout))
                    WHERE NOT EXISTS (SELECT 1 FROM main.decision WHERE sample = ours.id);
                INSERT INTO main.decision (\(columns.joined(separator: ", ")))
                    SELECT \(values.joined(separator: ", "))
                    FROM temp.bare_sample AS bare
                    JOIN source.decision AS decision ON decision.sample = bare.theirs
                    ORDER BY bare.ours, decision.position;
                DROP TABLE temp.bare_sample;
                """)
    }
}

/// One row that two databases hold with different contents.
package struct MergeConflict: Equatable, Sendable, CustomStringConvertible {
    /// The table, such as `sample`.
    package let table: String
    /// The row in words, such as `cell 3f2a… question 17`.
    package let row: String
    /// The columns that differ.
    package let columns: [String]

    init(table: String, row: String, columns: [String]) {
        self.table = table
        self.row = row
        self.columns = columns
    }

    /// `table: row: columns`.
    package var description: String { "\(table) \(row): \(columns.joined(separator: ", "))" }
}
