import Simulation
import Testing

/// Answers are neither lost nor doubled nor changed, whatever goes wrong (docs/decisions/0017-simulated-faults.md); `make simulate` runs more.
struct HistoryTests {
    @Test func nothingIsLostDoubledOrChanged() {
        for seed in UInt64(1)...200 {
            let failure = Simulation.failure(seed: seed)
            #expect(failure == nil, "\(failure.map { "\($0)" } ?? "")")
        }
    }

    /// Without faults nothing may fail at all.
    @Test func allIsWellWhereNothingGoesWrong() {
        for seed in UInt64(1)...30 {
            #expect(Simulation.failure(seed: seed, faults: [])?.reason == nil)
        }
    }

    /// The simulation finds what it is there to find: on a machine that is worse than promised, something is lost.
    @Test(arguments: [Lie.sqliteSync, .fileSync, .folderSync, .lostWrite])
    func aMachineThatLiesIsFound(lie: Lie) {
        let isFound = (UInt64(1)...2_000).contains { seed in
            Simulation.failure(seed: seed, lies: [lie]) != nil
        }
        #expect(isFound)
    }
}
