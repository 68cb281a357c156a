import SweepSupport

/// Wrong policies and ablations, and what is said of them.
extension SpecErrorTests {
    static let policyCases: [Case] = [
        Case(
            what: "no policies", text: SpecFixture.good, set: ["policies=[]", "ablations=null"],
            expected: """
                --set policies=[]: policies must be a list of at least 1, each a policy: slm, \
                llm, random, max-prob, entropy, margin, query, query-random, query-oracle, \
                cascade, co-llm, citer, r2r, disagree, speculative or bild, found an empty list
                    policies=[]
                             ^
                """),
        Case(
            what: "policies as a mapping", text: SpecFixture.good,
            set: ["policies={ slm: null }", "ablations=null"],
            expected: """
                --set policies={ slm: null }: policies must be a list of at least 1, each a \
                policy: slm, llm, random, max-prob, entropy, margin, query, query-random, \
                query-oracle, cascade, co-llm, citer, r2r, disagree, speculative or bild, found \
                a mapping
                    policies={ slm: null }
                             ^
                """),
        Case(
            what: "unknown policy",
            text: SpecFixture.with("- margin", "  - marign: { threshold: 0.75 }"),
            expected: """
                s.yaml:12:5: unknown policy "marign"; expected slm, llm, random, max-prob, \
                entropy, margin, query, query-random, query-oracle, cascade, co-llm, citer, \
                r2r, disagree, speculative or bild
                      - marign: { threshold: 0.75 }
                        ^
                    did you mean "margin"?
                """),
        Case(
            what: "unknown router",
            text: SpecFixture.with("- citer", "  - citer: { router: sums-ctier, threshold: 0.5 }"),
            expected: """
                s.yaml:13:22: unknown router "sums-ctier"; known: sums-citer, sums-short
                      - citer: { router: sums-ctier, threshold: 0.5 }
                                         ^
                    did you mean "sums-citer"?
                """),
        Case(
            what: "missing router",
            text: SpecFixture.with("- citer", "  - citer: { threshold: 0.5 }"),
            set: ["ablations=null"],
            expected: """
                s.yaml:13:12: missing key "router" in policies[6].citer: a router's name, or a \
                list of such
                      - citer: { threshold: 0.5 }
                               ^
                """),
        Case(
            what: "missing settings", text: SpecFixture.with("- margin", "  - margin"),
            expected: """
                s.yaml:12:5: policy "margin" needs its settings: margin: { threshold: … }
                      - margin
                        ^
                """),
        Case(
            what: "settings of a policy without",
            text: SpecFixture.with("- slm", "  - slm: { ratio: 0.5 }"),
            expected: """
                s.yaml:8:10: policy "slm" takes no settings, found a mapping
                      - slm: { ratio: 0.5 }
                             ^
                """),
        Case(
            what: "unknown setting",
            text: SpecFixture.with("- margin", "  - margin: { treshold: 0.75 }"),
            expected: """
                s.yaml:12:13: missing key "threshold" in policies[5].margin: a number from 0 to \
                1, or a list of such, or a mapping with the key quantiles
                      - margin: { treshold: 0.75 }
                                ^
                s.yaml:12:15: unknown key "treshold" in policies[5].margin; expected \
                threshold, keep, floor or drafts
                      - margin: { treshold: 0.75 }
                                  ^
                    did you mean "threshold"?
                2 errors
                """),
        Case(
            what: "two policies in one element",
            text: SpecFixture.with("- margin", "  - margin: { threshold: 0.75 }\n    disagree:"),
            expected: """
                s.yaml:13:5: policies[5] must name one policy, found 2: margin and disagree; \
                indent the settings of a policy below its name, or give each policy its own "-"
                        disagree:
                        ^
                """),
        Case(
            what: "two cells that are the same",
            text: SpecFixture.with("- random", "  - random: { ratio: [0.5, 0.25, 0.50] }"),
            expected: """
                s.yaml:10:5: two cells are the same: random ratio=0.5, first given at s.yaml:10:5
                      - random: { ratio: [0.5, 0.25, 0.50] }
                        ^
                """),
        Case(
            what: "one quantile in two fractions",
            text: SpecFixture.with("- margin", "  - entropy: { threshold: { quantiles: 5 } }"),
            expected: """
                s.yaml:12:5: two cells are the same: entropy threshold=q2/6, first given at \
                s.yaml:11:5
                      - entropy: { threshold: { quantiles: 5 } }
                        ^
                s.yaml:12:5: two cells are the same: entropy threshold=q4/6, first given at \
                s.yaml:11:5
                      - entropy: { threshold: { quantiles: 5 } }
                        ^
                2 errors
                """),
        Case(
            what: "uneven zip",
            text: SpecFixture.with(
                "- bild", "  - bild: { zip: { fallback: [0.5, 0.6], rollback: [2] } }"),
            expected: """
                s.yaml:15:18: policies[8].bild.zip pairs lists of one length, found fallback \
                has 2, rollback has 1
                      - bild: { zip: { fallback: [0.5, 0.6], rollback: [2] } }
                                     ^
                """),
        Case(
            what: "zip and axis of one key",
            text: SpecFixture.with(
                "- bild", "  - bild: { fallback: 0.5, zip: { fallback: [0.5], rollback: [2] } }"),
            expected: """
                s.yaml:15:23: fallback is given both by itself and in zip
                      - bild: { fallback: 0.5, zip: { fallback: [0.5], rollback: [2] } }
                                          ^
                """),
        Case(
            what: "ablation of nothing",
            text: SpecFixture.with(
                "short-sight", "  - { name: short-sight, base: r2r, router: sums-short }"),
            expected: """
                s.yaml:17:32: ablations[1].base must be a policy of this spec, found "r2r"; it \
                has slm, llm, random, entropy, margin, citer, speculative, bild
                      - { name: short-sight, base: r2r, router: sums-short }
                                                   ^
                """),
        Case(
            what: "ablation of what the base has not",
            text: SpecFixture.with(
                "short-sight", "  - { name: short-sight, base: margin, router: sums-short }"),
            expected: """
                s.yaml:17:40: policy "margin" has no "router"; it has threshold, keep, \
                floor, drafts
                      - { name: short-sight, base: margin, router: sums-short }
                                                           ^
                """),
        Case(
            what: "ablation out of the base's range",
            text: SpecFixture.with(
                "short-sight", "  - { name: short-sight, base: margin, threshold: 3 }"),
            expected: """
                s.yaml:17:51: ablations[1].threshold must be a number from 0 to 1, or a list of \
                such, found 3
                      - { name: short-sight, base: margin, threshold: 3 }
                                                                      ^
                """),
        Case(
            what: "ablation that changes nothing",
            text: SpecFixture.with("short-sight", "  - { name: short-sight, base: margin }"),
            expected: """
                s.yaml:17:5: two cells are the same: short-sight: margin threshold=0.75, first \
                given at s.yaml:12:5
                      - { name: short-sight, base: margin }
                        ^
                """),
        Case(
            what: "what joined vocabularies cannot do",
            text: SpecFixture.with(
                "models:", "models: { slm: tiny, llm: large, vocabulary: joint }"),
            expected: """
                s.yaml:13:5: policy citer needs tiny to give its hidden states, and \
                models.vocabulary: joint does not let it: leave it out, or choose two models of one \
                vocabulary
                      - citer: { router: sums-citer, threshold: [0.5, 0.9] }
                        ^
                s.yaml:14:5: policy speculative needs large to judge several positions of a text \
                in one pass, and models.vocabulary: joint does not let it: leave it out, or \
                choose two models of one vocabulary
                      - speculative: { draft: 4 }
                        ^
                s.yaml:15:5: policy bild needs large to judge several positions of a text in one \
                pass, and models.vocabulary: joint does not let it: leave it out, or choose two \
                models of one vocabulary
                      - bild: { fallback: [0.5, 0.6], rollback: [2, 3] }
                        ^
                3 errors
                """),
    ]
}
