import GRDB

/// What one round of a router's training cost and gave (docs/method.md, 1.3 and 3).
package struct TrainingRecord: Equatable, Sendable {
    /// From 1.
    package var round: Int
    /// Labelled tokens.
    package var tokens: Int
    /// The small model was right.
    package var case1: Int
    /// Only the large model was right.
    package var case2: Int
    /// Neither: a rollout decides.
    package var case3: Int
    /// Rollouts made.
    package var rollouts: Int
    /// Share of the rolled-out labels that changed since the round before, 0...1.
    package var churn: Double?
    /// Mean loss on the training part.
    package var trainingLoss: Double?
    /// Mean loss on the held-out part.
    package var validationLoss: Double?
    /// Share of held-out labels predicted right, 0...1.
    package var accuracy: Double?
    /// Floating-point operations of labels, rollouts and optimisation.
    package var flops: Int?
    /// Bytes moved.
    package var bytes: Int?
    /// Wall-clock.
    package var seconds: Double?

    /// A training round.
    package init(
        round: Int, tokens: Int, case1: Int, case2: Int, case3: Int, rollouts: Int = 0,
        churn: Double? = nil, trainingLoss: Double? = nil, validationLoss: Double? = nil,
        accuracy: Double? = nil, flops: Int? = nil, bytes: Int? = nil, seconds: Double? = nil
    ) {
        self.round = round
        self.tokens = tokens
        self.case1 = case1
        self.case2 = case2
        self.case3 = case3
        self.rollouts = rollouts
        self.churn = churn
        self.trainingLoss = trainingLoss
        self.validationLoss = validationLoss
        self.accuracy = accuracy
        self.flops = flops
        self.bytes = bytes
        self.seconds = seconds
    }
}

/// A training round with its router.
package struct TrainingRow: Equatable, Sendable {
    /// The router: one that was trained anew is another of the same name.
    package internal(set) var id: RowID<RouterRecord>
    /// The router's name.
    package internal(set) var router = ""
    /// The method.
    package internal(set) var kind = ""
    /// The attempt that trained it.
    package internal(set) var attempt: RowID<AttemptRecord>?
    /// What the round cost and gave.
    package internal(set) var record: TrainingRecord

    static let table = StoredTable(
        "training",
        row: """
            'router ' || (SELECT name FROM source.router WHERE id = theirs.router)
                || ' round ' || theirs.round
            """,
        blank: TrainingRow(
            id: RowID(0),
            record: TrainingRecord(round: 0, tokens: 0, case1: 0, case2: 0, case3: 0)),
        [
            Column("router", \.id, .name, in: "router"),
            Column("round", \.record.round, .name),
            Column("attempt", \.attempt, .measurement, in: "attempt"),
            Column("tokens", \.record.tokens, .content, most: Most.things),
            Column("case_1", \.record.case1, .content, most: Most.things),
            Column("case_2", \.record.case2, .content, most: Most.things),
            Column("case_3", \.record.case3, .content, most: Most.things),
            Column("rollouts", \.record.rollouts, .content, most: Most.things),
            Column("churn", \.record.churn, .content),
            Column("training_loss", \.record.trainingLoss, .content),
            Column("validation_loss", \.record.validationLoss, .content),
            Column("accuracy", \.record.accuracy, .content),
            Column("flops", \.record.flops, .content, most: Most.work),
            Column("bytes", \.record.bytes, .content, most: Most.work),
            Column("seconds", \.record.seconds, .measurement),
        ])
}

extension ResultsStore {
    /// Stores a training round; the same round again replaces it.
    package func record(
        _ training: TrainingRecord, of router: RowID<RouterRecord>,
        by attempt: RowID<AttemptRecord>? = nil
    ) throws(StoreError) {
        let table = TrainingRow.table
        let updates = table.updates { $0.agreement != .name }
        try transaction { db in
            try db.execute(
                sql: "\(table.insertion) ON CONFLICT (router, round) DO UPDATE SET \(updates)",
                arguments: table.arguments(
                    TrainingRow(id: router, attempt: attempt, record: training)))
        }
    }
}

extension ResultsReader {
    /// All training rounds by router and round.
    package func training() throws(StoreError) -> [TrainingRow] {
        let table = TrainingRow.table
        return try rows(
            """
            SELECT \(table.selection), router.name AS name, router.kind AS kind
            FROM training JOIN router ON router.id = training.router
            ORDER BY router.name, router.sha256, round
            """
        ) { row in
            var training = try table.record(row)
            training.router = try row.value("name")
            training.kind = try row.value("kind")
            return training
        }
    }
}
