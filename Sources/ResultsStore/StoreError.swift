import GRDB
import Platform

/// Why the results database could not do what was asked.
package enum StoreError: ReportableError, Equatable {
    /// No file at `path`.
    case missing(path: String)
    /// The file is not an SQLite database.
    case notADatabase(path: String)
    /// An SQLite database, but not one of ours.
    case notResults(path: String)
    /// A database in which no run has stored anything yet.
    case nothingYet(path: String)
    /// Not a file at all; `found` says what.
    case notAFile(path: String, found: String)
    /// One of ours, but its marks of the schema's version contradict each other or mean nothing.
    case oddSchema(path: String, found: String)
    /// Written by a newer program.
    case newerSchema(path: String, found: Int, supported: Int)
    /// Written by an older program, and opened in a way that cannot upgrade it.
    case olderSchema(path: String, found: Int, needed: Int)
    /// Another process holds the file for writing; nil when it has not said who it is.
    case locked(path: String, holder: LockHolder?)
    /// Another program reads or writes the file just now, by SQLite's own locks.
    case busy(path: String)
    /// What is no packed database would be overwritten by one; `found` says what it is.
    case keptFromPacking(path: String, found: String)
    /// No packed database at `path`.
    case missingPacked(path: String)
    /// Something else than a packed database.
    case notPacked(path: String)
    /// A database is there already where one is to be made.
    case exists(path: String)
    /// A database of something else than labels, where labels are kept.
    case notLabels(path: String)
    /// Two names of one file, where two files are needed.
    case sameFile(path: String, other: String)
    /// A file to be written has other hard links, and they can't be found.
    case severalNames(path: String, count: Int)
    /// The file was deleted or replaced while it was written; `saved` is where all of it now is.
    case replaced(path: String, saved: String?)
    /// The file to be merged is of experiments that are not those of the database.
    case otherExperiment(source: String, found: [String], expected: [String])
    /// The disk, the quota or the file's allowed size is used up.
    case full(path: String)
    /// The operating system refused to read or write.
    case inputOutput(path: String, message: String)
    /// The file's content is damaged.
    case corrupt(path: String, message: String)
    /// Latencies were asked of a database whose cells did not run by themselves.
    case sharedWork(path: String)
    /// A row that would contradict the store's rules; `what` names it.
    case invalid(what: String)
    /// A finished answer is never replaced by another run of the same question.
    case alreadyFinished(cell: String, question: String)
    /// The two databases disagree on the same rows; `count` may exceed the rows named.
    case conflicts(source: String, count: Int, rows: [MergeConflict])
    /// No cell or question answers to `name`; `candidates` may be what was meant.
    case notFound(what: String, name: String, candidates: [String])
    /// Two cells that are to be compared have not finished any question both; the numbers are of their finished answers.
    case noCommonQuestion(left: String, answers: Int, right: String, others: Int)
    /// Any other complaint of SQLite.
    case sqlite(path: String, message: String)

    /// Sorts what GRDB throws into the cases a caller can act on.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError:
            let message = error.message ?? "\(error.resultCode)"
            switch error.resultCode {
            case .SQLITE_FULL: self = .full(path: path)
            // What SQLite says where the log's index finds no room to grow.
            case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
                self = .full(path: path)
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
            case .SQLITE_READONLY where error.extendedResultCode == .SQLITE_READONLY_DBMOVED:
                self = .replaced(path: path, saved: nil)
            case .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                self = .inputOutput(path: path, message: message)
            // SQLite says so, too, where it can't tell how long the new file is; ours are new.
            case .SQLITE_ERROR where message == "output file already exists":
                self = .inputOutput(path: path, message: message)
            // Of sums of counts, which no program of ours lets grow so far.
            case .SQLITE_ERROR where message == "integer overflow":
                self = .corrupt(path: path, message: "counts beyond all numbers")
            case .SQLITE_NOTADB: self = .notADatabase(path: path)
            case .SQLITE_CORRUPT: self = .corrupt(path: path, message: message)
            case .SQLITE_CONSTRAINT: self = .invalid(what: message)
            default: self = .sqlite(path: path, message: message)
            }
        default: self = .sqlite(path: path, message: "\(error)")
        }
    }
}

