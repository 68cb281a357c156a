import Foundation
import GRDBSQLite
import Platform
import ResultsStore

/// Databases with which histories begin, made once: what older programs left, and a beginning of this one's.
struct Images {
    /// By schema, from 1.
    let older: [[UInt8]]
    /// A sweep that has registered everything and answered nothing.
    let registered: [UInt8]
    /// One that has answered some questions.
    let answered: (bytes: [UInt8], content: Content)

    static let all = Result { try Images() }

    private init() throws {
        let machine = SimulatedMachine(seed: 1)
        let path = SimulatedMachine.folder + "/a.sqlite"
        let steps = [
            frozenSchema1, frozenSchema2, frozenSchema3, frozenSchema4, frozenSchema5,
            frozenSchema6,
        ]
        older = try steps.indices.dropLast().map { last in
            let old = "\(SimulatedMachine.folder)/\(last).sqlite"
            var text = steps[0]
            for step in 1..<max(1, last + 1) where step <= last {
                text +=
                    steps[step]
                    + "INSERT INTO grdb_migrations VALUES ('\(step + 1)'); PRAGMA user_version = \(step + 1);"
            }
            var db: OpaquePointer?
            defer { sqlite3_close(db) }
            guard
                sqlite3_open_v2(
                    old, &db, SQLITE_OPEN_CREATE | SQLITE_OPEN_READWRITE, machine.sqliteFiles)
                    == SQLITE_OK, sqlite3_exec(db, text, nil, nil, nil) == SQLITE_OK
            else {
                throw Violation(
                    description: "schema \(last + 1): \(String(cString: sqlite3_errmsg(db)))")
            }
            return machine.bytes(at: old) ?? []
        }
        (registered, answered) = try CurrentMachine.$value.withValue(machine) {
            do {
                let store = try ResultsStore(path: path)
                _ = try TinyAnswers.register(in: store)
                try store.close()
            }
            let registered = machine.bytes(at: path) ?? []
            let more = try ResultsStore(path: path)
            let (experiment, cells) = try TinyAnswers.register(in: more)
            let attempt = try more.beginAttempt(TinyAnswers.attempt(at: experiment))
            let places = [0, 3, 4].map {
                Content.Place(cell: TinyAnswers.cells[0], question: TinyAnswers.questions[$0])
            }
            try more.save(
                places.map { TinyAnswers.finished($0, in: cells[0]) }, by: attempt)
            let content = try Content(more.reader)
            try more.close()
            return (registered, (machine.bytes(at: path) ?? [], content))
        }
    }
}
