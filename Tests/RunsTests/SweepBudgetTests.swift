import Foundation
import SweepSupport
import Synchronization
import TestSupport
import Testing

@testable import Runs

struct SweepBudgetTests {
    @Test(arguments: [
        ("90s", 90), ("30m", 1800), ("2h", 7200), ("1h30m", 5400), ("1d", 86_400),
        ("1d2h3m4s", 93_784),
    ])
    func timesAsPeopleWriteThem(text: String, seconds: Int) {
        #expect(TimeSpan(text)?.seconds == seconds)
        #expect(TimeSpan(text)?.description == text)
    }

    @Test(arguments: [
        "", "30", "0m", "m", "-1h", "30 m", "1.5h", "30m1h", "1h1h", "9999999d", "h30m",
    ])
    func anythingElseIsRefused(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    /// A question is begun only if it would end in time, judging by the longest so far.
    @Test func timeIsNotOverdrawn() throws {
        let clock = Mutex(ContinuousClock.now)
        let meter = BudgetMeter(SweepBudget(time: TimeSpan("100s"))) { clock.withLock { $0 } }
        func pass(_ seconds: Int) { clock.withLock { $0 += .seconds(seconds) } }
        #expect(meter.refusal(tokens: 10) == nil)
        let first = meter.begin(tokens: 10)
        pass(30)
        meter.end(first)
        pass(40)  // 70 s, and the next may take 30
        #expect(meter.refusal(tokens: 10) == nil)
        pass(1)
        #expect(meter.refusal(tokens: 10) == "--max-time 100s is used up")
    }

    @Test func tokensAreReservedUntilTheyAreKnown() {
        let meter = BudgetMeter(SweepBudget(tokens: 100))
        #expect(meter.refusal(tokens: 101)?.contains("one question may take 101") == true)
        #expect(meter.refusal(tokens: 100) == nil)
        let ticket = meter.begin(tokens: 60)
        #expect(meter.refusal(tokens: 41) != nil)
        meter.answer(tokens: 10, of: 30)
        meter.answer(tokens: 5, of: 30)
        meter.end(ticket)
        #expect(meter.refusal(tokens: 85) == nil)
        #expect(meter.refusal(tokens: 86) == "--max-tokens 100 is used up, but for 85")
    }

    /// What a budget allows is run whole, never more, and runs with budgets add up to the whole sweep.
    @Test func aTokenBudgetEndsTheRunAndTheNextGoesOn() throws {
        var size = TinyExperiment.Size()
        size.questions = 8
        try SweepFixture.with(size: size) { fixture in
            // Two questions of 11 answers of 16 tokens, at most; calibration takes 2 x 3 x 16.
            let most = 2 * 11 * 16
            var (runs, before) = (0, Int64(0))
            while true {
                let outcome = try fixture.run("a") { $0.budget.tokens = most }
                runs += 1
                let tokens = try fixture.count("SELECT sum(tokens) FROM sample", in: "a")
                #expect(tokens - before <= most)
                #expect(tokens > before)
                before = tokens
                if outcome.isComplete { break }
                guard case .budget(let reason) = outcome.end, outcome.missing > 0 else {
                    Issue.record("\(outcome)")
                    break
                }
                #expect(reason.contains("--max-tokens \(most) is used up"))
            }
            #expect(runs >= 4 && runs <= 8)
            try fixture.run("b")
            #expect(try fixture.rows("a") == fixture.rows("b"))
        }
    }

    @Test func tooSmallABudgetSaysWhatIsNeeded() throws {
        try SweepFixture.with { fixture in
            let outcome = try fixture.run("a", set: ["policies=[slm, llm]"]) {
                $0.budget.tokens = 20
            }
            #expect(
                outcome.lines == [
                    "--max-tokens 20 is too little: one question may take 32: 12 answers are missing;"
                        + " run the same command to go on"
                ])
        }
    }

    @Test func theCommandEndsWithStatusZero() throws {
        try SweepFixture.with { fixture in
            let result = try fixture.citer(
                "sweep", fixture.tiny.spec, "--max-tokens", "300", "--max-time", "1h")
            #expect(result.status == 0, "\(result.messages)")
            #expect(result.messages.contains("--max-tokens 300 is used up"))
            #expect(result.output.hasPrefix("tiny: "))
            let wrong = try fixture.citer("sweep", fixture.tiny.spec, "--max-time", "soon")
            #expect(wrong.status == 2)
            #expect(wrong.messages.contains("expected a time such as 90s"))
        }
    }
}

struct SweepOutcomeTests {
    @Test func whatAUserMustKnow() {
        var outcome = SweepOutcome(end: .finished, answers: 5)
        #expect(outcome.lines == [] && outcome.isComplete)
        outcome.failures = 3
        #expect(
            outcome.lines == ["3 answers failed; run the same command to try them again"])
        outcome.abandoned = 3
        #expect(
            outcome.lines == ["3 answers failed; 3 of them three times, and are left alone"])
        #expect(!outcome.isComplete)
        outcome = SweepOutcome(end: .interrupted(by: "SIGTERM"), missing: 7)
        #expect(
            outcome.lines == [
                "SIGTERM: what was finished is kept, 7 answers are missing; run the same command to"
                    + " go on"
            ])
    }
}
