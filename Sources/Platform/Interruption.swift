import Foundation
import Synchronization

/// Whether the user, or the machine's scheduler, has asked the program to stop.
///
/// For work that looks now and then: the first SIGINT, SIGTERM, SIGHUP or SIGUSR1 (Slurm's word that the time limit is near) asks; work ends at the next pass, with everything finished kept. A second one ends the process at once.
package enum Interruption {
    private static let numbers = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]
    private static let signalSeen = Atomic<Int32>(0)
    /// `SIG_IGN` as a number: functions can't be compared.
    private static let ignored = unsafeBitCast(SIG_IGN, to: Int.self)

    /// Lets signals through that a parent has passed on blocked, as threads of Dispatch do.
    package static func unblock() {
        var heard = sigset_t()
        sigemptyset(&heard)
        for number in numbers { sigaddset(&heard, number) }
        pthread_sigmask(SIG_UNBLOCK, &heard, nil)
    }

    /// Starts to listen. Whoever never looks must not: one signal would be lost, and the work go on.
    package static func install() {
        unblock()
        for number in numbers {
            let before = signal(number) { received in
                // Only an atomic store and resetting a handler are safe here.
                Interruption.signalSeen.store(received, ordering: .relaxed)
                signal(received, SIG_DFL)
            }
            // What started this program may want it to outlive the terminal, as nohup does.
            if number == SIGHUP, unsafeBitCast(before, to: Int.self) == Self.ignored {
                signal(number, SIG_IGN)
            }
        }
    }

    /// The signal's name, once one came.
    package static var cause: String? {
        switch signalSeen.load(ordering: .relaxed) {
        case 0: nil
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        case SIGHUP: "SIGHUP"
        case SIGUSR1: "SIGUSR1"
        case let other: "signal \(other)"
        }
    }

    /// Whether a signal came.
    package static var isRequested: Bool { cause != nil }

    /// Throws once a signal came.
    package static func check() throws(Interrupted) {
        if isRequested { throw Interrupted() }
    }
}

/// The user, or the machine's scheduler, ended the work early; what was finished is kept.
package struct Interrupted: ReportableError {
    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { false }

    /// What happened.
    package var description: String { "interrupted; what was finished is kept" }
}