extension StoreError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .missing, .notADatabase, .notResults, .newerSchema, .olderSchema, .locked,
            .conflicts, .notFound, .sharedWork, .nothingYet, .notAFile, .oddSchema, .busy,
            .sameFile, .severalNames, .otherExperiment, .noCommonQuestion, .missingPacked,
            .notPacked, .exists, .notLabels, .keptFromPacking:
            true
        case .full, .inputOutput, .corrupt, .invalid, .alreadyFinished, .replaced, .sqlite: false
        }
    }

    /// What was found, what was expected, what to do.
    package var description: String {
        switch self {
        case .missing(let path):
            "\(path): no such results database; run the sweep that writes it, or name another "
                + "file with --db"
        case .notADatabase(let path):
            "\(path): not an SQLite database; move it away or name another file with --db"
        case .notResults(let path):
            "\(path): an SQLite database, but not a results database of citer; name another file "
                + "with --db"
        case .nothingYet(let path):
            "\(path): no run has stored anything in it yet; run the sweep that writes it, or name "
                + "another file with --db"
        case .notAFile(let path, let found):
            "\(path): \(found), where a database's file was expected; name a file with --db"
        case .oddSchema(let path, let found):
            "\(path): \(found), and such a schema was never written: the file is damaged, or another program "
                + "has changed it; restore a copy (nothing was changed)"
        case .newerSchema(let path, let found, let supported):
            "\(path): written with schema \(found), and this program knows schemas up to "
                + "\(supported); use a newer citer (nothing was changed)"
        case .olderSchema(let path, let found, let needed):
            "\(path): has schema \(found), and schema \(needed) is needed to read it; "
                + "`citer db check \(path)` upgrades it"
        case .locked(let path, let holder):
            if let holder {
                "\(path): in use for writing by process \(holder.pid) on \(holder.host) since "
                    + "\(holder.since) (\(holder.command)); wait for it, end it, or use --db"
            } else {
                "\(path): in use for writing by another process; wait for it, end it, or use --db"
            }
        case .busy(let path):
            "\(path): another program is reading or writing it and keeps it locked; close that program and "
                + "run the same command again"
        case .keptFromPacking(let path, let found):
            "\(path): \(found), where a packed database's file or a new one was expected; name a file that ends in "
                + ".zst, or move away the one that is there (nothing was changed)"
        case .missingPacked(let path): "\(path): no such packed database"
        case .notPacked(let path):
            "\(path): not a packed database: expected what `citer db pack` or zstd has written"
        case .exists(let path):
            "\(path) exists, and unpacking never replaces a database; move it away, or name another file with --to"
        case .notLabels(let path):
            "\(path): another kind of database than labels, which `citer train` keeps there; move it away "
                + "(nothing was changed)"
        case .sameFile(let path, let other):
            "\(path) and \(other) are one file; two different ones are needed"
        case .severalNames(let path, let count):
            "\(path): this file has \(count) names (hard links), and SQLite keeps unfinished work beside each "
                + "of them apart; make it a file of its own: cp FILE NEW && mv NEW FILE"
        case .replaced(let path, let saved):
            "\(path): deleted or replaced while it was being written; "
                + (saved.map {
                    "all that was stored is saved in \($0): put it back, or merge it with `citer db merge`"
                }
                    ?? "what it held could not be saved elsewhere")
        case .otherExperiment(let source, let found, let expected):
            "\(source): holds the experiment \(found.joined(separator: ", ")), and the database is of "
                + "\(expected.joined(separator: ", ")): a file is of one experiment (nothing was merged)"
        case .full(let path):
            "\(path): no space left to write; what was finished is kept: make room and run the "
                + "same command again"
        case .inputOutput(let path, let message): "\(path): cannot read or write: \(message)"
        case .corrupt(let path, let message):
            "\(path): damaged: \(message); restore a copy, or `sqlite3 FILE .recover`"
        case .sharedWork(let path):
            "\(path): its cells shared their work, so their seconds are no latencies; run them with --no-fuse --batch 1, "
                + "or by a spec whose run says so"
        case .invalid(let what): "refused to store a contradiction: \(what)"
        case .alreadyFinished(let cell, let question):
            "question \(question) of cell \(cell) is already finished; a finished answer is "
                + "never replaced"
        case .conflicts(let source, let count, let rows):
            "\(source): \(count) row\(count == 1 ? "" : "s") differ from those already stored "
                + "(nothing was merged):\n"
                + rows.map { "  \($0)" }.joined(separator: "\n")
                + (count > rows.count ? "\n  and \(count - rows.count) more" : "")
        case .notFound(let what, let name, let candidates):
            "no \(what) named \(name)"
                + (candidates.isEmpty
                    ? "" : "; there are: \(candidates.joined(separator: ", "))")
        case .noCommonQuestion(let left, let answers, let right, let others):
            "no question is finished in both \(left), which has \(answers) answers, and \(right), which has "
                + "\(others): there is nothing to compare; run what is missing, or name cells of the same questions"
        case .sqlite(let path, let message): "\(path): \(message)"
        }
    }
}
