import GRDB

/// What a server first said after some fixed texts, by its model.
struct StoredProbe: Sendable {
    var model: RowID<ModelRecord>
    var answers: String

    static let table = StoredTable(
        "server_probe",
        row: "'probe of ' || (SELECT name FROM source.model WHERE id = theirs.model)",
        blank: StoredProbe(model: RowID(0), answers: ""),
        [
            Column("model", \.model, .name, in: "model"),
            // In other batches a server's numbers are others.
            Column("answers", \.answers, .measurement),
        ])
}

/// What the reads of a model behind a server cost in one attempt.
package struct TrafficRow: Equatable, Sendable {
    package var attempt: RowID<AttemptRecord>
    package var model: RowID<ModelRecord>
    package var requests: Int
    /// Requests among these that were sent again.
    package var retries: Int
    /// Reads that came to nothing.
    package var failures: Int
    /// On the wire, headers included.
    package var sentBytes: Int
    package var receivedBytes: Int
    /// Tokens of prompts that the server read, and that it had cached; nil where it does not tell.
    package var readTokens: Int?
    package var cachedTokens: Int?
    /// Wall-clock of the reads, waiting included; reads side by side count each.
    package var seconds: Double
    /// What the server says it worked; nil where it does not tell.
    package var serverSeconds: Double?

    package init(
        attempt: RowID<AttemptRecord>, model: RowID<ModelRecord>, requests: Int, retries: Int,
        failures: Int, sentBytes: Int, receivedBytes: Int, readTokens: Int?, cachedTokens: Int?,
        seconds: Double, serverSeconds: Double?
    ) {
        self.attempt = attempt
        self.model = model
        self.requests = requests
        self.retries = retries
        self.failures = failures
        self.sentBytes = sentBytes
        self.receivedBytes = receivedBytes
        self.readTokens = readTokens
        self.cachedTokens = cachedTokens
        self.seconds = seconds
        self.serverSeconds = serverSeconds
    }

    static let table = StoredTable(
        "traffic",
        row: """
            'attempt ' || (SELECT uid FROM source.attempt WHERE id = theirs.attempt)
                || ' model ' || (SELECT name FROM source.model WHERE id = theirs.model)
            """,
        blank: TrafficRow(
            attempt: RowID(0), model: RowID(0), requests: 0, retries: 0, failures: 0, sentBytes: 0,
            receivedBytes: 0, readTokens: nil, cachedTokens: nil, seconds: 0, serverSeconds: nil),
        [
            Column("attempt", \.attempt, .name, in: "attempt"),
            Column("model", \.model, .name, in: "model"),
            Column("requests", \.requests, .sum, most: Most.things),
            Column("retries", \.retries, .sum, most: Most.things),
            Column("failures", \.failures, .sum, most: Most.things),
            Column("sent_bytes", \.sentBytes, .sum, most: Most.things),
            Column("received_bytes", \.receivedBytes, .sum, most: Most.things),
            Column("read_tokens", \.readTokens, .sum, most: Most.things),
            Column("cached_tokens", \.cachedTokens, .sum, most: Most.things),
            Column("seconds", \.seconds, .sum),
            Column("server_seconds", \.serverSeconds, .sum),
        ])
}

extension ResultsStore {
    /// What the model's server first said to the probe; `answers` is stored where nothing is.
    package func probe(
        _ answers: String, of model: RowID<ModelRecord>
    ) throws(StoreError) -> String {
        try transaction { db in
            let table = StoredProbe.table
            let insert = try db.cachedStatement(
                sql: "\(table.insertion) ON CONFLICT (model) DO NOTHING")
            try insert.execute(
                arguments: table.arguments(StoredProbe(model: model, answers: answers)))
            let row = try Row.fetchOne(
                db, sql: "SELECT \(table.selection) FROM server_probe WHERE model = ?",
                arguments: [model.value])
            return try row.map { try table.record($0).answers } ?? answers
        }
    }

    /// Stores what an attempt's reads have cost so far.
    package func record(_ traffic: TrafficRow) throws(StoreError) {
        guard traffic.seconds.isFinite, traffic.serverSeconds?.isFinite ?? true else {
            throw .invalid(what: "reads of a server took \(traffic.seconds) seconds")
        }
        let table = TrafficRow.table
        try transaction { db in
            let add = try db.cachedStatement(
                sql: """
                    \(table.insertion) ON CONFLICT (attempt, model)
                    DO UPDATE SET \(table.updates { $0.agreement == .sum })
                    """)
            try add.execute(arguments: table.arguments(traffic))
        }
    }
}

extension ResultsReader {
    /// What reads of models behind servers cost, by attempt.
    package func traffic() throws(StoreError) -> [TrafficRow] {
        let table = TrafficRow.table
        return try rows(
            "SELECT \(table.selection) FROM traffic ORDER BY traffic.attempt, traffic.model", [],
            table.reading)
    }
}
