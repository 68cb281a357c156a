import Foundation
import ResultsStore

/// Copies a database that is written on a machine's own disk to where other machines see it, now and then and at the end.
///
/// Databases must not be written on disks that several machines share, and a machine may vanish with its own disk: at most
/// `interval` of work is lost then.
final class Publication {
    private let store: ResultsStore
    private let path: String
    private let interval: Duration
    private let clock = ContinuousClock()
    private var published: ContinuousClock.Instant

    init(_ store: ResultsStore, to path: String, every interval: Duration = .seconds(60)) {
        self.store = store
        self.path = path
        self.interval = interval
        published = clock.now
    }

    /// Copies if the last copy is old. A disk that is away for a while must not end the run.
    func update() {
        guard clock.now - published >= interval else { return }
        do { try publish() } catch { note("\(path): not updated: \(error)") }
    }

    /// Copies now.
    func publish() throws {
        published = clock.now
        try store.copy(to: path)
    }
}
