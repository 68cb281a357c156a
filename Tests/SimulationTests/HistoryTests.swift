import Foundation
import Simulation
import Synchronization
import Testing

/// Answers are neither lost nor doubled nor changed, whatever goes wrong (docs/decisions/0017-simulated-faults.md); `make simulate` runs more.
struct HistoryTests {
    @Test func nothingIsLostDoubledOrChanged() {
        let failures = Mutex<[String]>([])
        let result = Simulation.run(
            200, from: 1, cores: ProcessInfo.processInfo.activeProcessorCount
        ) { failure in
            failures.withLock { $0.append("\(failure)") }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(result.done == 200)
    }

    /// Without faults nothing may fail at all.
    @Test func allIsWellWhereNothingGoesWrong() {
        for seed in UInt64(1)...20 {
            #expect(Simulation.failure(seed: seed, faults: [])?.reason == nil)
        }
    }

    /// The simulation finds what it is there to find: on a machine that is worse than promised, something is lost.
    @Test(arguments: [Lie.sqliteSync, .fileSync, .folderSync, .lostWrite])
    func aMachineThatLiesIsFound(lie: Lie) {
        let isFound = (UInt64(1)...500).contains { seed in
            Simulation.failure(seed: seed, lies: [lie]) != nil
        }
        #expect(isFound)
    }
}
