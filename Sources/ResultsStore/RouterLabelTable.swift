import GRDB

/// One labelled token of a router's last round (docs/method.md, 1.3 and 1.5).
package struct RouterLabelRecord: Equatable, Sendable {
    /// The training question.
    package var question: String
    /// Of the token in the reference.
    package var position: Int
    /// Its case: 1, S's token is the reference's; 2, only L's is; 3, neither. Nil for routers of whole questions.
    package var shortcut: Int?
    /// What the router was to learn: 1 where S is preferred.
    package var label: Double
    /// How many tokens it stands for.
    package var weight: Double
    /// The router's score.
    package var score: Double
    /// Whether its question was held out from training.
    package var isHeldOut: Bool
    /// Whether the answer that goes on from S's token is right, where that was rolled out.
    package var slmRight: Bool?
    /// The same of L's token.
    package var llmRight: Bool?
    /// Of a judge's label: S's token there, and the text's own. Nil for other routers; so are the next two.
    package var slmToken: Int?
    package var llmToken: Int?
    /// Whether the answer that goes on from S's token comes out as L's own.
    package var isSame: Bool?
    /// Tokens that L wrote behind S's.
    package var rolloutTokens: Int?

    /// A labelled token.
    package init(
        question: String, position: Int, shortcut: Int?, label: Double, weight: Double,
        score: Double, isHeldOut: Bool, slmRight: Bool? = nil, llmRight: Bool? = nil,
        slmToken: Int? = nil, llmToken: Int? = nil, isSame: Bool? = nil,
        rolloutTokens: Int? = nil
    ) {
        self.question = question
        self.position = position
        self.shortcut = shortcut
        self.label = label
        self.weight = weight
        self.score = score
        self.isHeldOut = isHeldOut
        self.slmRight = slmRight
        self.llmRight = llmRight
        self.slmToken = slmToken
        self.llmToken = llmToken
        self.isSame = isSame
        self.rolloutTokens = rolloutTokens
    }
}

/// The labels of one router.
package struct RouterLabels: Equatable, Sendable {
    /// The router: one that was trained anew is another of the same name.
    package let id: RowID<RouterRecord>
    /// The router's name.
    package let router: String
    /// Its kind: the score is P(S is preferred) for `citer`, and grows with the wish for L for others.
    package let kind: String
    /// In the order of questions and positions.
    package let labels: [RouterLabelRecord]
}

/// A row of `router_label`.
struct StoredLabel: Sendable {
    var router: RowID<RouterRecord>
    var label: RouterLabelRecord

    static let table = StoredTable(
        "router_label",
        row: """
            'router ' || (SELECT name FROM source.router WHERE id = theirs.router)
                || ' question ' || theirs.question || ' position ' || theirs.position
            """,
        blank: StoredLabel(
            router: RowID(0),
            label: RouterLabelRecord(
                question: "", position: 0, shortcut: nil, label: 0, weight: 0, score: 0,
                isHeldOut: false)),
        [
            Column("router", \.router, .name, in: "router"),
            Column("question", \.label.question, .name),
            Column("position", \.label.position, .name),
            Column("shortcut", \.label.shortcut, .content),
            Column("label", \.label.label, .content),
            Column("weight", \.label.weight, .content),
            Column("score", \.label.score, .content),
            Column("held_out", \.label.isHeldOut, .content),
            Column("slm_correct", \.label.slmRight, .content),
            Column("llm_correct", \.label.llmRight, .content),
            Column("slm_token", \.label.slmToken, .content),
            Column("llm_token", \.label.llmToken, .content),
            Column("same_answer", \.label.isSame, .content),
            Column("rollout_tokens", \.label.rolloutTokens, .content, most: Most.things),
        ])
}

extension ResultsStore {
    /// Stores the labels of a router in place of those it had.
    package func record(
        _ labels: [RouterLabelRecord], of router: RowID<RouterRecord>
    ) throws(StoreError) {
        let table = StoredLabel.table
        try transaction { db in
            try db.execute(
                sql: "DELETE FROM router_label WHERE router = ?", arguments: [router.value])
            let insert = try db.cachedStatement(sql: table.insertion)
            for label in labels {
                try insert.execute(
                    arguments: table.arguments(StoredLabel(router: router, label: label)))
            }
        }
    }
}

extension ResultsReader {
    /// The labels of all routers that were trained here, by name.
    package func routerLabels() throws(StoreError) -> [RouterLabels] {
        let table = StoredLabel.table
        let found = try rows(
            """
            SELECT \(table.selection), router.name AS name, router.kind AS kind
            FROM router_label JOIN router ON router.id = router_label.router
            ORDER BY router.name, router.id, router_label.question, router_label.position
            """
        ) { row in
            let stored = try table.record(row)
            return try (
                RouterLabels(
                    id: stored.router, router: row.value("name"), kind: row.value("kind"),
                    labels: []),
                stored.label
            )
        }
        var routers: [(RouterLabels, [RouterLabelRecord])] = []
        for (router, label) in found {
            if routers.last?.0 == router {
                routers[routers.count - 1].1.append(label)
            } else {
                routers.append((router, [label]))
            }
        }
        return routers.map {
            RouterLabels(id: $0.id, router: $0.router, kind: $0.kind, labels: $1)
        }
    }
}
