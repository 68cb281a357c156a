import Routing
import SweepSupport
import Testing

@testable import Specs

/// `--set`: what is not one whole value for one key that can be set is refused, never read in part.
struct SpecOverrideTests {
    func errors(_ overrides: String...) -> String {
        SpecFixture.errors(SpecFixture.good, set: overrides)
    }

    @Test(arguments: [
        // A comment is no value, and none may follow one: an unquoted # cuts a value off.
        ("task.limit=#20", "a comment has no place here"),
        ("task.limit= # 20", "a comment has no place here"),
        ("task.limit=20 #30", "a comment has no place here"),
        ("task.limit=null # none", "a comment has no place here"),
        ("question=is it #1?", "a comment has no place here"),
        ("policies=[slm, #llm", "this is not YAML"),
        ("policies=[slm] # llm", "a comment has no place here"),
        ("models.slm=tiny\t#large", "a comment has no place here"),
        // Nothing.
        ("task.limit=", "the value is missing"), ("task.limit=  ", "the value is missing"),
        ("task.limit=\t", "the value is missing"),
        // More than a value.
        ("task.limit=20 30", "must be a whole number"), ("task.limit=20, 30", "must be a whole"),
        ("task.limit=20]", "must be a whole number"), ("task.limit=[20", "this is not YAML"),
        ("task.limit=\"20\" 30", "this is not YAML"), ("policies=[slm] [llm]", "this is not YAML"),
        ("task.limit=20\n---\n30", "must stand in one line"),
        ("task.limit=20\r", "must stand in one line"),
        ("task.limit=--- 20", "must be a whole number"), ("task.limit=...", "must be a whole"),
        ("task.limit=%20", "this is not YAML"), ("task.limit=a: b", "must be a whole number"),
        ("task.limit==20", "must be a whole number"),
        // Anchors, aliases, tags.
        ("task.limit=&a 20", "anchors and aliases are not read here"),
        ("task.limit=*a", "anchors and aliases are not read here"),
        ("policies=[&a slm, *a]", "anchors and aliases are not read here"),
        ("policies=[{<<: *a}]", "merge keys (<<) are not read"),
        ("policies=[{<<: {slm: null}}]", "merge keys (<<) are not read"),
        ("task.limit=!!int 20", "tags such as !!int are not read"),
        ("task.limit=!!null", "tags such as !!null are not read"),
        ("question=! what", "tags such as ! are not read"),
        // Numbers that other readers take for others.
        ("task.limit=020", "found the text \"020\""),
        ("task.limit=0x14", "found the text \"0x14\""),
        ("task.limit=1_000", "found the text"), ("task.limit=1:20", "found the text"),
        ("task.limit=1e3", "must be a whole number"), ("task.limit=2.0", "must be a whole number"),
        ("task.limit=.inf", "must be a whole number"),
        ("task.limit=.nan", "must be a whole number"),
        ("task.limit=-1", "must be a whole number"), ("task.limit=0", "must be a whole number"),
        ("task.limit=99999999999999999999", "must be a whole number"),
        ("task.limit=yes", "must be a whole number"),
        ("task.limit=\"20\"", "must be a whole number"),
        ("run.fuse=no", "must be true or false"), ("run.fuse=off", "must be true or false"),
        ("run.fuse=0", "must be true or false"),
        // Keys.
        ("include=other.yaml", "include cannot be set"), ("include=", "include cannot be set"),
        ("include=null", "include cannot be set"), ("include.a=b", "include cannot be set"),
        ("=20", "expected key=value"), ("task.limit", "expected key=value"), ("", "expected key"),
        (".limit=20", "a key is empty"), ("task.=20", "a key is empty"),
        ("task..limit=20", "a key is empty"), (".=20", "a key is empty"),
        ("task. limit=20", "a key is a word"), ("task.limit =20", "a key is a word"),
        ("policies[0]=slm", "elements of lists are not set one by one"),
        ("policies.[0]=slm", "elements of lists are not set one by one"),
        ("policies.0=slm", "policies is a list"), ("task.name.x=1", "is the text \"sums\""),
        ("limit=20", "unknown key \"limit\""), ("task.Limit=20", "unknown key \"Limit\""),
        ("tsak.limit=20", "unknown key \"tsak\""), ("tsak.limit=null", "unknown key \"tsak\""),
        ("task.limt=null", "unknown key \"limt\""), ("task=null", "missing key \"task\""),
        ("task.name=null", "missing key \"name\""), ("models.slm=~", "missing key \"slm\""),
    ])
    func isRefused(override: String, says: String) {
        let found = errors(override)
        #expect(found.contains(says), "\(found)")
        #expect(found.hasPrefix("--set ") || says.hasPrefix("missing key"), "\(found)")
    }

