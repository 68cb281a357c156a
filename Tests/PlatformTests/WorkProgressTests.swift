import Testing

@testable import Platform

struct WorkProgressTests {
    @Test func theLine() {
        var state = WorkProgress.State(title: "gsm8k")
        state.total = 360
        state.unfinished = 6_000
        #expect(
            state.line(after: 60) == "gsm8k: 0/360 answers, 6000 tokens, 100 tokens/s, 1 min 00 s")
        // Before an answer has ended, its length is guessed.
        state.guess = 200
        #expect(
            state.line(after: 60)
                == "gsm8k: 0/360 answers, 6000 of about 72000 tokens, 100 tokens/s, 1 min 00 s, about 11 min 00 s left"
        )
        state.guess = 10
        #expect(
            state.line(after: 60).hasSuffix(
                "6000 of about 6000 tokens, 100 tokens/s, 1 min 00 s, about 0 s left"))
        state.unfinished = 0
        state.done = 120
        state.tokens = 24_000
        #expect(
            state.line(after: 600)
                == "gsm8k: 120/360 answers, 24000 of about 72000 tokens, 40 tokens/s, 10 min 00 s, about 20 min 00 s left"
        )
        state.failed = 2
        #expect(
            state.line(after: 6000)
                == "gsm8k: 120/360 answers, 2 failed, 24000 of about 73080 tokens, 4 tokens/s, 1 h 40 min, about 3 h 20 min left"
        )
        // 120 more answers are half written: a third and a sixth of the work is done.
        state.failed = 0
        state.unfinished = 12_000
        #expect(
            state.line(after: 600)
                == "gsm8k: 120/360 answers, 36000 of about 72000 tokens, 60 tokens/s, 10 min 00 s, about 10 min 00 s left"
        )
        state.failed = 2
        #expect(state.summary(after: 59.6) == "gsm8k: 120 of 360 answers in 1 min 00 s, 2 failed")
    }

    @Test(arguments: [
        (0.4, "0 s"), (59.4, "59 s"), (60, "1 min 00 s"), (3599, "59 min 59 s"),
        (3600, "1 h 00 min"), (90_000, "25 h 00 min"),
    ])
    func durations(seconds: Double, text: String) {
        #expect(duration(seconds) == text)
    }
}
