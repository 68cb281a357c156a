/// The sixth version: models behind a server.
enum Schema6 {
    /// A model's `server` says, as JSON, what API it was asked by, what its user says it is, and what the server told of itself; NULL for a model that ran here,
    /// whose `sha256` is its file's. `traffic` sums what an attempt's reads of such a model cost: bytes on the wire with headers, tokens of prompts that
    /// the server read and had cached as it reports them, wall-clock of the reads (waiting included, reads side by side counted each), and what the server says it worked.
    static let tables = """
        ALTER TABLE model ADD COLUMN server TEXT;

        CREATE TABLE server_probe (
            model INTEGER PRIMARY KEY REFERENCES model (id),
            answers TEXT NOT NULL
        ) STRICT;

        CREATE TABLE traffic (
            attempt INTEGER NOT NULL REFERENCES attempt (id),
            model INTEGER NOT NULL REFERENCES model (id),
            requests INTEGER NOT NULL,
            retries INTEGER NOT NULL,
            failures INTEGER NOT NULL,
            sent_bytes INTEGER NOT NULL,
            received_bytes INTEGER NOT NULL,
            read_tokens INTEGER,
            cached_tokens INTEGER,
            seconds REAL NOT NULL,
            server_seconds REAL,
            PRIMARY KEY (attempt, model)
        ) STRICT, WITHOUT ROWID;
        """
}
