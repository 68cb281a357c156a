import Foundation
import GRDB
package import Platform

/// A database as it is kept beside the code: a copy without its log and free pages, compressed by Zstandard (RFC 8878, the program `zstd`).
package struct PackedDatabase {
    /// The packed file.
    package let path: String
    /// The live database that it is a copy of.
    package let database: String

    private static let suffix = ".zst"
    /// What it is called in its experiment's folder.
    private static let name = "answers.sqlite\(suffix)"

    /// Of the database at `database`: `results/gsm8k.sqlite` is kept in `results/gsm8k/answers.sqlite.zst`, labels, which belong to no experiment, beside
    /// themselves.
    package init(of database: String) {
        let file = URL(fileURLWithPath: database)
        let stem = file.deletingPathExtension().lastPathComponent
        self.database = database
        path =
            ExperimentName.isRight(stem) && ExperimentName.conflict(stem) == nil
            ? file.deletingPathExtension().appendingPathComponent(Self.name).path
            : database + Self.suffix
    }

    /// Of the packed file at `path`, the other way round; nil if its name is not one of a packed file.
    package init?(at path: String) {
        guard path.hasSuffix(Self.suffix) else { return nil }
        let file = URL(fileURLWithPath: path)
        self.path = path
        database =
            file.lastPathComponent == Self.name
            ? file.deletingLastPathComponent().path + ".sqlite"
            : String(path.dropLast(Self.suffix.count))
    }

    private init(path: String, database: String) {
        self.path = path
        self.database = database
    }

    /// The same database, kept elsewhere, or live elsewhere.
    package func with(path: String? = nil, database: String? = nil) -> PackedDatabase {
        PackedDatabase(path: path ?? self.path, database: database ?? self.database)
    }

    /// Writes the packed file anew, without the paths that the runs' environments name. The database may be in use.
    ///
    /// Throws `.keptFromPacking` where that would overwrite what is no packed file, `.sameFile` where that is the database itself.
    package func pack(by runner: some CommandRunner = SystemCommandRunner()) throws(StoreError) {
        guard path.hasSuffix(Self.suffix) else {
            throw .keptFromPacking(path: path, found: "a name without \(Self.suffix)")
        }
        guard try !DatabasePath.areSame(database, path) else {
            throw .sameFile(path: database, other: path)
        }
        let source = try DatabasePath.real(database, for: .reading)
        guard try presence(of: source) != nil else {
            throw .missing(path: database)
        }
        let target = try DatabasePath.real(path, for: .writing)
        try checkIsPacked(target)
        let copy = "\(target).\(UUID().uuidString).sqlite"
        let partial = "\(target).\(UUID().uuidString).part"
        defer { for file in [copy, partial] { machine.unlink(file) } }
        try ResultsReader.recoverIfCut(source)
        let queue = try openQueue(path: source, readonly: true)
        do {
            try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
            try Self.leaveOutPlaces(in: copy)
            try Self.leaveOutStates(in: copy)
        } catch {
            throw StoreError(error, path: database)
        }
        try run(["zstd", "-q", "-19", "--long=27", "-T1", "-f", "-o", partial, copy], runner)
        // The one that is there may be the only copy: it stays until the new one is on the disk.
        try check(machine.sync(partial))
        try check(machine.rename(partial, target) == 0 ? nil : errno)
        try check(machine.syncFolders(of: target))
    }

    /// Only a packed file is replaced by a newer one, and a file in which nothing is.
    private func checkIsPacked(_ target: String) throws(StoreError) {
        guard let status = try presence(of: target), status.st_size > 0 else { return }
        guard let isPacked = Self.isCompressed(target) else {
            throw .inputOutput(path: path, message: errorText(errno))
        }
        guard isPacked else {
            throw .keptFromPacking(path: path, found: "a file that zstd has not written")
        }
    }

    /// What others read need not say where on this machine models and data lie.
    private static func leaveOutPlaces(in copy: String) throws {
        try openQueue(path: copy, readonly: false).inDatabase { db in
            guard try db.tableExists("attempt") else { return }
            try db.execute(
                sql: """
                    UPDATE attempt SET environment = \(MachinePlaces.leftOut(of: "attempt.environment"))
                    WHERE environment LIKE '%"/%'
                    """)
            try db.execute(sql: "VACUUM")
        }
    }

    /// Models' states at the places of labels are most of a file of labels, and made again in minutes.
    private static func leaveOutStates(in copy: String) throws {
        try openQueue(path: copy, readonly: false).inDatabase { db in
            guard try db.tableExists("series") else { return }
            let states = """
                canonical LIKE 'judge view %'
                AND (canonical LIKE '% hidden%' OR canonical LIKE '% layers %')
                """
            try db.execute(
                sql: """
                    DELETE FROM item WHERE series IN (SELECT id FROM series WHERE \(states));
                    DELETE FROM series WHERE \(states)
                    """)
            try db.execute(sql: "VACUUM")
        }
    }

    /// Makes the live database, which must not exist.
    package func unpack(by runner: some CommandRunner = SystemCommandRunner()) throws(StoreError) {
        let packed = try DatabasePath.real(path, for: .reading)
        guard try presence(of: packed) != nil else { throw .missingPacked(path: path) }
        // What can't be read is told by zstd.
        guard Self.isCompressed(packed) ?? true else { throw .notPacked(path: path) }
        let target = try DatabasePath.real(database, for: .writing)
        let partial = "\(target).\(UUID().uuidString).part"
        defer { machine.unlink(partial) }
        try run(["zstd", "-q", "-d", "--long=27", "-f", "-o", partial, path], runner)
        try upgrade(partial)
        // Half a database would be taken for the database, and an empty one for a new one.
        try check(machine.sync(partial))
        // Whoever made one meanwhile has the lock, or has been there.
        let lock = try WriterLock(database: target, isBrief: true)
        defer { withExtendedLifetime(lock) {} }
        guard try presence(of: target) == nil else {
            throw .exists(path: database)
        }
        try putWhole(partial, at: target)
    }

    /// Whether a file begins as Zstandard's do, with a frame or one to be skipped (RFC 8878, 3.1); nil for one that can't be read.
    private static func isCompressed(_ path: String) -> Bool? {
        guard let start = machine.contents(of: path)?.prefix(4) else { return nil }
        return start.elementsEqual([0x28, 0xB5, 0x2F, 0xFD])
            || start.count == 4 && start.first.map { $0 & 0xF0 } == 0x50
                && start.dropFirst().elementsEqual([0x2A, 0x4D, 0x18])
    }

    /// What was packed by an older program is read by this one.
    private func upgrade(_ partial: String) throws(StoreError) {
        let queue = try openQueue(path: partial, readonly: false, naming: path)
        do {
            guard case .version(..<Schema.version) = try queue.read(Schema.state) else { return }
            try Schema.migrator.migrate(queue)
            try queue.close()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Makes the live database where there is none but a packed one; whether it did.
    package func restore(
        by runner: some CommandRunner = SystemCommandRunner()
    ) throws(StoreError) -> Bool {
        guard try presence(of: database) == nil, try presence(of: path) != nil else { return false }
        do {
            try unpack(by: runner)
            return true
        } catch {
            // Another that was started with this one was quicker: what was wanted is there.
            guard try presence(of: database) != nil else { throw error }
            return false
        }
    }

    private func check(_ code: Int32?) throws(StoreError) {
        if let code { throw .inputOutput(path: path, message: errorText(code)) }
    }

    private func run(_ arguments: [String], _ runner: some CommandRunner) throws(StoreError) {
        let message: String
        switch runner.run(Command(arguments)) {
        case .exited(status: 0, output: _, complaint: _): return
        case .exited(_, _, let complaint) where complaint.contains("No space left"):
            throw .full(path: path)
        case .exited(_, _, let complaint): message = complaint
        case .signalled(let signal): message = "zstd was ended by signal \(signal)"
        case .notFound: message = "zstd is not installed; on Debian: apt-get install zstd"
        case .notStarted(let reason): message = reason
        }
        throw .inputOutput(path: path, message: message)
    }
}
