import Foundation
import Platform
import Synchronization

/// Shows the progress of downloads on standard error: a bar on a terminal, else a plain line at
/// each tenth.
package final class FetchPrinter: Sendable {
    private struct State {
        var name = ""
        var start: Double = 0
        var startBytes: Int64 = 0
        var lastTenth: Int64 = -1
        var isBarShown = false
    }

    private let isTerminal: Bool
    private let write: @Sendable (String) -> Void
    private let now: @Sendable () -> Double
    private let state = Mutex(State())

    package convenience init() {
        self.init(
            isTerminal: isatty(2) == 1, now: { Date().timeIntervalSince1970 },
            write: { StandardError.write($0) })
    }

    init(
        isTerminal: Bool, now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.isTerminal = isTerminal
        self.now = now
        self.write = write
    }

    /// Tells it on standard error: as a bar on a terminal, else in lines.
    package func show(_ event: FetchEvent) {
        state.withLock { state in
            switch event {
            case .note(let text): line(text, &state)
            case .finished(let name, let path): line("\(name): \(path)", &state)
            case .progress(let name, let done, let total): progress(name, done, total, &state)
            }
        }
    }

    private func progress(_ name: String, _ done: Int64, _ total: Int64, _ state: inout State) {
        if state.name != name {
            state = State(name: name, start: now(), startBytes: done, isBarShown: state.isBarShown)
        }
        let share = total > 0 ? min(1, max(0, Double(done) / Double(total))) : 0
        let tenth = Int64(share * 10)
        let seconds = now() - state.start
        var text =
            "\(visibleLine(name))  \(Int(share * 100)) %  \(byteCount(done)) of \(byteCount(total))"
        if seconds > 0.5, done > state.startBytes {
            let rate = Double(done - state.startBytes) / seconds
            let left = Double(max(0, total - done)) / rate
            text += "  \(byteCount(Int64(rate)))/s  \(Int(left.rounded(.up))) s left"
        }
        if isTerminal {
            let filled = Int(share * 24)
            let bar =
                String(repeating: "#", count: filled)
                + String(repeating: ".", count: 24 - filled)
            write("\r[\(bar)]  \(text)\u{1B}[K")
            state.isBarShown = true
        } else if tenth > state.lastTenth {
            write(text + "\n")
        }
        state.lastTenth = max(state.lastTenth, tenth)
    }

    private func line(_ text: String, _ state: inout State) {
        write((state.isBarShown ? "\r\u{1B}[K" : "") + visible(text) + "\n")
        state.isBarShown = false
    }
}
