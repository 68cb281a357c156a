import Foundation

/// Tells the user how far a run is: one line that is rewritten on a terminal, a plain line now and then elsewhere.
package final class WorkProgress {
    /// What there is to tell.
    package struct State: Equatable {
        let title: String
        var total = 0
        var done = 0
        var failed = 0
        var tokens = 0
        /// Tokens of answers that are being written.
        var unfinished = 0
        /// What an answer is guessed to take before one has ended; nil: nothing is known of it.
        var guess: Int?

        /// `gsm8k: 120/360 answers, 2 failed, 24000 of about 72000 tokens, 41 tokens/s, 9 min 45 s, about 3 min 20 s left`.
        func line(after seconds: Double) -> String {
            var parts = ["\(title): \(done)/\(total) answers"]
            if failed > 0 { parts.append("\(failed) failed") }
            let written = tokens + unfinished
            let rate = Double(written) / max(seconds, 0.001)
            let each = done > failed ? tokens / (done - failed) : guess
            let expected = each.map { max(total * $0, written) }
            parts.append(
                expected.map { "\(written) of about \($0) tokens" } ?? "\(written) tokens")
            parts.append("\(String(format: "%.0f", rate)) tokens/s")
            parts.append(duration(seconds))
            if done == 0, let expected, written > 0 {
                parts.append("about \(duration(Double(expected - written) / rate)) left")
            }
            // What one answer takes is known once one has ended. All answers of a question begin together, so many are half written; how long those
            // become is not known, and the short ones end first.
            if done > 0 {
                let length = max(Double(tokens) / Double(done), 1)
                let open = Double(total - done)
                let begun = min(Double(unfinished) / length, 0.8 * open)
                let left = seconds / (Double(done) + begun) * (open - begun)
                parts.append("about \(duration(left)) left")
            }
            return parts.joined(separator: ", ")
        }

        /// `gsm8k: 360 of 360 answers in 9 min 58 s, 2 failed`.
        func summary(after seconds: Double) -> String {
            "\(title): \(done) of \(total) answers in \(duration(seconds))"
                + (failed > 0 ? ", \(failed) failed" : "")
        }
    }

    private var state: State
    private let isTerminal = isatty(2) == 1
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant
    private var shown: ContinuousClock.Instant

    package init(_ title: String) {
        state = State(title: title)
        start = clock.now
        shown = start
    }

    /// Starts the clock, and notes how much there is to do.
    ///
    /// - Parameters:
    ///   - answers: how many are to be written.
    ///   - guess: the tokens that an answer may take, before one is known.
    package func begin(answers: Int, guess: Int? = nil) {
        state.total = answers
        state.guess = guess
        start = clock.now
        shown = start
        if answers > 0 { StandardError.note("\(state.title): \(answers) answers to go") }
    }

    /// Tells how far the answers are that are being written.
    package func writing(tokens: Int) {
        state.unfinished = tokens
        show()
    }

    /// Counts one piece of work as done, of so many tokens, and draws the line anew.
    package func finished(tokens: Int) {
        state.done += 1
        state.tokens += tokens
        state.unfinished = max(state.unfinished - tokens, 0)
        show()
    }

    /// A failure is told at once, not at the end.
    package func failed(_ what: String) {
        state.done += 1
        state.failed += 1
        clearLine()
        StandardError.note("failed: \(what)")
        show()
    }

    /// Takes the line away and notes what was done, if anything was.
    package func end() {
        clearLine()
        if state.done > 0 { StandardError.note(state.summary(after: elapsed)) }
    }

    private var elapsed: Double { (clock.now - start) / .seconds(1) }

    private func show() {
        let interval: Duration = isTerminal ? .milliseconds(200) : .seconds(15)
        guard clock.now - shown >= interval else { return }
        shown = clock.now
        let line = state.line(after: elapsed)
        guard isTerminal else { return StandardError.note(line) }
        // A line that wraps can't be rewritten.
        StandardError.write("\r\u{1B}[K\(visibleLine(line).prefix(columns - 1))")
    }

    private var columns: Int {
        var size = winsize()
        guard ioctl(2, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 80 }
        return Int(size.ws_col)
    }

    private func clearLine() {
        if isTerminal { StandardError.write("\r\u{1B}[K") }
    }
}

/// `1 h 02 min`, `3 min 20 s`, `12 s`.
package func duration(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9).rounded())
    if whole >= 3600 { return "\(whole / 3600) h \(String(format: "%02d", whole / 60 % 60)) min" }
    if whole >= 60 { return "\(whole / 60) min \(String(format: "%02d", whole % 60)) s" }
    return "\(whole) s"
}
