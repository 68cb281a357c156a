import Foundation
import Hashing
import Platform
import ResultsStore

/// What users do to some databases on one machine while things go wrong, and what must be there afterwards; all of it follows from a seed.
///
/// Two sweeps write on a disk of their own and publish to one place; there, others merge, sweep, pack and read. A call that has returned has
/// happened; one that failed or whose process ended may have happened, wholly or not at all. So of each file a set of contents is
/// kept, one of which must be found.
package final class History {
    package let seed: UInt64
    package let machine: SimulatedMachine
    /// How many things went wrong.
    package var strikes: Int { machine.strikes }
    var random: SplitMix64
    var files: [String: Set<Content>] = [:]
    var sweeps: [OpenSweep]
    var readers: [(process: Int, path: String, reader: ResultsReader)] = []
    /// Attempts that were begun, as far as their beginning came back, and how many others there may be.
    var begun: Set<String> = []
    var unknown = 0
    var unpacked = 0
    var pages: Set<String> = [""]
    let zstd: SimulatedZstandard
    private let mayFail: [Fault]
    let kind: Kind
    private var bytesOfOld: [UInt8] = []

    /// What a history is mostly about.
    enum Kind { case sweeping, publishing, merging, packing }

    static let place = SimulatedMachine.folder + "/results/old.sqlite"
    static let packed = SimulatedMachine.folder + "/results/old/answers.sqlite.zst"
    static let old = SimulatedMachine.folder + "/archive/old.sqlite"
    static let page = SimulatedMachine.folder + "/results/old/README.md"

    /// A sweep on its own disk, that publishes.
    struct OpenSweep {
        let path: String
        var process = 0
        var store: ResultsStore?
        var cells: [RowID<CellRecord>] = []
        var attempt: (id: RowID<AttemptRecord>, name: String)?
        var known: PublishedState?
    }

    /// - Parameter faults: what may go wrong.
    package init(
        seed: UInt64, faults: [Fault] = Fault.allCases, lies: Set<Lie> = [],
        trace: ((String) -> Void)? = nil
    ) {
        self.seed = seed
        mayFail = faults
        machine = SimulatedMachine(seed: seed)
        machine.lies = lies
        machine.trace = trace
        random = SplitMix64(seed: SplitMix64.mixed(seed: seed, counter: 1))
        zstd = SimulatedZstandard(machine: machine)
        // Merging and publishing take much longer, and so are done less often.
        kind =
            switch random.next(below: 20) {
            case 0..<12: .sweeping
            case 12..<15: .publishing
            case 15..<17: .merging
            default: .packing
            }
        sweeps = (1...(kind == .publishing || kind == .merging ? 2 : 1)).map {
            OpenSweep(path: "\(SimulatedMachine.folder)/scratch\($0)/old.sqlite")
        }
    }

    /// Runs it; throws what must not be.
    package func run() throws {
        try CurrentMachine.$value.withValue(machine) {
            defer { leave() }
            try begin()
            plan()
            for _ in 0..<(4 + below(12)) {
                try step()
                try bury()
                if files.values.contains(where: { $0.count > 40 }) { break }
            }
            try end()
        }
    }

    func below(_ bound: Int) -> Int { Int(random.next(below: UInt64(bound))) }

    /// The next fault: near or far.
    private func plan() {
        guard !mayFail.isEmpty else { return }
        machine.next = (
            mayFail[below(mayFail.count)], machine.calls + 1 + below(8 << below(9))
        )
    }

    func tell(_ text: String) { machine.trace?("== \(text)") }

    // MARK: - Beginning and end

    private func begin() throws {
        let images = try Images.all.get()
        // What the frozen file of the first schema holds.
        let place = Content.Place(
            cell: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            question: "0")
        let old = Content(answers: [place: .answered(by: "u")], attempts: ["u": ""])
        begun = Set(images.answered.content.attempts.keys).union(["u"])
        func begin(_ path: String, with way: Int) {
            switch way {
            case 0: files[path] = [Content()]
            case 1:
                machine.place(images.older[below(images.older.count)], at: path)
                files[path] = [old]
            case 2:
                machine.place(images.answered.bytes, at: path)
                files[path] = [images.answered.content]
            default:
                machine.place(images.registered, at: path)
                files[path] = [Content()]
            }
        }
        for sweep in sweeps { begin(sweep.path, with: below(kind == .merging ? 3 : 6)) }
        guard kind != .sweeping else { return }
        begin(Self.place, with: kind == .packing ? 1 + below(2) : below(4))
        files[Self.packed] = [Content()]
        guard kind == .merging else { return }
        begin(Self.old, with: 1)
        bytesOfOld = machine.bytes(at: Self.old) ?? []
    }

    /// Everything ends in peace, is looked at, and can be gone on with.
    private func end() throws {
        machine.next = nil
        leave()
        guard (machine.bytes(at: Self.old) ?? []) == bytesOfOld else {
            throw Violation(description: "a file that is only read was changed")
        }
        try machine.calmly {
            for path in files.keys.sorted() where path != Self.old { try verify(path) }
            // Whatever was left behind is in nobody's way.
            guard kind == .merging || kind == .publishing, below(4) == 0 else { return }
            tell("all in one")
            for sweep in sweeps {
                let own = try ResultsStore(path: sweep.path)
                _ = try own.publish(to: Self.place)
                files[sweep.path] = merge(files[sweep.path] ?? [], files[Self.place] ?? [])
                files[Self.place] = files[sweep.path]
            }
            try verify(Self.place)
        }
    }

    private func leave() {
        for index in sweeps.indices {
            sweeps[index].store = nil
            sweeps[index].attempt = nil
        }
        readers = []
        machine.bury()
    }

    /// What a file holds must be one of the contents that it may hold.
    private func verify(_ path: String) throws {
        tell("look at \(path)")
        let found = path == Self.packed ? try packedContent() : try content(of: path)
        files[path] = [try expect(found, at: path)]
    }

    private func content(of path: String) throws -> Content {
        do {
            return try ResultsReader.ifAny(path: path).map(Content.init) ?? Content()
        } catch StoreError.olderSchema {
            return try Content(ResultsStore(path: path).reader)
        }
    }

    private func packedContent() throws -> Content {
        guard machine.exists(Self.packed) else { return Content() }
        let copy = SimulatedMachine.folder + "/unpacked.sqlite"
        machine.unlink(copy)
        try PackedDatabase(of: Self.place).with(database: copy).unpack(by: zstd)
        return try content(of: copy)
    }

    /// Finds what was expected, and gives it without the attempts that nobody knows of: a beginning that did not come back may have been stored.
    @discardableResult
    func expect(_ found: Content, at path: String) throws -> Content {
        var found = found
        let others = found.attempts.filter { !begun.contains($0.key) }
        guard others.count <= unknown else {
            throw Violation(description: "\(path): \(others.count) attempts that were never begun")
        }
        found.attempts = found.attempts.filter { begun.contains($0.key) }
        let expected = files[path] ?? []
        guard !expected.contains(found) else { return found }
        let nearest = expected.map { found.differences(from: $0) }.min { $0.count < $1.count }
        throw Violation(description: "\(path):\n  \(nearest ?? "nothing was expected")")
    }

    // MARK: - Calls

    /// Why a call may come to nothing although nothing went wrong.
    enum Excuse {
        /// One of the answers is there already.
        case finished([Content.Place], String)
        /// A reader has the file open.
        case inUse(String)
        /// There may be nothing in the file.
        case empty(String)
        /// A reader does not upgrade.
        case older
    }

    func isRight(_ error: StoreError, _ excuse: Excuse) -> Bool {
        switch (error, excuse) {
        case (.alreadyFinished(let cell, let question), .finished(let places, let path)):
            return isFinished(Content.Place(cell: cell, question: question), places, path)
        case (.busy, .inUse(let path)): return readers.contains { $0.path == path }
        case (.missing, .empty(let path)), (.nothingYet, .empty(let path)),
            (.missingPacked, .empty(let path)):
            return files[path]?.contains(Content()) ?? true
        case (.olderSchema, .older): return true
        default: return false
        }
    }

    /// An answer was refused since it is there already: then it is.
    func isFinished(
        _ place: Content.Place, _ places: [Content.Place], _ path: String
    ) -> Bool {
        let having = (files[path] ?? []).filter { content in
            if case .answered? = content.answers[place] { true } else { false }
        }
        guard places.contains(place), !having.isEmpty else { return false }
        files[path] = having
        return true
    }

    /// Runs a call of the product's as a process; nil where it came to nothing for a good reason.
    func call<Result>(
        _ what: String, by process: Int, unless excuses: [Excuse] = [], _ body: () throws -> Result
    ) throws -> Result? {
        machine.process = process
        tell("\(what), process \(process)")
        let strikes = machine.strikes
        do {
            let result = try body()
            return machine.isDead(process) ? nil : result
        } catch {
            tell("\(what): \(error)")
            guard !machine.isDead(process) else { return nil }
            let store = error as? StoreError
            if let store, excuses.contains(where: { isRight(store, $0) }) { return nil }
            guard machine.strikes > strikes else {
                throw Violation(description: "\(what): \(error), though nothing went wrong")
            }
            switch error {
            case StoreError.full, StoreError.inputOutput: return nil
            case is OutputError: return nil
            default: throw Violation(description: "\(what): a fault is called \(error)")
            }
        }
    }

    /// As `call`: whether it came back.
    func happens(
        _ what: String, by process: Int, unless excuses: [Excuse] = [], _ body: () throws -> Void
    ) throws -> Bool {
        try call(what, by: process, unless: excuses, body) != nil
    }

    /// A file was changed by a call that came back, or may have been.
    func change(
        _ path: String, isDone: Bool, _ change: (Content) -> Content?
    ) throws {
        let before = files[path] ?? [Content()]
        let after = Set(before.compactMap(change))
        guard isDone else {
            files[path] = before.union(after)
            return
        }
        guard !after.isEmpty else {
            throw Violation(description: "\(path): stored again what is there already")
        }
        files[path] = after
    }

    func merge(_ one: Set<Content>, _ other: Set<Content>) -> Set<Content> {
        var all: Set<Content> = []
        for ours in one { for theirs in other { all.insert(ours.merged(with: theirs)) } }
        return all
    }

    func merge(_ source: String, into path: String, isDone: Bool) {
        let merged = merge(files[path] ?? [], files[source] ?? [])
        files[path] = isDone ? merged : merged.union(files[path] ?? [])
    }

    /// Lets go of what killed processes had.
    private func bury() throws {
        var isAny = false
        for index in sweeps.indices
        where sweeps[index].store != nil && machine.isDead(sweeps[index].process) {
            sweeps[index].store = nil
            sweeps[index].attempt = nil
            isAny = true
        }
        readers.removeAll { machine.isDead($0.process) }
        machine.bury()
        if machine.next == nil { plan() }
        guard isAny, below(3) == 0 else { return }
        let next = machine.next
        try machine.calmly {
            for path in files.keys.sorted() where path != Self.old { try verifyInUse(path) }
        }
        machine.next = next
    }

    /// As `verify`, of a file that others may have open; what it holds is not taken for certain, since a transaction that failed may come back.
    private func verifyInUse(_ path: String) throws {
        let before = files[path]
        defer { files[path] = before }
        do { try verify(path) } catch StoreError.locked {}
    }
}
