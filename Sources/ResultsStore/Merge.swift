import GRDB

/// The steps of a merge, inside its transaction; `source` is attached.
struct Merge {
    private let db: Database
    private let source: String
    private var conflicts: [MergeConflict] = []

    /// Conflicts named in the error; a wrong file would otherwise name every row it has.
    private static let named = 20

    init(_ db: Database, from source: String) {
        self.db = db
        self.source = source
    }

    mutating func run() throws -> MergeResult {
        try compareExperiments()
        try mergeNames()
        try mapNames()
        try findConflicts()
        guard conflicts.isEmpty else {
            throw StoreError.conflicts(
                source: source, count: conflicts.count, rows: Array(conflicts.prefix(Self.named)))
        }
        try mergeRuns()
        let result = try mergeSamples()
        for table in MergeMap.allCases { try db.execute(sql: "DROP TABLE temp.\(table.rawValue)") }
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

    /// Copies what is known by a name or a hash.
    private func mergeNames() throws {
        try db.execute(
            sql: """
                INSERT INTO experiment (name, question, spec, seed)
                    SELECT name, question, spec, seed FROM source.experiment ORDER BY id
                    ON CONFLICT DO NOTHING;
                INSERT INTO vocabulary (sha256, size)
                    SELECT sha256, size FROM source.vocabulary ORDER BY id
                    ON CONFLICT DO NOTHING;
                INSERT INTO model (name, sha256, architecture, parameters, file_bytes)
                    SELECT name, sha256, architecture, parameters, file_bytes
                    FROM source.model ORDER BY id ON CONFLICT DO NOTHING;
                INSERT INTO router (name, kind, sha256, details)
                    SELECT name, kind, sha256, details FROM source.router ORDER BY id
                    ON CONFLICT DO NOTHING;
                INSERT INTO dataset (name, split, sha256, rows, source)
                    SELECT name, split, sha256, rows, source FROM source.dataset ORDER BY id
                    ON CONFLICT DO NOTHING;
                """)
    }

    /// Tables from the source's ids to ours, then the rows that need them.
    private func mapNames() throws {
        for map in MergeMap.allCases where map != .cellMap && map != .attemptMap {
            try fill(map)
        }
        try db.execute(
            sql: """
                INSERT INTO cell (experiment, key, policy, setting, threshold, label, position,
                        slm, llm, router, dataset, vocabulary, canonical)
                    SELECT \(here("experiment")), key, policy, setting, threshold, label,
                        position, \(here("model", column: "slm")),
                        \(here("model", column: "llm")), \(here("router")), \(here("dataset")),
                        \(here("vocabulary")), canonical
                    FROM source.cell AS theirs WHERE true ORDER BY id ON CONFLICT DO NOTHING;
                INSERT INTO attempt (uid, experiment, purpose, program_version, git_commit,
                        git_dirty, host, cpu, threads, command, shard, spec, inputs, environment,
                        started, ended, outcome, reason, peak_memory)
                    SELECT uid, \(here("experiment")), purpose, program_version, git_commit,
                        git_dirty, host, cpu, threads, command, shard, spec, inputs, environment,
                        started, ended, outcome, reason, peak_memory
                    FROM source.attempt AS theirs WHERE true ORDER BY id
                    ON CONFLICT (uid) DO UPDATE SET
                        ended = ifnull(ended, excluded.ended),
                        outcome = ifnull(outcome, excluded.outcome),
                        reason = ifnull(reason, excluded.reason),
                        peak_memory = ifnull(peak_memory, excluded.peak_memory);
                """)
        try fill(.cellMap)
        try fill(.attemptMap)
    }

    private func fill(_ map: MergeMap) throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE \(map.rawValue) (theirs INTEGER PRIMARY KEY, ours INTEGER);
                INSERT INTO temp.\(map.rawValue)
                    SELECT theirs.id, ours.id FROM source.\(map.table) AS theirs
                    JOIN main.\(map.table) AS ours USING (\(map.key));
                """)
    }

    /// Our id for a reference of the row `theirs`.
    private func here(_ table: String, column: String? = nil) -> String {
        "(SELECT ours FROM temp.\(table)_map WHERE theirs = theirs.\(column ?? table))"
    }

    private mutating func findConflicts() throws {
        try compare(
            "cell", columns: ["policy", "setting", "canonical"],
            join: "ours.key = theirs.key", row: "'cell ' || theirs.key")
        try compare(
            "piece", columns: ["text", "bytes"],
            join: """
                ours.token_id = theirs.token_id AND ours.vocabulary = \(here("vocabulary"))
                """,
            row: "'token ' || theirs.token_id")
        try compare(
            "question", columns: ["text"],
            join: "ours.name = theirs.name AND ours.dataset = \(here("dataset"))",
            row: "'question ' || theirs.name")
        try compare(
            "training",
            columns: [
                "tokens", "case_1", "case_2", "case_3", "rollouts", "churn", "training_loss",
                "validation_loss", "accuracy", "flops", "bytes",
            ],
            join: "ours.round = theirs.round AND ours.router = \(here("router"))",
            row: "'router ' || theirs.router || ' round ' || theirs.round")
        try compare(
            "sample",
            columns: [
                "output", "finish", "prompt_tokens", "tokens", "llm_calls", "llm_passes",
                "slm_processed", "llm_processed", "flops", "bytes",
            ],
            // Another grader may grade otherwise: that is no contradiction, and the next sweep grades anew.
            graded: ["extracted", "rule", "gold", "correct", "score"],
            join: """
                ours.cell = \(here("cell")) AND ours.question = theirs.question
                    AND ours.error IS NULL AND theirs.error IS NULL
                """,
            row: Self.sampleName)
        try compareDecisions()
    }

    /// A question in words, from the row `theirs`.
    private static let sampleName = """
        'cell ' || (SELECT key FROM source.cell WHERE id = theirs.cell)
            || ' question ' || theirs.question
        """

    private mutating func compare(
        _ table: String, columns: [String], graded: [String] = [], join: String, row: String
    ) throws {
        let sameGrader = "ours.grader_version IS theirs.grader_version"
        let differs =
            columns.map { "(ours.\($0) IS NOT theirs.\($0))" }
            + graded.map { "(ours.\($0) IS NOT theirs.\($0) AND \(sameGrader))" }
        let names = columns + graded
        let flags = zip(differs, names).map { "\($0) AS \($1)" }
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(row) AS row_name, \(flags.joined(separator: ", "))
                FROM source.\(table) AS theirs JOIN main.\(table) AS ours ON \(join)
                WHERE \(differs.joined(separator: " OR "))
                ORDER BY row_name
                """)
        while let found = try cursor.next() {
            conflicts.append(
                MergeConflict(
                    table: table, row: found["row_name"],
                    columns: names.filter { found[$0] as Bool }))
        }
    }

    /// Answers whose decisions differ in number or content.
    private mutating func compareDecisions() throws {
        let columns = [
            "token_id", "route", "score", "slm_token", "slm_logprob", "llm_token", "llm_logprob",
        ]
        let differs = columns.map { "o.\($0) IS NOT t.\($0)" }.joined(separator: " OR ")
        let names = try String.fetchAll(
            db,
            sql: """
                SELECT \(Self.sampleName) AS row_name
                FROM source.sample AS theirs JOIN main.sample AS ours
                    ON ours.cell = \(here("cell")) AND ours.question = theirs.question
                WHERE ours.error IS NULL AND theirs.error IS NULL AND (
                    (SELECT count(*) FROM main.decision WHERE sample = ours.id)
                        <> (SELECT count(*) FROM source.decision WHERE sample = theirs.id)
                    OR EXISTS (
                        SELECT 1 FROM source.decision AS t
                        LEFT JOIN main.decision AS o
                            ON o.sample = ours.id AND o.position = t.position
                        WHERE t.sample = theirs.id AND (o.position IS NULL OR \(differs))))
                ORDER BY row_name
                """)
        conflicts += names.map { MergeConflict(table: "decision", row: $0, columns: ["tokens"]) }
    }

    private func mergeRuns() throws {
        try db.execute(
            sql: """
                INSERT INTO piece (vocabulary, token_id, text, bytes)
                    SELECT \(here("vocabulary")), token_id, text, bytes
                    FROM source.piece AS theirs WHERE true ON CONFLICT DO NOTHING;
                INSERT INTO question (dataset, name, text)
                    SELECT \(here("dataset")), name, text
                    FROM source.question AS theirs WHERE true ON CONFLICT DO NOTHING;
                INSERT INTO training (router, round, attempt, tokens, case_1, case_2, case_3,
                        rollouts, churn, training_loss, validation_loss, accuracy, flops, bytes,
                        seconds)
                    SELECT \(here("router")), round, \(here("attempt")), tokens, case_1, case_2,
                        case_3, rollouts, churn, training_loss, validation_loss, accuracy, flops,
                        bytes, seconds
                    FROM source.training AS theirs WHERE true ON CONFLICT DO NOTHING;
                INSERT INTO router_label (router, question, position, shortcut, label, weight,
                        score, held_out, slm_correct, llm_correct)
                    SELECT \(here("router")), question, position, shortcut, label, weight, score,
                        held_out, slm_correct, llm_correct
                    FROM source.router_label AS theirs WHERE true ON CONFLICT DO NOTHING;
                -- Sums only grow while an attempt runs, so the larger one is the later one.
                INSERT INTO timing (attempt, cell, phase, batch, seconds, passes, tokens)
                    SELECT \(here("attempt")), \(here("cell")), phase, batch, seconds, passes,
                        tokens
                    FROM source.timing AS theirs WHERE true ORDER BY id
                    ON CONFLICT (attempt, ifnull(cell, 0), phase, batch) DO UPDATE SET
                        seconds = max(seconds, excluded.seconds),
                        passes = max(passes, excluded.passes),
                        tokens = max(tokens, excluded.tokens);
                """)
    }

    private func mergeSamples() throws -> MergeResult {
        let known = try count(
            """
            source.sample AS theirs JOIN main.sample AS ours
                ON ours.cell = \(here("cell")) AND ours.question = theirs.question
            WHERE ours.error IS NULL AND theirs.error IS NULL
            """)
        let columns = [
            "attempt", "finish", "correct", "score", "grader_version", "prompt_tokens",
            "tokens", "llm_calls", "llm_passes", "slm_processed", "llm_processed", "flops",
            "bytes", "seconds", "rule", "extracted", "gold", "error", "output", "tries",
        ]
        let values = columns.map { $0 == "attempt" ? here("attempt") : $0 }
        let updates = columns.dropLast().map { "\($0) = excluded.\($0)" }
        let stored = try Row.fetchAll(
            db,
            sql: """
                INSERT INTO sample (cell, question, \(columns.joined(separator: ", ")))
                    SELECT \(here("cell")), question, \(values.joined(separator: ", "))
                    FROM source.sample AS theirs WHERE true ORDER BY id
                    ON CONFLICT (cell, question) DO UPDATE SET
                        \(updates.joined(separator: ", ")), tries = max(tries, excluded.tries)
                        WHERE error IS NOT NULL
                            AND (excluded.error IS NULL OR excluded.tries > tries)
                    RETURNING error IS NULL AS answered
                """)
        try mergeDecisions()
        let answers = stored.count { $0["answered"] as Bool }
        return MergeResult(
            samples: answers, failures: stored.count - answers, known: known)
    }

    private func mergeDecisions() throws {
        try db.execute(
            sql: """
                CREATE TEMP TABLE bare_sample AS
                    SELECT theirs.id AS theirs, ours.id AS ours
                    FROM source.sample AS theirs
                    JOIN main.sample AS ours
                        ON ours.cell = \(here("cell")) AND ours.question = theirs.question
                    WHERE NOT EXISTS (SELECT 1 FROM main.decision WHERE sample = ours.id);
                INSERT INTO main.decision
                    SELECT ours, position, token_id, route, score, slm_token, slm_logprob,
                        llm_token, llm_logprob
                    FROM temp.bare_sample
                    JOIN source.decision AS decision ON decision.sample = theirs
                    ORDER BY ours, position;
                DROP TABLE temp.bare_sample;
                """)
    }

    private func count(_ tail: String) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT count(*) FROM \(tail)") ?? 0
    }
}

/// The tables whose ids differ between files, and what names their rows in both.
private enum MergeMap: String, CaseIterable {
    case experimentMap = "experiment_map"
    case vocabularyMap = "vocabulary_map"
    case modelMap = "model_map"
    case routerMap = "router_map"
    case datasetMap = "dataset_map"
    case cellMap = "cell_map"
    case attemptMap = "attempt_map"

    var table: String { String(rawValue.dropLast("_map".count)) }

    var key: String {
        switch self {
        case .experimentMap: "name"
        case .vocabularyMap, .modelMap, .routerMap: "sha256"
        case .datasetMap: "name, split, sha256"
        case .cellMap: "key"
        case .attemptMap: "uid"
        }
    }
}