    /// Keys within keys are calls within calls, for which a text's length would be too many.
    @Test(arguments: [41, 60_000])
    func endlessKeysAreRefused(count: Int) {
        let override = String(repeating: "a.", count: count - 1) + "a=1"
        let found = errors(override)
        #expect(
            found.contains("\(count) keys within each other; a spec has at most 40"),
            "\(found.prefix(200))")
        #expect(found.hasPrefix("--set a.a.") && found.count < 300)
        // As many as may be are read, and refused for what they are.
        let most = errors(String(repeating: "a.", count: 39) + "a=1")
        #expect(most.contains("unknown key \"a\""), "\(most)")
    }

    @Test func whatIsWholeIsTaken() throws {
        func spec(_ overrides: String...) throws -> SweepSpec {
            try SpecFixture.parse(SpecFixture.good, set: overrides)
        }
        #expect(try spec("task.limit=20").task.rows == .first(20))
        #expect(try spec("task.limit=  20 ").task.rows == .first(20))
        // Null, written out, removes a key; one that is not there is removed already.
        #expect(try spec("task.limit=null").task.rows == .all)
        #expect(try spec("task.limit=~", "task.seed=null", "slurm=null").task.rows == .all)
        #expect(try spec("question=a#b").question == "a#b")
        #expect(try spec("question='is it #1?'").question == "is it #1?")
        #expect(try spec("question=\"a # b\"").question == "a # b")
        #expect(try spec("question=2*3 & 4").question == "2*3 & 4")
        #expect(try spec("question='*a &b !c <<'").question == "*a &b !c <<")
        #expect(try spec("question=a=b").question == "a=b")
        #expect(
            try spec("task={ name: sums, split: test }", "task.limit=3").task.rows == .first(3))
        #expect(try spec("slurm.tasks=3").launchers.slurm.tasks == 3)
    }

    @Test func noneTakesBackAnother() {
        #expect(
            errors("task.limit=5", "task.limit=6").contains(
                "--set task.limit=6: task.limit is set twice, first by --set task.limit=5"))
        #expect(
            errors("task.limit=5", "task={ name: sums, split: dev }").contains(
                "this takes back --set task.limit=5; give it before that one"))
        #expect(errors("task.limit=5", "task.limit=5").contains("is set twice"))
        #expect(errors("task.limit=5", "task.seed=6") == "no errors")
    }

    /// README's own example replaces the policies of a spec that has ablations.
    @Test func ablationsGoWithTheirPolicies() throws {
        let spec = try SpecFixture.parse(SpecFixture.good, set: ["policies=[slm, llm]"])
        #expect(spec.settings.map(\.description) == ["slm", "llm"])
        #expect(
            spec.remarks == [
                "without the policies they vary, these ablations are left out: short-sight"
            ])
        let kept = try SpecFixture.parse(
            SpecFixture.good, set: ["policies=[{citer: {router: sums-citer, threshold: 0.1}}]"])
        #expect(kept.settings.count == 2 && kept.remarks.isEmpty)
        // What is asked for is not left out.
        #expect(
            errors("policies=[slm]", "ablations=[{name: x, base: citer, router: sums-short}]")
                .contains("must be a policy of this spec"))
        #expect(
            SpecFixture.errors(SpecFixture.with("- margin", nil), set: ["policies=[slm]"])
                == "no errors")
    }
}

