import Foundation
import Hashing
import Platform
import ResultsStore

extension History {
    func step() throws {
        switch (kind, below(10)) {
        case (.sweeping, 0...8), (.publishing, 0...7), (.merging, 0...1), (.packing, 0):
            try step(of: below(sweeps.count))
        case (.sweeping, _), (.publishing, 8), (.merging, 2): try read()
        case (.merging, _), (.packing, 1): try mergeAtPlace()
        case (.packing, 2...5): try pack()
        case (.packing, 6...8): try unpack()
        default: try writePage()
        }
    }

    private func step(of index: Int) throws {
        guard let attempt = sweeps[index].attempt, let store = sweeps[index].store else {
            return try start(index)
        }
        let (path, process) = (sweeps[index].path, sweeps[index].process)
        switch below(16) {
        case 0..<9: try save(1 + below(3) / 2 * below(4), in: index, store, by: attempt)
        case 9:
            let place = self.place()
            let reason = "try \(below(1000))"
            let isDone = try happens(
                "fail \(place.question)", by: process,
                unless: [.finished([place], path)]
            ) {
                try store.saveFailure(
                    of: place.question, reason: reason, in: cell(place, index), by: attempt.id)
            }
            try change(path, isDone: isDone) { content in
                var content = content
                switch content.answers[place] {
                case nil: content.answers[place] = .failed(tries: 1, reason: reason)
                case .failed(let tries, _)?:
                    content.answers[place] = .failed(tries: tries + 1, reason: reason)
                case .answered?: return !isDone ? content : nil
                }
                return content
            }
        case 10, 11:
            let passes = 1 + below(9)
            let isDone = try happens("time", by: process) {
                try store.record(
                    [TimingRecord(phase: .slmStep, seconds: 1, passes: passes, tokens: passes)],
                    by: attempt.id)
            }
            try change(path, isDone: isDone) { content in
                var content = content
                content.passes[attempt.name, default: 0] += passes
                return content
            }
        case 12...14 where kind != .sweeping: try publish(index, store)
        default:
            let isDone = try happens("end", by: process) {
                try store.endAttempt(attempt.id, .finished)
            }
            try change(path, isDone: isDone) { content in
                var content = content
                content.attempts[attempt.name] = "finished"
                return content
            }
            guard isDone else { return }
            if kind != .sweeping { try publish(index, store) }
            sweeps[index].attempt = nil
            if below(2) == 0 { _ = try call("close", by: process) { try store.close() } }
            sweeps[index].store = nil
        }
    }

    private func place() -> Content.Place {
        Content.Place(
            cell: TinyAnswers.cells[below(TinyAnswers.cells.count)],
            question: TinyAnswers.questions[below(TinyAnswers.questions.count)])
    }

    private func cell(_ place: Content.Place, _ index: Int) -> RowID<CellRecord> {
        let cells = sweeps[index].cells
        return place.cell == TinyAnswers.cells[0] ? cells[0] : cells[1]
    }

    private func save(
        _ count: Int, in index: Int, _ store: ResultsStore,
        by attempt: (id: RowID<AttemptRecord>, name: String)
    ) throws {
        let places = Array(Set((0..<max(1, count)).map { _ in place() })).sorted {
            ($0.cell, $0.question) < ($1.cell, $1.question)
        }
        let path = sweeps[index].path
        let isDone = try happens(
            "save \(places.map { "\($0.cell.first ?? "?")/\($0.question)" })",
            by: sweeps[index].process, unless: [.finished(places, path)]
        ) {
            try store.save(
                places.map { TinyAnswers.finished($0, in: cell($0, index)) }, by: attempt.id)
        }
        try change(path, isDone: isDone) { content in
            var content = content
            for place in places {
                if case .answered? = content.answers[place] { return nil }
                content.answers[place] = .answered(by: attempt.name)
            }
            return content
        }
    }

    private func start(_ index: Int) throws {
        let process = machine.spawn()
        sweeps[index].process = process
        sweeps[index].known = nil
        let path = sweeps[index].path
        guard
            let store = try call(
                "open \(path)", by: process, unless: [.inUse(path)],
                { try ResultsStore(path: path) })
        else { return }
        sweeps[index].store = store
        let known: PublishedState?? =
            kind == .sweeping
            ? .some(nil)
            : try call("take over", by: process, unless: [.inUse(Self.place)]) {
                try store.takeOver(Self.place)
            }
        if kind != .sweeping { merge(Self.place, into: path, isDone: known != nil) }
        guard let known else {
            sweeps[index].store = nil
            return
        }
        sweeps[index].known = known
        guard
            let (experiment, cells) = try call(
                "register", by: process, { try TinyAnswers.register(in: store) }),
            let id = try begin(experiment, in: store, by: process)
        else {
            sweeps[index].store = nil
            return
        }
        sweeps[index].cells = cells
        let name = try machine.calmly {
            try store.reader.attempts().first { $0.id == id }?.uid ?? "?"
        }
        begun.insert(name)
        try change(path, isDone: true) { content in
            var content = content
            content.attempts[name] = ""
            return content
        }
        sweeps[index].attempt = (id, name)
        if kind == .publishing, below(2) == 0 { try publish(index, store) }
    }

