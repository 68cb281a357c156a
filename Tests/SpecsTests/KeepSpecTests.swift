import Foundation
import Routing
import Schemas
import SweepSupport
import TestSupport
import Testing

@testable import Specs

/// The second decision in specs: `keep`, `floor` and `drafts`.
struct KeepSpecTests {
    private func settings(_ policies: String, ablations: String = "") throws -> [PolicySetting] {
        let head = SpecFixture.good.components(separatedBy: "policies:")[0]
        return try SpecFixture.parse(head + "policies:\n" + policies + ablations).settings
    }

    private func cells(_ policies: String, ablations: String = "") throws -> [String] {
        try settings(policies, ablations: ablations).map(\.description)
    }

    /// The errors of a spec whose only policies these are.
    private func errors(_ policies: String, ablations: String = "") -> String {
        do {
            _ = try settings(policies, ablations: ablations)
            return "no error"
        } catch { return "\(error)" }
    }

    @Test func everyRuleIsRead() throws {
        #expect(
            try cells(
                """
                  - margin: { threshold: 0.5, keep: strict }
                  - margin: { threshold: 0.5, keep: { kl: [0.1, 0.3] } }
                  - margin: { threshold: 0.5, keep: [fly, { ratio: 0.2, top-k: [2, 3] }, { log-prob: 5 }] }
                  - margin: { threshold: 0.5, keep: { gap: 1, js: 0.4 }, floor: 0.001 }
                """) == [
                    "margin threshold=0.5,keep=strict",
                    "margin threshold=0.5,keep=kl:0.1", "margin threshold=0.5,keep=kl:0.3",
                    "margin threshold=0.5,keep=fly", "margin threshold=0.5,keep=ratio:0.2",
                    "margin threshold=0.5,keep=top-k:2", "margin threshold=0.5,keep=top-k:3",
                    "margin threshold=0.5,keep=log-prob:5",
                    "margin threshold=0.5,keep=gap:1,floor=0.001",
                    "margin threshold=0.5,keep=js:0.4,floor=0.001",
                ])
    }

    /// A grid over the first decision and the second.
    @Test func rulesAreAnAxis() throws {
        #expect(
            try cells(
                "  - margin: { threshold: [0.1, 0.2], keep: [all, strict], drafts: { most: [2, 4] } }"
            )
                == [
                    "margin threshold=0.1,most=2", "margin threshold=0.1,most=4",
                    "margin threshold=0.1,keep=strict,most=2",
                    "margin threshold=0.1,keep=strict,most=4",
                    "margin threshold=0.2,most=2", "margin threshold=0.2,most=4",
                    "margin threshold=0.2,keep=strict,most=2",
                    "margin threshold=0.2,keep=strict,most=4",
                ])
    }

    /// What a policy does when nothing is said is the same cell, however it is written.
    @Test func aDefaultThatIsWrittenOutIsNoOtherCell() throws {
        #expect(
            try cells("  - margin: { threshold: 0.5, keep: all, floor: 0 }") == [
                "margin threshold=0.5"
            ])
        #expect(try cells("  - speculative: { draft: 2, keep: strict }") == ["speculative draft=2"])
        #expect(
            try cells("  - speculative: { draft: 2, keep: all }") == [
                "speculative draft=2,keep=all"
            ])
        #expect(
            errors("  - margin: { threshold: 0.5, keep: all }\n  - margin: { threshold: 0.5 }")
                .contains("two cells are the same: margin threshold=0.5"))
    }

    @Test func ablationsReplaceTheSecondDecision() throws {
        #expect(
            try cells(
                "  - margin: { threshold: 0.5, keep: strict, drafts: { most: 4 } }\n",
                ablations: """
                    ablations:
                      - { name: loose, base: margin, keep: { kl: 1 } }
                      - { name: short, base: margin, drafts: { most: 1 } }
                    """) == [
                    "margin threshold=0.5,keep=strict,most=4",
                    "loose: margin threshold=0.5,keep=kl:1,most=4",
                    "short: margin threshold=0.5,keep=strict,most=1",
                ])
    }

    @Test func judgesAreReadWithTheirRecalls() throws {
        let all = try settings(
            "  - margin: { threshold: 0.5, keep: { judge: sums-short, recall: [0.9, 0.99] } }")
        #expect(
            all.map(\.description) == [
                "margin threshold=0.5,keep=judge:sums-short:0.9",
                "margin threshold=0.5,keep=judge:sums-short:0.99",
            ])
        #expect(all.map(\.judge) == ["sums-short", "sums-short"])
        #expect(
            all.map(\.method) == ["margin, keep judge sums-short", "margin, keep judge sums-short"])
    }

    /// Names of curves: cells with another second decision lie on another one.
    @Test func methodsAreNamedByBothDecisions() throws {
        let all = try settings(
            """
              - margin: { threshold: 0.5 }
              - margin: { threshold: 0.5, keep: [strict, { kl: 0.1 }], drafts: { most: 5, ngram: 3 } }
              - random: { ratio: 0.5, floor: 0.01 }
              - speculative: { draft: 2, keep: [strict, all] }
              - bild: { fallback: 0.5, rollback: 2 }
            """)
        #expect(
            all.map(\.method) == [
                nil, "margin, keep strict, most 5, ngram 3", "margin, keep kl, most 5, ngram 3",
                "random, keep all, floor 0.01", nil, "speculative, keep all", nil,
            ])
        #expect(
            all.map(\.judges) == [nil, "strict", "kl", "all", "strict", nil, "log-prob"])
    }

    @Test(arguments: [
        (
            "slm: { keep: strict }",
            "8:12: \"keep\" does not belong in policies[1].slm: slm never stops, so the large model reads nothing; a keep rule goes with random"
        ),
        (
            "llm: { keep: all }",
            "llm has no tokens of the small model; a keep rule goes with random, max-prob, entropy, margin, co-llm, citer, r2r, speculative"
        ),
        ("disagree: { keep: strict }", "disagree asks the large model for every token"),
        (
            "query: { router: sums-citer, threshold: 0.5, keep: strict }",
            "8:50: \"keep\" does not belong in policies[1].query: query chooses whole answers, so nothing of one is taken back"
        ),
        (
            "cascade: { router: sums-citer, threshold: 0.5, drafts: { most: 2 } }",
            "\"drafts\" does not belong in policies[1].cascade: cascade chooses whole answers"
        ),
        (
            "query-random: { ratio: 0.5, floor: 0.5 }",
            "\"floor\" does not belong in policies[1].query-random"
        ),
        ("bild: { fallback: 0.5, rollback: 2, keep: strict }", "bild has a keep rule of its own"),
        (
            "margin: { threshold: 0.5, keep: strikt }",
            "must be all, strict or fly, or a mapping with the keys log-prob, ratio, top-k, gap, kl, js, judge and recall, found the text \"strikt\""
        ),
        (
            "margin: { threshold: 0.5, keep: kl }",
            "must be all, strict or fly, or a mapping with the keys log-prob"
        ),
        (
            "margin: { threshold: 0.5, keep: { strict: 1 } }",
            "unknown key \"strict\" in policies[1].margin.keep"
        ),
        (
            "margin: { threshold: 0.5, keep: { kl: -1 } }",
            "policies[1].margin.keep.kl must be a number of at least 0"
        ),
        (
            "margin: { threshold: 0.5, keep: { kl: big } }",
            "policies[1].margin.keep.kl must be a number"
        ),
        ("margin: { threshold: 0.5, keep: { top-k: 1.5 } }", "must be a whole number from 1 to 64"),
        (
            "margin: { threshold: 0.5, keep: { judge: sums-shrot, recall: 0.9 } }",
            "unknown router \"sums-shrot\"; known: sums-citer, sums-short"
        ),
        (
            "margin: { threshold: 0.5, keep: { judge: sums-short } }",
            "missing key \"recall\" in keep"
        ),
        (
            "margin: { threshold: 0.5, keep: { judge: sums-short, recall: 1 } }",
            "policies[1].margin.keep.recall must be a number from 0.001 to 0.999"
        ),
        (
            "margin: { threshold: 0.5, keep: { kl: 1, recall: 0.9 } }",
            "\"recall\" does not belong in keep: it is a judge's"
        ),
        (
            "margin: { threshold: 0.5, keep: { judge: sums-short, recall: 0.9 }, drafts: { ngram: 2 } }",
            "so ngram does not go with it"
        ),
        (
            "margin: { threshold: 0.5, drafts: { rows: 1000 } }",
            "drafts of some rows need a keep rule"
        ),
        (
            "margin: { threshold: 0.5, keep: strict, drafts: { rows: 10 } }",
            "must be a whole number from 512"
        ),
        ("margin: { threshold: 0.5, keep: {} }", "keep must be all, strict or fly"),
        (
            "margin: { threshold: 0.5, keep: strict, floor: 0.1 }",
            "8:5: policy margin: floor changes nothing under keep: strict"
        ),
        (
            "margin: { threshold: 0.5, floor: 2 }",
            "policies[1].margin.floor must be a number from 0 to 1"
        ),
        (
            "margin: { threshold: 0.5, drafts: { ngram: 3 } }",
            "policy margin: drafts of n-grams need a keep rule that judges them"
        ),
        ("margin: { threshold: 0.5, drafts: { mots: 3 } }", "did you mean \"most\"?"),
        ("margin: { threshold: 0.5, drafts: { most: 0 } }", "must be a whole number from 1 to 64"),
        (
            "speculative: { draft: 2, drafts: { most: 3 } }",
            "unknown key \"most\" in policies[1].speculative.drafts"
        ),
    ])
    func whatDoesNotGoTogetherIsRefused(policy: String, message: String) {
        let found = errors("  - \(policy)")
        #expect(found.contains(message), "\(found)")
    }

    /// A trimmed matrix cannot have more rows than the whole one; where the model's vocabulary is not known yet, running tells.
    @Test func rowsBeyondTheVocabularyAreRefused() throws {
        let policies =
            "policies: [margin: { threshold: 0.5, keep: strict, drafts: { rows: [900, 1000] } }]"
        let text = SpecFixture.good.components(separatedBy: "policies:")[0] + policies
        var names = SpecFixture.names
        #expect(try SweepSpec.parse(text: text, file: "s.yaml", known: names).settings.count == 2)
        names.vocabulary = { $0 == "tiny" ? 999 : nil }
        let error = #expect(throws: SpecErrors.self) {
            try SweepSpec.parse(text: text, file: "s.yaml", known: names)
        }
        #expect(
            error?.description.contains(
                "s.yaml:7:74: rows must be at most 999, the tokens of the small model, found 1000")
                == true,
            "\(error?.description ?? "")")
    }

    /// Two vocabularies: readings do not lie side by side, so nothing can be judged.
    @Test func joinedPairsJudgeNothing() {
        let joint = { (policy: String) in
            do {
                _ = try SpecFixture.parse(
                    SpecFixture.good,
                    set: [
                        "models.vocabulary=joint", "policies=[\(policy)]", "ablations=null",
                    ])
                return "no error"
            } catch { return "\(error)" }
        }
        #expect(joint("margin: { threshold: 0.5, keep: all }") == "no error")
        #expect(
            joint("margin: { threshold: 0.5, keep: strict }").contains(
                "policy margin needs large to judge several positions"))
        #expect(
            joint("margin: { threshold: 0.5, floor: 0.1 }").contains(
                "policy margin needs large to judge several positions"))
        #expect(joint("random: { ratio: 0.5, keep: { kl: 1 } }").contains("needs"))
    }
}