/// A value that was not written is not a default.
struct SpecNullTests {
    @Test(arguments: [
        ("task:", "task: { name: sums, split: test, limit: }", "task.limit"),
        ("task:", "task: { name: sums, split: test, limit: ~ }", "task.limit"),
        ("task:", "task: { name: sums, split: test, limit: null }", "task.limit"),
        ("task:", "task: { name: sums, split: test, seed: , limit: 3 }", "task.seed"),
        ("task:", "task:", "task must be"), ("models:", "models:", "models must be"),
        ("question:", "question:", "question must be"), ("question:", "question: ~", "question"),
        ("generation:", "generation: { max_tokens: 32, seed: }", "generation.seed"),
        ("generation:", "generation: { max_tokens: 32, template: }", "generation.template"),
        ("calibration:", "calibration:", "calibration must be"),
        ("calibration:", "calibration: { limit: }", "calibration.limit"),
        ("- margin", "  - margin: { threshold: }", "threshold"),
        ("- margin", "  - margin: { threshold: [~] }", "threshold"),
        ("- margin", "  - margin:", "margin"), ("- margin", "  -", "policies[5]"),
        ("- margin", "  - margin: { threshold: { quantiles: } }", "quantiles"),
        ("- { name: short-sight", "  - { name: short-sight, base: citer, router: }", "router"),
        ("ablations:", "run:\nablations:", "run must be"),
        ("ablations:", "run: { fuse: }\nablations:", "run.fuse"),
        ("ablations:", "routers:\nablations:", "routers must be"),
        ("ablations:", "slurm: { tasks: }\nablations:", "slurm.tasks"),
        ("ablations:", "hypothesis:\nablations:", "hypothesis must be"),
        ("ablations:", "include:\nablations:", "include must be"),
    ])
    func isRefused(line: String, replacement: String, says: String) {
        let found = SpecFixture.errors(SpecFixture.with(line, replacement))
        #expect(found.contains(says), "\(found)")
        #expect(found != "no errors")
    }

    /// `limit:` over an included limit must not mean all questions; `null`, written out, does.
    @Test func onlyAWrittenNullRemovesAnIncludedKey() throws {
        let files = ["base.yaml": SpecFixture.good]
        func text(_ value: String) -> String {
            "include: base.yaml\ntask: { limit: \(value) }\n"
        }
        #expect(try SpecFixture.parse(text("null"), files: files).task.rows == .all)
        #expect(try SpecFixture.parse(text("~"), files: files).task.rows == .all)
        #expect(try SpecFixture.parse(text("7"), files: files).task.rows == .first(7))
        #expect(
            SpecFixture.errors(text(""), files: files).contains(
                "s.yaml:2:17: task.limit must be a whole number of at least 1, found nothing"))
        #expect(
            SpecFixture.errors("include: base.yaml\ntask:\n  limit: # 20\n", files: files)
                .contains("task.limit must be a whole number of at least 1, found nothing"))
    }

    @Test func aQuestionMayBeMissing() throws {
        #expect(try SpecFixture.parse(SpecFixture.with("question:", nil)).question == nil)
    }

    /// A policy without settings may be written as a key without a value.
    @Test func aPolicyWithoutSettingsNeedsNone() throws {
        let spec = try SpecFixture.parse(SpecFixture.with("- slm", "  - slm:"))
        #expect(spec.settings.first?.description == "slm")
    }
}

/// What an experiment may be called: its name is that of its files.
struct SpecNameTests {
    @Test(arguments: [
        "gsm8k calibration", "a/b", "..", "-x", ".x", "a b", "ä", "a\\b", "", "a:b",
        String(repeating: "x", count: 65), "a'b", "a$b", "labels", "README", "readme", "answers",
        "x.shard-1-of-2",
    ])
    func isRefused(name: String) {
        let quoted = "\"\(name.replacing("\\", with: "\\\\"))\""
        let found = SpecFixture.errors(
            SpecFixture.with("experiment:", "experiment: \(quoted)"))
        #expect(found.contains("s.yaml:1:13: experiment must"), "\(found)")
    }

    @Test(arguments: ["gsm8k", "a", "0", "A.b_c-d", String(repeating: "x", count: 64), "labels-4"])
    func isTaken(name: String) throws {
        // What looks like a number is written in quotes.
        let spec = try SpecFixture.parse(
            SpecFixture.with("experiment:", "experiment: \"\(name)\""))
        #expect(spec.experiment == name)
    }
}
