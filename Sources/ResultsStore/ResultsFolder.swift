import Foundation
import Platform

/// The folder in which experiments are kept, such as `results`.
package struct ResultsFolder: Sendable {
    package let path: String

    /// The folder at `path`, which need not exist.
    package init(_ path: String) {
        self.path = path
    }

    /// Experiments of which there is a database, live or packed, or a page; sorted.
    package var experiments: [String] {
        let names = machine.names(in: path).compactMap { entry -> String? in
            if entry.hasSuffix(Self.live) { return String(entry.dropLast(Self.live.count)) }
            return isPacked(entry) || page(of: entry) != nil ? entry : nil
        }
        // Labels, shards and what is not an experiment's name are something else.
        return Set(names).filter {
            ExperimentName.isRight($0) && ExperimentName.conflict($0) == nil
        }.sorted()
    }

    /// Whether a packed database can be unpacked beside its live place.
    package var isWritable: Bool { machine.access(path, W_OK | X_OK) == 0 }

    /// Where an experiment's live database is, or would be.
    package func database(of experiment: String) -> String { "\(path)/\(experiment)\(Self.live)" }

    /// An experiment's page; nil if there is none.
    package func page(of experiment: String) -> String? {
        existing("\(path)/\(experiment)/README.md")
    }

    /// Opens an experiment's database for reading: the live one, else the packed one, unpacked into the folder `scratch`. Nil where there is neither, or nothing is
    /// stored yet.
    package func reader(
        of experiment: String, scratch: String
    ) throws(StoreError) -> ResultsReader? {
        let live = database(of: experiment)
        if existing(live) != nil { return try ResultsReader.ifAny(path: live) }
        guard isPacked(experiment) else { return nil }
        let copy = "\(scratch)/\(experiment)\(Self.live)"
        try PackedDatabase(of: live).with(database: copy).unpack()
        return try ResultsReader.ifAny(path: copy)
    }

    private static let live = ".sqlite"

    private func isPacked(_ experiment: String) -> Bool {
        existing(PackedDatabase(of: database(of: experiment)).path) != nil
    }

    private func existing(_ file: String) -> String? {
        // What can't be looked at is told by what opens it.
        machine.exists(file) ? file : nil
    }
}
