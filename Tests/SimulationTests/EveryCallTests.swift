import Platform
import ResultsStore
import Testing

@testable import Simulation

/// What histories meet by chance, in order: one call of an operation after the other fails or is the last one, and the answers are there afterwards.
struct EveryCallTests {
    private static let place = SimulatedMachine.folder + "/results/old.sqlite"
    private static let work = SimulatedMachine.folder + "/scratch/old.sqlite"

    /// `body` once for every `step`th of its calls, of the first `most`, with the fault at that call; then `look`.
    private func everyCall(
        _ fault: Fault, step: Int = 1, most: Int = .max, seed: UInt64 = 0,
        prepare: () throws -> Void,
        body: () throws -> Void,
        look: (_ call: Int) throws -> Void
    ) throws {
        let images = try Images.all.get()
        var call = 1
        while call <= most {
            let machine = SimulatedMachine(seed: seed + UInt64(call))
            let isOver = try CurrentMachine.$value.withValue(machine) {
                machine.place(images.answered.bytes, at: Self.place)
                try machine.calmly { try prepare() }
                machine.process = machine.spawn()
                machine.next = (fault, machine.calls + call)
                try? body()
                let isOver = machine.next != nil
                machine.next = nil
                machine.bury()
                try machine.calmly { try look(call) }
                return isOver
            }
            guard !isOver else { break }
            call += step
        }
        // Otherwise nothing was tried.
        #expect(call > 20)
    }

    private func register() throws {
        let store = try ResultsStore(path: Self.work)
        _ = try TinyAnswers.register(in: store)
    }

    private func simulated() throws -> SimulatedMachine {
        try #require(CurrentMachine.value as? SimulatedMachine)
    }

    private func zstd() throws -> SimulatedZstandard {
        SimulatedZstandard(machine: try simulated())
    }

    /// Opening says that it failed, or has really switched to the log: what is stored then survives a loss of power.
    @Test(arguments: [Fault.inputOutput, .full]) func whatIsOpenIsDurable(fault: Fault) throws {
        var isStored = false
        try everyCall(
            // Switching comes first, then the schema.
            fault, most: 80, prepare: {},
            body: {
                isStored = false
                let machine = try simulated()
                let store = try ResultsStore(path: Self.work)
                // The fault lies behind all calls of opening.
                guard machine.next == nil else { return }
                try machine.calmly {
                    let (experiment, _) = try TinyAnswers.register(in: store)
                    _ = try store.beginAttempt(TinyAnswers.attempt(at: experiment))
                }
                machine.next = (.powerLoss, machine.calls + 1)
                isStored = !machine.exists(Self.work)
            },
            look: { call in
                guard isStored else { return }
                let attempts = try ResultsReader(path: Self.work).attempts()
                #expect(attempts.count == 1, "call \(call)")
            })
    }

    /// What one writer could not bring to the disk is not in the way of what the next one stores behind it.
    @Test(arguments: [0, 1_000]) func whatComesAfterAFailureIsDurable(
        seed: UInt64
    ) throws {
        var stored: String?
        func begin(_ store: ResultsStore) throws -> RowID<AttemptRecord> {
            let (experiment, _) = try TinyAnswers.register(in: store)
            return try store.beginAttempt(TinyAnswers.attempt(at: experiment))
        }
        try everyCall(
            .inputOutput, seed: seed, prepare: register,
            body: {
                stored = nil
                let machine = try simulated()
                var first = try? ResultsStore(path: Self.work)
                if let first { _ = try? begin(first) }
                guard machine.next == nil else { return }
                // Before it can close its file.
                machine.kill(machine.process)
                first = nil
                machine.bury()
                machine.process = machine.spawn()
                let second = try ResultsStore(path: Self.work)
                let id = try begin(second)
                stored = try second.reader.attempts().first { $0.id == id }?.uid
                machine.next = (.powerLoss, machine.calls + 1)
                _ = machine.exists(Self.work)
            },
            look: { call in
                guard let stored else { return }
                let attempts = try ResultsReader(path: Self.work).attempts()
                #expect(attempts.contains { $0.uid == stored }, "call \(call)")
            })
    }

