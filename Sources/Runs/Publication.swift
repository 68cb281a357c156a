import Foundation
import Platform
package import ResultsStore

/// Copies a database that is written on a machine's own disk to where other machines see it, now and then and at the end.
///
/// Databases must not be written on disks that several machines share, and a machine may vanish with its own disk: at most
/// `interval` of work is lost then. Others may publish to the same place: each takes over what the others have brought.
final class Publication {
    private let store: ResultsStore
    private let path: String
    private let interval: Duration
    private let clock = ContinuousClock()
    private var published: ContinuousClock.Instant
    private var known: PublishedState?

    /// `CITER_PUBLISH_SECONDS`, else a minute.
    private static var usual: Duration { duration("CITER_PUBLISH_SECONDS") ?? .seconds(60) }

    /// How long an interrupted run tries at its end: `CITER_PUBLISH_PATIENCE` in seconds, else 20, since Slurm gives a minute.
    static var patienceOfTheInterrupted: Duration {
        duration("CITER_PUBLISH_PATIENCE") ?? .seconds(20)
    }

    /// Seconds that a variable of the environment gives; nil if it gives none.
    private static func duration(_ variable: String) -> Duration? {
        let text = ProcessInfo.processInfo.environment[variable]
        guard let seconds = text.flatMap({ Double($0) }), (0...86_400).contains(seconds) else {
            return nil
        }
        return .seconds(seconds)
    }

    /// Takes over what was published before; refuses a place that can't be published to, before any work is done.
    init(_ store: ResultsStore, to path: String, every interval: Duration? = nil) throws {
        self.store = store
        self.path = path
        self.interval = interval ?? Self.usual
        published = clock.now
        known = try store.takeOver(path)
    }

    /// Copies if the last copy is old. A disk that is away for a while, or another writer, must not end the run.
    func update() {
        guard clock.now - published >= interval else { return }
        do {
            try publish(patience: .seconds(1))
        } catch {
            note("\(path): not updated, to be tried again: \(error)")
        }
    }

    /// Copies now.
    func publish(patience: Duration = .seconds(30)) throws(StoreError) {
        published = clock.now
        known = try store.publish(to: path, since: known, patience: patience)
        published = clock.now
    }

    /// Copies at the end: tries for `patience`, or until the user has enough of it, where trying again may help; then says where the answers are.
    func finish(patience: Duration) throws(Unpublished) {
        let begin = clock.now
        let wasInterrupted = Interruption.isRequested
        var isTold = false
        while true {
            do {
                return try publish(patience: .seconds(1))
            } catch {
                guard error.mayPass, clock.now - begin < patience,
                    Interruption.isRequested == wasInterrupted
                else {
                    throw Unpublished(destination: path, work: store.path, reason: error)
                }
                if !isTold { note("\(path): not updated yet: \(error)") }
                isTold = true
            }
            usleep(250_000)
        }
    }
}

/// The answers are there, but not where they were to be.
package struct Unpublished: ReportableError, Equatable {
    /// Where they were to be.
    package let destination: String
    /// Where they are.
    package let work: String
    /// Why.
    package let reason: StoreError

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { false }

    /// What was found and what to do.
    package var description: String {
        "\(destination) lacks answers of this run: \(reason)\nnothing is lost: all answers are in \(work); run the same "
            + "command again, or `citer db merge \(destination) \(work)`"
    }
}

extension StoreError {
    /// Whether the same may succeed a little later.
    fileprivate var mayPass: Bool {
        switch self {
        case .locked, .busy, .inputOutput, .full: true
        default: false
        }
    }
}
