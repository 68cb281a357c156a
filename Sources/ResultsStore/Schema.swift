import GRDB

/// The schema's history and the marks by which a file is recognised.
///
/// Migrations are append-only: once released, a step is never edited; a test holds a frozen copy of
/// each. `user_version` counts the steps, so that any SQLite tool can tell a file's version.
enum Schema {
    /// `application_id` of our files, the ASCII letters "citr".
    static let applicationID = 0x6369_7472

    /// The newest schema this program reads and writes.
    static let version = 6

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: Schema1.tables)
            try db.execute(sql: Schema1.views)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = 1")
        }
        migrator.registerMigration("2") { db in
            try db.execute(sql: Schema2.tables)
            try db.execute(sql: "PRAGMA user_version = 2")
        }
        migrator.registerMigration("3") { db in
            try db.execute(sql: Schema3.columns)
            try db.execute(sql: Schema3.views)
            try db.execute(sql: "PRAGMA user_version = 3")
        }
        migrator.registerMigration("4") { db in
            try db.execute(sql: Schema4.columns)
            try db.execute(sql: Schema4.curve)
            try db.execute(sql: Schema4.verification)
            try db.execute(sql: "PRAGMA user_version = 4")
        }
        migrator.registerMigration("5") { db in
            try db.execute(sql: Schema5.columns)
            try db.execute(sql: Schema5.curve)
            try db.execute(sql: "PRAGMA user_version = 5")
        }
        migrator.registerMigration("6") { db in
            try db.execute(sql: Schema6.tables)
            try db.execute(sql: "PRAGMA user_version = 6")
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
        return .version(found)
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