    /// What the disk did not take of a log is not brought from there into the file, where a loss of power would leave half of it.
    ///
    /// Where the system does not tell what the disk holds, it would: so the test sees what it is there to see.
    @Test(arguments: [false, true]) func aLogThatIsNotOnTheDiskHarmsNothing(isTold: Bool) throws {
        func begin(_ store: ResultsStore) throws {
            let (experiment, _) = try TinyAnswers.register(in: store)
            _ = try store.beginAttempt(TinyAnswers.attempt(at: experiment))
        }
        var harmed: [String] = []
        var syncs: [Int] = []
        /// The first writer's call `failing` fails and it is killed; the power goes at the second one's call `last`. Returns whether that came so far.
        func run(failing: Int, last: Int, seed: UInt64) throws -> Bool {
            let machine = SimulatedMachine(seed: seed)
            if !isTold { machine.lies = [.cacheAlone] }
            return try CurrentMachine.$value.withValue(machine) {
                try machine.calmly { try register() }
                machine.process = machine.spawn()
                let start = machine.calls
                machine.trace = { line in
                    guard line.contains("] sync "), line.hasSuffix("-wal") else { return }
                    syncs.append(machine.calls - start)
                }
                if failing > 0 { machine.next = (.inputOutput, start + failing) }
                var first = try? ResultsStore(path: Self.work)
                if let first { try? begin(first) }
                machine.trace = nil
                machine.kill(machine.process)
                first = nil
                machine.bury()
                machine.process = machine.spawn()
                // A disk fails for up to three calls.
                for _ in 0..<3 { _ = machine.exists(Self.work) }
                machine.next = (.powerLoss, machine.calls + last)
                if let second = try? ResultsStore(path: Self.work) { try? begin(second) }
                let isOver = machine.next != nil
                machine.next = nil
                machine.bury()
                try machine.calmly {
                    do {
                        let problems = try ResultsStore(path: Self.work).reader.check().problems
                        harmed += problems.map { "seed \(seed), call \(last): \($0)" }
                    } catch StoreError.corrupt(_, let message) {
                        harmed.append("seed \(seed), call \(last): \(message)")
                    }
                }
                return !isOver
            }
        }
        _ = try run(failing: 0, last: 1, seed: 0)
        let calls = syncs
        #expect(!calls.isEmpty)
        for failing in calls {
            for seed in UInt64(0)..<4 {
                var last = 1 + Int(seed)
                while try run(failing: failing, last: last, seed: seed) { last += 4 }
                #expect(last > 20)
            }
        }
        #expect(harmed.isEmpty == isTold, "\(harmed)")
    }

    /// What the disk does not give is not told as damage, nor as fewer answers.
    @Test func checkingTellsFailuresFromDamage() throws {
        try everyCall(
            .inputOutput, step: 3, prepare: {},
            body: {
                let report = try ResultsReader(path: Self.place).check()
                #expect(report.problems == [])
                #expect(report.samples == 3)
            },
            look: { _ in })
    }

    /// A published file that can't be looked at is not taken for missing, and so not written anew.
    @Test(arguments: Fault.allCases) func publishingLosesNothing(fault: Fault) throws {
        let images = try Images.all.get()
        try everyCall(
            fault, step: 11, prepare: register,
            body: {
                let store = try ResultsStore(path: Self.work)
                _ = try store.publish(to: Self.place)
            },
            look: { call in
                #expect(
                    try Content(ResultsReader(path: Self.place)) == images.answered.content,
                    "call \(call)")
                // Nor is what a killed publisher has left in the way of those who only read.
                try PackedDatabase(of: Self.place).pack(by: zstd())
            })
    }

    /// What is published at the second try is there to stay, also in folders whose names the first could not bring to the disk.
    @Test func whatIsPublishedAtTheSecondTryIsDurable() throws {
        let place = SimulatedMachine.folder + "/new/deep/old.sqlite"
        var published: Content?
        try everyCall(
            .inputOutput, prepare: register,
            body: {
                published = nil
                let machine = try simulated()
                let store = try ResultsStore(path: Self.work)
                _ = try? store.publish(to: place)
                guard machine.next == nil else { return }
                try machine.calmly {
                    _ = try store.publish(to: place)
                    published = try Content(ResultsReader(path: place))
                }
                machine.next = (.powerLoss, machine.calls + 1)
                _ = machine.exists(place)
            },
            look: { call in
                guard let published else { return }
                try #require(machine.exists(place), "call \(call)")
                #expect(
                    try Content(ResultsReader(path: place)) == published, "call \(call)")
            })
    }

    /// The packed file that is there stays until a whole one takes its place; what was unpacked is whole, or not there.
    @Test(arguments: Fault.allCases) func packingAndUnpackingLoseNothing(fault: Fault) throws {
        let images = try Images.all.get()
        let packed = PackedDatabase(of: Self.place)
        let copy = packed.with(database: Self.work)
        try everyCall(
            fault, step: 31, prepare: { try packed.pack(by: zstd()) },
            body: {
                try packed.pack(by: zstd())
                try copy.unpack(by: zstd())
            },
            look: { call in
                if machine.exists(Self.work) {
                    #expect(
                        try Content(ResultsReader(path: Self.work)) == images.answered.content,
                        "call \(call)")
                    machine.unlink(Self.work)
                }
                try copy.unpack(by: zstd())
                #expect(
                    try Content(ResultsReader(path: Self.work)) == images.answered.content,
                    "call \(call)")
            })
    }
}
