import Platform
import ResultsStore
import Testing

@testable import Simulation

/// What histories meet by chance, call by call: each call of one operation fails or is the last one, and the other's answers are there afterwards.
struct EveryCallTests {
    private static let place = SimulatedMachine.folder + "/results/old.sqlite"
    private static let work = SimulatedMachine.folder + "/scratch/old.sqlite"

    /// `body` once for each of its calls, with the fault at that call; then `look`.
    private func everyCall(
        _ fault: Fault, prepare: () throws -> Void, body: () throws -> Void,
        look: (_ call: Int) throws -> Void
    ) throws {
        let images = try Images.all.get()
        var call = 1
        while true {
            let machine = SimulatedMachine(seed: UInt64(call))
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
            call += 1
        }
        // Otherwise nothing was tried.
        #expect(call > 20)
    }

    private func register() throws {
        let store = try ResultsStore(path: Self.work)
        _ = try TinyAnswers.register(in: store)
    }

    /// A published file that can't be looked at is not taken for missing, and so not written anew.
    @Test(arguments: Fault.allCases) func publishingLosesNothing(fault: Fault) throws {
        let images = try Images.all.get()
        try everyCall(
            fault, prepare: register,
            body: {
                let store = try ResultsStore(path: Self.work)
                _ = try store.publish(to: Self.place)
            },
            look: { call in
                #expect(
                    try Content(ResultsReader(path: Self.place)) == images.answered.content,
                    "call \(call)")
            })
    }

    /// The packed file that is there stays until a whole one takes its place; what was unpacked is whole, or not there.
    @Test(arguments: Fault.allCases) func packingAndUnpackingLoseNothing(fault: Fault) throws {
        let images = try Images.all.get()
        let packed = PackedDatabase(of: Self.place)
        let copy = packed.with(database: Self.work)
        func zstd() throws -> SimulatedZstandard {
            let machine = try #require(CurrentMachine.value as? SimulatedMachine)
            return SimulatedZstandard(machine: machine)
        }
        try everyCall(
            fault, prepare: { try packed.pack(by: zstd()) },
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
