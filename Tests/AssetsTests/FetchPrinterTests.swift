import Synchronization
import Testing

@testable import Assets

struct FetchPrinterTests {
    final class Screen: Sendable {
        private let text = Mutex("")
        private let clock = Mutex(0.0)
        func write(_ more: String) { text.withLock { $0 += more } }
        func advance() -> Double {
            clock.withLock {
                $0 += 1
                return $0
            }
        }
        var all: String { text.withLock { $0 } }
    }

    func show(isTerminal: Bool, _ events: [FetchEvent]) -> String {
        let screen = Screen()
        let printer = FetchPrinter(
            isTerminal: isTerminal, now: { screen.advance() }, write: { screen.write($0) })
        for event in events { printer.show(event) }
        return screen.all
    }

    @Test func plainLinesAtEachTenth() {
        let steps: [Int64] = [0, 4_000_000, 12_000_000, 13_000_000, 98_000_000, 98_400_000]
        let events = steps.map { FetchEvent.progress(name: "m", done: $0, total: 98_400_000) }
        #expect(
            show(isTerminal: false, events + [.finished(name: "m", path: "/p")]) == """
                m  0 %  0 bytes of 98.4 MB
                m  12 %  12.0 MB of 98.4 MB  4.0 MB/s  22 s left
                m  99 %  98.0 MB of 98.4 MB  19.6 MB/s  1 s left
                m  100 %  98.4 MB of 98.4 MB  16.4 MB/s  0 s left
                m: /p

                """)
    }

    @Test func aBarOnATerminal() {
        let shown = show(
            isTerminal: true,
            [
                .progress(name: "m", done: 0, total: 1000),
                .progress(name: "m", done: 500, total: 1000), .note("a note"), .note("another"),
            ])
        #expect(
            shown == "\r[........................]  m  0 %  0 bytes of 1.0 kB\u{1B}[K"
                + "\r[############............]  m  50 %  500 bytes of 1.0 kB  250 bytes/s  "
                + "2 s left\u{1B}[K\r\u{1B}[Ka note\nanother\n")
    }

    @Test(arguments: [
        (Int64(0), "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (999_949, "999.9 kB"),
        (999_950, "1.0 MB"), (491_400_064, "491.4 MB"), (1_117_320_768, "1.1 GB"),
        (.max, "9223372.0 TB"),
    ])
    func bytes(count: Int64, expected: String) {
        #expect(byteCount(count) == expected)
    }
}
