import SweepSupport
import TestSupport
import Testing

@testable import Runs

/// Where a sweep runs is a name, and all else follows from it.
struct LauncherTests {
    @Test func elsewhereIsWhereResourcesAreAskedFor() {
        #expect(LauncherName.elsewhere == [.slurm])
        #expect(LauncherName.local.resources == nil)
    }

    @Test func aLocalSweepRunsHere() throws {
        try SweepFixture.with { fixture in
            let sweep = try fixture.sweep("here", set: ["task.limit=1", "policies=[slm]"])
            let path = fixture.tiny.spec
            let launcher = LauncherName.local.launcher(for: sweep, spec: path)
            #expect(launcher.shards == nil && launcher.states().isEmpty)
            guard case .ran(let outcome) = try launcher.launch() else {
                Issue.record("not run here")
                return
            }
            #expect(outcome.answers == 1 && outcome.failures == 0)
        }
    }

    @Test func slurmHasAShardATask() throws {
        try SweepFixture.with { fixture in
            let sweep = try fixture.sweep("shared", set: ["slurm.tasks=3"])
            let path = fixture.tiny.spec
            #expect(LauncherName.slurm.launcher(for: sweep, spec: path).shards == 3)
        }
    }
}
