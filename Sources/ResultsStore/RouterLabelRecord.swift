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

    /// A labelled token.
    package init(
        question: String, position: Int, shortcut: Int?, label: Double, weight: Double,
        score: Double, isHeldOut: Bool, slmRight: Bool? = nil, llmRight: Bool? = nil
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

extension ResultsStore {
    /// Stores the labels of a router in place of those it had.
    package func record(
        _ labels: [RouterLabelRecord], of router: RowID<RouterRecord>
    ) throws(StoreError) {
        try transaction { db in
            try db.execute(
                sql: "DELETE FROM router_label WHERE router = ?", arguments: [router.value])
            let insert = try db.makeStatement(
                sql: """
                    INSERT INTO router_label (router, question, position, shortcut, label, weight,
                        score, held_out, slm_correct, llm_correct)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for label in labels {
                try insert.execute(arguments: [
                    router.value, label.question, label.position, label.shortcut, label.label,
                    label.weight, label.score, label.isHeldOut, label.slmRight, label.llmRight,
                ])
            }
        }
    }
}

extension ResultsReader {
    /// The labels of all routers that were trained here, by name.
    package func routerLabels() throws(StoreError) -> [RouterLabels] {
        let found = try rows(
            """
            SELECT router_label.*, router.name AS name, router.kind AS kind
            FROM router_label JOIN router ON router.id = router_label.router
            ORDER BY router.name, router.id, question, position
            """
        ) { row in
            (
                RouterLabels(
                    id: RowID(row["router"]), router: row["name"], kind: row["kind"], labels: []),
                RouterLabelRecord(
                    question: row["question"], position: row["position"],
                    shortcut: row["shortcut"], label: row["label"], weight: row["weight"],
                    score: row["score"], isHeldOut: row["held_out"], slmRight: row["slm_correct"],
                    llmRight: row["llm_correct"])
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
