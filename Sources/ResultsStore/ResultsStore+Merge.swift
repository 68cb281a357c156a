import Foundation
import GRDB
import Platform

/// What a merge added.
package struct MergeResult: Equatable, Sendable {
    /// Answers that were new here.
    package let samples: Int
    /// Failures that were new here or replaced.
    package let failures: Int
    /// Answers that both files had, equal.
    package let known: Int
    /// Rows that the files call or place otherwise, as another spec or catalogue does: those that were here stay as they are.
    package var differences: [MergeConflict] = []
}

extension ResultsStore {
    /// Joins another database of the same or an older schema into this one, by keys.
    ///
    /// One transaction, idempotent, in any order of sources. Equal answers stay once; an answer
    /// beats a failure; of two failures the one tried more often stays. Answers of one cell and
    /// question that differ in anything but measurements and attempts, or grades by graders of two versions, are conflicts, and so are rows of
    /// other tables that one run could not have written both: all are collected, `.conflicts` is thrown and nothing is stored. Names and
    /// the spec, which follow the last run, stay as they are here; `differences` tells them. The source may be in use and is not changed.
    /// Throws `.sameFile`, and `.otherExperiment` where the source is of an experiment that this file, if it has any, has not.
    package func merge(from source: String) throws(StoreError) -> MergeResult {
        guard try !DatabasePath.areSame(source, path) else {
            throw .sameFile(path: source, other: path)
        }
        let (name, copy) = try readableName(of: source)
        defer { for file in copy.map(Self.files) ?? [] { machine.unlink(file) } }
        let outcome = Swift.Result {
            try queue.writeWithoutTransaction { db in
                try db.execute(
                    sql: "ATTACH DATABASE ? AS source",
                    arguments: [name])
                defer { try? db.execute(sql: "DETACH DATABASE source") }
                var result: MergeResult?
                do {
                    try db.inTransaction(.immediate) {
                        var merge = Merge(db, from: source)
                        result = try merge.run()
                        return .commit
                    }
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
                    // Of the two files, the one to be named is the damaged one.
                    let own = try? String.fetchAll(db, sql: "PRAGMA main.quick_check(1)")
                    throw StoreError(error, path: own == ["ok"] ? source : path)
                }
                return result ?? MergeResult(samples: 0, failures: 0, known: 0)
            }
        }
        if place.isLost { throw place.rescue(queue) }
        do {
            return try outcome.get()
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Closes the file and removes it where nothing is stored in it, as after a first merge that failed; it can't be used afterwards. The lock's file stays.
    package func discardIfEmpty() throws(StoreError) {
        guard try reader.experiments().isEmpty, !place.isLost else { return }
        try close()
        for file in Self.files(of: path) { try removeRemains(file) }
    }

    /// What to attach for `source`: itself, or an upgraded copy to be removed afterwards.
    private func readableName(
        of source: String
    ) throws(StoreError) -> (name: String, copy: String?) {
        do throws(StoreError) {
            let reader = try ResultsReader(path: source)
            return (uri(reader.path, reader.immutable ? "mode=ro&immutable=1" : "mode=ro"), nil)
        } catch .olderSchema {
            // Under our lock a copy that is there already was left by a merge that was killed.
            let copy = "\(path)-upgrade"
            for file in Self.files(of: copy) { try removeRemains(file) }
            do {
                let real = try DatabasePath.real(source, for: .reading)
                try ResultsReader.recoverIfCut(real)
                let original = try openQueue(path: real, readonly: true)
                let upgraded = try openQueue(path: copy, readonly: false)
                try original.backup(to: upgraded)
                try Schema.migrator.migrate(upgraded)
                return (uri(copy, "mode=ro"), copy)
            } catch {
                for file in Self.files(of: copy) { machine.unlink(file) }
                throw StoreError(error, path: source)
            }
        }
    }

    private static func files(of copy: String) -> [String] {
        [copy] + SideFile.allCases.map { copy + $0.rawValue }
    }
}
