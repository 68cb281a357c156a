import Assets
import Foundation
import Routing
import SweepSupport
import TestSupport
import Testing

@testable import Specs

struct SpecExpansionTests {
    func cells(_ policies: String, set overrides: [String] = []) throws -> [String] {
        let head = SpecFixture.good.components(separatedBy: "policies:")[0]
        let text = head + "policies:\n" + policies
        return try SpecFixture.parse(text, set: overrides).settings.map(\.description)
    }

    @Test func everythingIsRead() throws {
        let spec = try SpecFixture.parse(SpecFixture.good)
        #expect(spec.experiment == "small")
        #expect(spec.question == "Does it work?")
        #expect(spec.hypothesis == nil)
        #expect(spec.models.slm == "tiny" && spec.models.llm == "large")
        #expect(spec.task.name == "sums" && spec.task.split == "test")
        #expect(spec.task.rows == .first(10))
        #expect(spec.generation.maxTokens == 32 && spec.generation.seed == 0)
        #expect(spec.calibration?.split == "train" && spec.calibration?.rows == .first(5))
        #expect(
            spec.settings.map(\.description) == [
                "slm", "llm", "random ratio=0.25", "random ratio=0.5", "entropy threshold=q1/3",
                "entropy threshold=q2/3", "margin threshold=0.75",
                "citer sums-citer threshold=0.5", "citer sums-citer threshold=0.9",
                "speculative draft=4", "bild fallback=0.5,rollback=2",
                "bild fallback=0.5,rollback=3", "bild fallback=0.6,rollback=2",
                "bild fallback=0.6,rollback=3", "short-sight: citer sums-short threshold=0.5",
                "short-sight: citer sums-short threshold=0.9",
            ])
        #expect(
            spec.settings[4] == PolicySetting(.entropy, threshold: .quantile(1, of: 2)))
        #expect(
            spec.settings.last
                == PolicySetting(
                    .citer, router: "sums-short", threshold: .value(0.9), label: "short-sight"))
    }

    @Test func anOptionalPartMayBeLeftOut() throws {
        let spec = try SpecFixture.parse(
            """
            experiment: s
            question: q
            hypothesis: h
            models: { slm: models/own.gguf, llm: large }
            task: { name: words, split: test, language: sw }
            generation: { max_tokens: 1, seed: 7, template: raw }
            policies: [slm]
            """)
        #expect(spec.hypothesis == "h")
        #expect(spec.task.rows == .all && spec.task.language == "sw")
        #expect(spec.generation.seed == 7 && spec.generation.template == "raw")
        #expect(spec.calibration == nil)
    }

    @Test func quantilesAreCalibratedOnTrainUnlessTheSpecSaysOtherwise() throws {
        let spec = try SpecFixture.parse(SpecFixture.with("calibration:", nil))
        #expect(spec.calibration == .init(split: "train", parts: [], rows: .first(50)))
        let other = try SpecFixture.parse(
            SpecFixture.good, set: ["calibration={ split: dev, seed: 3 }"])
        #expect(other.calibration == .init(split: "dev", parts: [], rows: .sample(50, seed: 3)))
        // Without a quantile there is nothing to calibrate.
        let none = try SpecFixture.parse(
            SpecFixture.good, set: ["policies=[slm]", "ablations=null"])
        #expect(none.calibration == nil)
    }

    @Test func zippedSettingsArePaired() throws {
        #expect(
            try cells("  - bild: { zip: { rollback: [2, 3], fallback: [0.5, 0.6] } }") == [
                "bild fallback=0.5,rollback=2", "bild fallback=0.6,rollback=3",
            ])
        #expect(
            try cells(
                "  - citer: { zip: { router: [sums-citer, sums-short], threshold: [0.1, 1] } }")
                == ["citer sums-citer threshold=0.1", "citer sums-short threshold=1"])
    }

    @Test func theOrderOfSettingsInTheTextDoesNotMatter() throws {
        #expect(
            try cells("  - bild: { rollback: [2, 3], fallback: [0.5, 0.6] }")
                == cells("  - bild: { fallback: [0.5, 0.6], rollback: [2, 3] }"))
    }

    @Test func anAblationReplacesWhatItNames() throws {
        #expect(
            try cells(
                """
                  - citer: { zip: { router: [sums-citer, sums-short], threshold: [0.1, 1] } }
                  - citer: { router: sums-citer, threshold: 0.7 }
                ablations:
                  - { name: half, base: citer, threshold: 0.5 }
                """, set: ["policies=[{ citer: { router: sums-citer, threshold: 0.7 } }]"])
                == ["citer sums-citer threshold=0.7", "half: citer sums-citer threshold=0.5"])
        #expect(
            try cells(
                """
                  - bild: { zip: { fallback: [0.5, 0.6], rollback: [2, 3] } }
                ablations:
                  - { name: strict, base: bild, rollback: [0, 1] }
                """) == [
                    "bild fallback=0.5,rollback=2", "bild fallback=0.6,rollback=3",
                    "strict: bild fallback=0.5,rollback=0", "strict: bild fallback=0.5,rollback=1",
                    "strict: bild fallback=0.6,rollback=0", "strict: bild fallback=0.6,rollback=1",
                ])
    }

    @Test func flipsAreCellsOfTheirOwn() throws {
        #expect(
            try cells(
                """
                  - margin: { threshold: 0.5 }
                ablations:
                  - { name: few, base: margin, flip: 0.05 }
                  - { name: many, base: margin, flip: 0.2 }
                """) == [
                    "margin threshold=0.5", "few: margin threshold=0.5,flip=0.05",
                    "many: margin threshold=0.5,flip=0.2",
                ])
        #expect(throws: (any Error).self) {
            try cells(
                """
                  - bild: { fallback: 0.5, rollback: 2 }
                ablations:
                  - { name: few, base: bild, flip: 0.05 }
                """)
        }
    }

    @Test func everyPolicyIsKnown() throws {
        func routed(_ policy: PolicyDefinition) -> (String, PolicySetting?) {
            (
                "\(policy.name): { router: sums-citer, threshold: 0.5 }",
                PolicySetting(policy, router: "sums-citer", threshold: .value(0.5))
            )
        }
        let settings: [(String, PolicySetting?)] =
            [
                ("slm", .slm), ("llm", .llm), ("disagree", .disagree),
                ("query-oracle", PolicySetting(.queryOracle)),
                ("random: { ratio: 0 }", PolicySetting(.random, ["ratio": 0])),
                ("query-random: { ratio: 1 }", PolicySetting(.queryRandom, ["ratio": 1])),
                ("max-prob: { threshold: 1 }", PolicySetting(.maxProb, threshold: .value(1))),
                ("entropy: { threshold: 12.5 }", PolicySetting(.entropy, threshold: .value(12.5))),
                ("margin: { threshold: 0 }", PolicySetting(.margin, threshold: .value(0))),
                ("speculative: { draft: 64 }", PolicySetting(.speculative, ["draft": 64])),
                (
                    "bild: { fallback: 0, rollback: 1e3 }",
                    PolicySetting(.bild, ["fallback": 0, "rollback": 1000])
                ),
            ] + PolicyDefinition.all.filter(\.isTrained).map(routed)
        for (text, setting) in settings {
            let head = SpecFixture.good.components(separatedBy: "policies:")[0]
            let spec = try SpecFixture.parse(head + "policies:\n  - " + text)
            #expect(setting != nil && spec.settings == [setting])
            #expect(text.hasPrefix(spec.settings[0].policy.name))
        }
        #expect(settings.count == PolicyDefinition.all.count)
    }

    @Test func quantilesMayBeListed() throws {
        let listed = try cells("  - margin: { threshold: { quantiles: [0.025, 0.5] } }")
        #expect(listed == ["margin threshold=q25/1000", "margin threshold=q500/1000"])
    }

    @Test func aQuantileBecomesAValue() throws {
        let cell = try #require(
            PolicySetting(.margin, threshold: .quantile(3, of: 9), label: "x"))
        #expect(cell.setting == "threshold=q3/10")
        #expect(cell.settingThreshold(to: 0.125).setting == "threshold=0.125")
        #expect(cell.settingThreshold(to: 0.125).label == "x")
        #expect(PolicySetting.slm.settingThreshold(to: 1) == .slm)
    }

    @Test(arguments: [
        (2.0, "2"), (0.5, "0.5"), (0, "0"), (0.1 + 0.2, "0.30000000000000004"), (1e-7, "1e-07"),
        (1e300, "1e+300"),
    ])
    func numbersReadBackTheSame(value: Double, text: String) {
        #expect(settingText(value) == text)
        #expect(Double(text) == value)
    }

    // MARK: Overrides and includes

    @Test func overridesGoOverTheFile() throws {
        let spec = try SpecFixture.parse(
            SpecFixture.good,
            set: [
                "task.limit=30", "task.seed=3", "models.llm=tiny",
                "policies=[llm, random: { ratio: 0.5 }]", "ablations=null",
                "question=Is 1+1=2?",
            ])
        #expect(spec.task.rows == .sample(30, seed: 3))
        #expect(spec.models.llm == "tiny")
        #expect(spec.settings.map(\.description) == ["llm", "random ratio=0.5"])
        #expect(spec.question == "Is 1+1=2?")
    }

    @Test func anIncludedSpecIsTheBase() throws {
        let files = [
            "base.yaml": SpecFixture.good,
            "sub/more.yaml": "include: ../base.yaml\ntask: { limit: 99 }\npolicies: [slm]\n",
            "seed.yaml": "generation: { seed: 5 }\n",
        ]
        let one = try SpecFixture.parse(
            "include: ./sub/more.yaml\nexperiment: other\nablations: null\n", files: files)
        #expect(one.experiment == "other")
        #expect(one.task.split == "test" && one.task.rows == .first(99))
        #expect(one.settings == [PolicySetting.slm])
        let two = try SpecFixture.parse("include: [base.yaml, seed.yaml]\n", files: files)
        #expect(two.generation.seed == 5 && two.generation.maxTokens == 32)
        #expect(two.settings.count == 16)
    }

    /// It says nothing, and so changes nothing.
    @Test(arguments: ["", "# none yet\n", "\n\n# a\n  # b\n", "{}", "---\n"])
    func anEmptyIncludedFileIsAnEmptyMapping(text: String) throws {
        let files = ["base.yaml": SpecFixture.good, "none.yaml": text]
        let good = try SpecFixture.parse(SpecFixture.good)
        for list in ["[base.yaml, none.yaml]", "[none.yaml, base.yaml]"] {
            let spec = try SpecFixture.parse("include: \(list)\n", files: files)
            #expect(spec.settings == good.settings && spec.task.rows == good.task.rows)
        }
        #expect(
            SpecFixture.errors("include: none.yaml\n", files: files).contains(
                "missing key \"experiment\""))
    }

    // MARK: The committed specs

    static var specs: [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: checkoutRoot + "/experiments")
        return (names ?? []).filter {
            $0.hasSuffix(".yaml") && $0 != "models.yaml" && $0 != "datasets.yaml"
        }.sorted()
    }

    @Test(arguments: specs)
    func theCommittedSpecsAreRight(name: String) throws {
        let catalog = try AssetCatalog(directory: checkoutRoot + "/experiments")
        let names = try SpecNames(
            catalog: catalog, routers: nil,
            fileExists: { _ in false })
        let spec = try SweepSpec.load(path: checkoutRoot + "/experiments/" + name, known: names)
        #expect(spec.experiment + ".yaml" == name)
    }

    @Test func thereAreCommittedSpecs() {
        #expect(Self.specs.contains("gsm8k.yaml"))
    }
}
