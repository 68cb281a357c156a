/// How a run ended, and how its experiment stands.
package struct SweepOutcome: Equatable, Sendable {
    /// Why a run ended.
    package enum End: Equatable, Sendable {
        /// There is nothing left to run; some answers may have failed.
        case finished
        /// By a signal.
        case interrupted(by: String)
        /// By a budget; the reason says which.
        case budget(String)
    }

    /// Why it ended.
    package var end: End
    /// Answers that this run stored.
    package var answers = 0
    /// Planned answers that failed, in this run or before.
    package var failures = 0
    /// Those that failed three times, and are left alone.
    package var abandoned = 0
    /// Planned answers that are neither there nor failed.
    package var missing = 0

    /// Where an interrupted run has left answers that it could not publish, and why.
    package var unpublished: String?

    /// Whether everything that was planned is there.
    package var isComplete: Bool { end == .finished && failures == 0 }

    /// What a user must know beyond the table, a line each.
    package var lines: [String] {
        var lines: [String] = []
        let goOn = "run the same command to go on"
        switch end {
        case .finished: break
        case .interrupted(let cause):
            lines.append(
                "\(cause): what was finished is kept, \(missing) answers are missing; \(goOn)")
        case .budget(let reason): lines.append("\(reason): \(missing) answers are missing; \(goOn)")
        }
        if failures > 0 {
            var line = "\(failures) answers failed"
            if failures > abandoned { line += "; run the same command to try them again" }
            if abandoned > 0 {
                line += "; \(abandoned) of them three times, and are left alone"
            }
            lines.append(line)
        }
        if let unpublished { lines.append(unpublished) }
        return lines
    }
}