    private func begin(
        _ experiment: RowID<ExperimentRecord>, in store: ResultsStore, by process: Int
    ) throws -> RowID<AttemptRecord>? {
        let id = try call("begin", by: process) {
            try store.beginAttempt(TinyAnswers.attempt(at: experiment))
        }
        if id == nil { unknown += 1 }
        return id
    }

    private func publish(_ index: Int, _ store: ResultsStore) throws {
        let path = sweeps[index].path
        let state = try call(
            "publish \(path)", by: sweeps[index].process,
            unless: [.inUse(Self.place)]
        ) {
            try store.publish(to: Self.place, since: sweeps[index].known)
        }
        let isDone = state != nil
        if let state { sweeps[index].known = state }
        let all = merge(files[path] ?? [], files[Self.place] ?? [])
        files[path] = isDone ? all : all.union(files[path] ?? [])
        files[Self.place] = isDone ? all : all.union(files[Self.place] ?? [])
    }

    /// `citer db merge`, or a sweep at the place itself.
    private func mergeAtPlace() throws {
        let process = machine.spawn()
        guard
            let store = try call(
                "open \(Self.place)", by: process, unless: [.inUse(Self.place)],
                { try ResultsStore(path: Self.place) })
        else { return }
        for source in (sweeps.map(\.path) + (kind == .merging ? [Self.old] : [])).shuffled(
            using: &random
        )
        .prefix(1 + below(2)) {
            let result = try call(
                "merge \(source)", by: process,
                unless: [.empty(source), .inUse(Self.place), .inUse(source)]
            ) { try store.merge(from: source) }
            merge(source, into: Self.place, isDone: result != nil)
        }
        guard !machine.isDead(process), below(2) == 0 else { return }
        _ = try call("close", by: process) { try store.close() }
    }

    /// A report; some readers stay.
    private func read() throws {
        let all = sweeps.map(\.path) + (kind == .sweeping ? [] : [Self.place])
        let path = all[below(all.count)]
        let process = machine.spawn()
        let reader = try call(
            "read \(path)", by: process,
            unless: [.older, .inUse(path)]
        ) { try ResultsReader.ifAny(path: path) }
        guard let reader else { return }
        guard let reader else {
            try expect(Content(), at: path)
            return
        }
        guard let content = try call("report \(path)", by: process, { try Content(reader) }) else {
            return
        }
        try expect(content, at: path)
        if below(3) == 0 { readers.append((process, path, reader)) }
        if below(3) == 0 { readers = [] }
    }

    private func pack() throws {
        let process = machine.spawn()
        let isDone = try happens(
            "pack", by: process,
            unless: [.empty(Self.place)]
        ) { try PackedDatabase(of: Self.place).pack(by: zstd) }
        let packed = files[Self.place] ?? []
        files[Self.packed] = isDone ? packed : packed.union(files[Self.packed] ?? [])
    }

    private func unpack() throws {
        let process = machine.spawn()
        unpacked += 1
        let path = "\(SimulatedMachine.folder)/copies\(below(3))/\(unpacked).sqlite"
        let isDone = try happens(
            "unpack", by: process,
            unless: [.empty(Self.packed)]
        ) { try PackedDatabase(of: Self.place).with(database: path).unpack(by: zstd) }
        let packed = files[Self.packed] ?? []
        files[path] = isDone ? packed : packed.union([Content()])
    }

    /// A page is whole, the old one or the new one.
    private func writePage() throws {
        let process = machine.spawn()
        let text = String(repeating: "page \(below(1000))\n", count: 1 + below(1000))
        _ = try call("write a page", by: process) {
            try WholeFile.write(text, to: Self.page)
        }
        // Nobody promises that it is on the disk.
        pages.insert(text)
        let found = machine.bytes(at: Self.page).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard pages.contains(found) else {
            throw Violation(description: "a torn page of \(found.utf8.count) bytes")
        }
    }
}
