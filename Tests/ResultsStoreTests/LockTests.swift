import Foundation
import Testing

@testable import ResultsStore

struct LockTests {
    @Test func secondWriterLearnsWhoHoldsIt() throws {
        let folder = try TemporaryFolder()
        let first = try ResultsStore(path: folder.file())
        let error = #expect(throws: StoreError.self) { try ResultsStore(path: folder.file()) }
        guard case .locked(_, let holder?) = error else {
            Issue.record("expected a holder, got \(String(describing: error))")
            return
        }
        #expect(holder.pid == Int(ProcessInfo.processInfo.processIdentifier))
        #expect(holder.since.hasPrefix("20"))
        #expect(error?.description.contains("process \(holder.pid) on \(holder.host)") == true)
        withExtendedLifetime(first) {}
    }

    @Test func lockEndsWithTheStore() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<3 { _ = try ResultsStore(path: folder.file()) }
        let text = try String(contentsOfFile: folder.file() + ".lock", encoding: .utf8)
        #expect(text == "")
    }

    @Test func readersNeedNoLockAndSeeOneState() throws {
        let folder = try TemporaryFolder()
        let fixture = try Fixture(path: folder.file())
        try fixture.save("1")
        let reader = try ResultsReader(path: folder.file())
        #expect(try reader.finishedQuestions(of: fixture.cell) == ["1"])
        try fixture.save("2")
        #expect(try reader.finishedQuestions(of: fixture.cell) == ["1"])
        let later = try ResultsReader(path: folder.file())
        #expect(try later.finishedQuestions(of: fixture.cell) == ["1", "2"])
    }

    /// Root may write anywhere, so the case is only real for others.
    @Test(.enabled(if: geteuid() != 0, "root ignores permissions"))
    func readsInAFolderThatCannotBeWritten() throws {
        let folder = try TemporaryFolder()
        try Fixture(path: folder.file()).save("1")
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }
        let reader = try ResultsReader(path: folder.file())
        #expect(try reader.experiments().count == 1)
    }
}
