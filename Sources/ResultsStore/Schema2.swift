/// The second version: labels of a router's last round.
enum Schema2 {
    /// Which labels are kept: all that were held out from training, and all that rollouts decided.
    static let tables = """
        CREATE TABLE router_label (
            router INTEGER NOT NULL REFERENCES router (id),
            question TEXT NOT NULL,
            position INTEGER NOT NULL,
            shortcut INTEGER CHECK (shortcut IN (1, 2, 3)),
            label REAL NOT NULL,
            weight REAL NOT NULL,
            score REAL NOT NULL,
            held_out INTEGER NOT NULL CHECK (held_out IN (0, 1)),
            slm_correct INTEGER CHECK (slm_correct IN (0, 1)),
            llm_correct INTEGER CHECK (llm_correct IN (0, 1)),
            PRIMARY KEY (router, question, position)
        ) STRICT, WITHOUT ROWID;
        """
}
