import GRDB

/// The schema's history and the marks by which a file is recognised.
///
/// Migrations are append-only: once released, a step is never edited; a test holds a frozen copy of
/// each. `user_version` counts the steps, so that any SQLite tool can tell a file's version.
enum Schema {
    /// `application_id` of our files, the ASCII letters "citr".
    static let applicationID = 0x6369_7472

    /// The newest schema this program reads and writes.
    static let version = 2

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
        return migrator
    }

    /// What a file says about itself.
    enum State: Equatable {
        case empty
        case foreign
        case version(Int)
    }

    /// Reads the marks of an open database without changing it.
    static func state(of db: Database) throws -> State {
        // The migrator writes its own table first; a process killed just then leaves it alone.
        let objects =
            try Int.fetchOne(
                db,
                sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations'") ?? 0
        let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if application == applicationID { return .version(version) }
        return objects == 0 && application == 0 && version == 0 ? .empty : .foreign
    }
}
