import Foundation
import Routing
import Testing

/// Which drafts stay, rule by rule and at its limits (docs/method.md, 2.9).
struct KeepRuleTests {
    /// L's favourite is 1 with probability 0.5, its second is 2 with 0.3; the draft has the probability given.
    private func draft(
        _ token: Int32, _ probability: Double, top: [Float] = [], kl: Float? = nil,
        js: Float? = nil
    ) -> JudgedDraft {
        JudgedDraft(
            token: token, favourite: 1, second: 2, logProbability: Float(log(probability)),
            favouriteLogProbability: Float(log(0.5)), top: top, kl: kl, js: js)
    }

    private func keeps(_ test: KeepRule.Test, _ draft: JudgedDraft) -> Bool {
        KeepRule(test).keeps(0, of: [draft])
    }

    @Test(arguments: [
        KeepRule.Test.all, .strict, .logProbability(atMost: 0), .ratio(atLeast: 1), .top(1),
        .gap(atMost: 0), .kl(atMost: 0), .js(atMost: 0), .fly,
    ])
    func theFavouriteAlwaysStays(test: KeepRule.Test) {
        #expect(KeepRule(test, floor: 0).keeps(0, of: [draft(1, 0.5)]))
    }

    @Test func everyRuleAtItsLimit() {
        let second = draft(2, 0.3)
        #expect(keeps(.all, second) && !keeps(.strict, second))
        #expect(keeps(.logProbability(atMost: 1.21), second))
        #expect(!keeps(.logProbability(atMost: 1.2), second))
        #expect(keeps(.ratio(atLeast: 0.59), second) && !keeps(.ratio(atLeast: 0.61), second))
        // log 0.5 - log 0.3 = 0.5108; a token that is not the second never stays.
        #expect(keeps(.gap(atMost: 0.52), second) && !keeps(.gap(atMost: 0.5), second))
        #expect(!keeps(.gap(atMost: 9), draft(3, 0.3)))
        let near = draft(2, 0.3, kl: 0.25, js: 0.05)
        #expect(keeps(.kl(atMost: 0.25), near) && !keeps(.kl(atMost: 0.24), near))
        #expect(keeps(.js(atMost: 0.05), near) && !keeps(.js(atMost: 0.04), near))
        // What was not compared does not pass.
        #expect(!keeps(.kl(atMost: 9), second) && !keeps(.js(atMost: 9), second))
    }

    @Test func amongTheBest() {
        let top = [0.5, 0.3, 0.1].map { Float(log($0)) }
        #expect(keeps(.top(2), draft(2, 0.3, top: top)))
        #expect(!keeps(.top(2), draft(5, 0.1, top: top)))
        #expect(keeps(.top(3), draft(5, 0.1, top: top)))
        // A vocabulary of three has no fourth.
        #expect(keeps(.top(4), draft(6, 0.01, top: top)))
    }

    @Test func nothingStaysBelowTheFloor() {
        let floor = Float(log(0.2))
        for test in [KeepRule.Test.all, .logProbability(atMost: 9), .ratio(atLeast: 0.01)] {
            #expect(KeepRule(test, floor: floor).keeps(0, of: [draft(2, 0.3)]))
            #expect(!KeepRule(test, floor: floor).keeps(0, of: [draft(2, 0.1)]))
        }
        #expect(!KeepRule.all.verifies && KeepRule(.all, floor: floor).verifies)
    }

    /// Entropy of three shares over log 3: of 0.8, 0.1, 0.1 it is 0.58, of 0.98, 0.01, 0.01 it is 0.10.
    @Test func flyLooksAtWhatFollows() {
        let wavering = [0.8, 0.1, 0.1].map { Float(log($0)) }
        let sure = [0.98, 0.01, 0.01].map { Float(log($0)) }
        func drafts(_ top: [Float], agreeing: Int, after rest: Int) -> [JudgedDraft] {
            [draft(2, 0.1, top: top)] + (0..<agreeing).map { _ in draft(1, 0.5) }
                + (0..<rest).map { _ in draft(2, 0.1, top: top) }
        }
        let rule = KeepRule(.fly)
        #expect(rule.keeps(0, of: drafts(wavering, agreeing: 6, after: 0)))
        #expect(!rule.keeps(0, of: drafts(sure, agreeing: 6, after: 0)))
        #expect(!rule.keeps(0, of: drafts(wavering, agreeing: 4, after: 2)))
        #expect(rule.keeps(0, of: drafts(wavering, agreeing: 5, after: 1)))
        // Six drafts: all are among the last six.
        #expect(!rule.keeps(0, of: drafts(wavering, agreeing: 5, after: 0)))
    }
}
