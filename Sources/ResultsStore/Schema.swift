import GRDB
import Synchronization

/// The schema's history and the marks by which a file is recognised.
///
/// Migrations are append-only: once released, a step is never edited; a test holds a frozen copy of
/// each. `user_version` counts the steps, so that any SQLite tool can tell a file's version.
enum Schema {
    /// `application_id` of our files, the ASCII letters "citr".
    static let applicationID = 0x6369_7472

    /// The newest schema this program reads and writes.
    static let version = 6

    /// The SQL that leads to each version from the one before, in order.
    private static let steps = [
        [Schema1.tables, Schema1.views, "PRAGMA application_id = \(applicationID)"],
        [Schema2.tables],
        [Schema3.columns, Schema3.views],
        [Schema4.columns, Schema4.curve, Schema4.verification],
        [Schema5.columns, Schema5.curve],
        [Schema6.tables],
    ]

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            migrator.registerMigration("\(index + 1)") { db in
                for sql in step { try db.execute(sql: sql) }
                try db.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
        }
        return migrator
    }

    /// What a file says about itself.
    enum State: Equatable {
        case empty
        case foreign
        case version(Int)
        /// Marks that no program of ours leaves, in words.
        case odd(String)
    }

    /// Reads the marks of an open database without changing it.
    static func state(of db: Database) throws -> State {
        // The migrator writes its own table first; a process killed just then leaves it alone.
        let objects =
            try Int.fetchOne(
                db,
                sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") ?? 0
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == applicationID else {
            return objects == 0 && application == 0 && found == 0 ? .empty : .foreign
        }
        guard found <= version else { return .version(found) }
        guard found > 0 else {
            return .odd("its schema version is \(found), expected 1 to \(version)")
        }
        // A version that the steps taken contradict would be upgraded twice, or never.
        let steps = try applied(db)
        guard steps == (1...found).map(String.init) else {
            let list = steps.isEmpty ? "none" : steps.joined(separator: ", ")
            return .odd(
                "its schema version is \(found), and the steps taken towards it are: \(list)")
        }
        if let object = try foreignObject(in: db, version: found) {
            return .odd(
                "its \(object) is not the one that a database of schema version \(found) has")
        }
        return .version(found)
    }

    /// The first object that differs from what the steps to `version` make, or a trigger, of which they make none: reading would run what a stranger wrote, and
    /// find values where none of ours are. Tables, views, indices and columns that a user has added are left alone.
    private static func foreignObject(in db: Database, version: Int) throws -> String? {
        let found = try objects(of: db)
        let changed = try definitions(of: version).filter { !isKept($0.value, in: found[$0.key]) }
        return (changed.keys + found.keys.filter { $0.hasPrefix("trigger ") }).min()
    }

    /// Whether a definition is ours, or a table's of ours with more columns, which SQLite writes before what is said of the whole table.
    private static func isKept(_ ours: String, in found: String?) -> Bool {
        guard let found else { return false }
        guard found != ours, ours.hasPrefix("CREATE TABLE"), let end = ours.lastIndex(of: ")")
        else { return found == ours }
        let rules = ours.firstRange(of: /,\s+(UNIQUE|CHECK|PRIMARY KEY) \(/)
        let place = rules?.lowerBound ?? end
        return found.hasPrefix(ours[..<place] + ",") && found.hasSuffix(ours[place...])
    }

    /// The tables, views and indices of versions that were asked for, by kind and name.
    private static let known = Mutex<[Int: [String: String]]>([:])

    /// What the steps to a version make.
    private static func definitions(of version: Int) throws -> [String: String] {
        if let found = known.withLock({ $0[version] }) { return found }
        // Each program that opens a file does this once: without the migrator, which takes several times as long.
        let made = try DatabaseQueue().write { db in
            for sql in steps.prefix(version).joined() { try db.execute(sql: sql) }
            return try objects(of: db)
        }
        known.withLock { $0[version] = made }
        return made
    }

    /// The definitions of all that a database holds, SQLite's own things aside.
    private static func objects(of db: Database) throws -> [String: String] {
        var objects: [String: String] = [:]
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT type || ' ' || name AS name, sql FROM sqlite_schema
                WHERE sql IS NOT NULL AND NOT (type = 'table' AND name = 'grdb_migrations')
                """)
        while let row = try rows.next() {
            objects[try row.value("name")] = try row.value("sql")
        }
        return objects
    }

    /// The names of the migrations that the file has gone through, in order.
    private static func applied(_ db: Database) throws -> [String] {
        guard try db.tableExists("grdb_migrations") else { return [] }
        return try String.fetchAll(
            db,
            sql: "SELECT identifier FROM grdb_migrations ORDER BY length(identifier), identifier")
    }

    /// Refuses what is not a results database that this program can work with; whether it is empty.
    static func check(_ db: Database, path: String) throws -> Bool {
        switch try state(of: db) {
        case .empty: return true
        case .foreign: throw StoreError.notResults(path: path)
        case .odd(let found): throw StoreError.oddSchema(path: path, found: found)
        case .version(let found) where found > version:
            throw StoreError.newerSchema(path: path, found: found, supported: version)
        case .version: return false
        }
    }
}
