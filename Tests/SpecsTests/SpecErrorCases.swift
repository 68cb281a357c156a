import SweepSupport

/// Wrong keys, values and names, and what is said of them.
extension SpecErrorTests {
    static let specCases: [Case] = [
        Case(
            what: "unknown key", text: SpecFixture.with("experiment:", "experimnet: small"),
            expected: """
                s.yaml:1:1: missing key "experiment": a name of letters, digits, ".", "_" and "-"
                    experimnet: small
                    ^
                s.yaml:1:1: unknown key "experimnet"; expected include, experiment, question, \
                hypothesis, models, task, generation, calibration, policies, routers, \
                ablations, run or slurm
                    experimnet: small
                    ^
                    did you mean "experiment"?
                2 errors
                """),
        Case(
            what: "unknown key within",
            text: SpecFixture.with("task:", "task: { name: sums, split: test, limt: 10 }"),
            expected: """
                s.yaml:4:34: unknown key "limt" in task; expected name, of, split, limit, \
                seed or language
                    task: { name: sums, split: test, limt: 10 }
                                                     ^
                    did you mean "limit"?
                """),
        Case(
            what: "calibrating a mixture on what it is judged by",
            text: SpecFixture.with(
                "task:",
                "task: { name: both, split: test, of: [{ name: sums }, { name: words, language: de }] }"
            ).replacing("calibration:", with: "calibration: { split: test } #"),
            expected: """
                s.yaml:4:7: calibration must use another split than the task's, found "sums test" for both
                    task: { name: both, split: test, of: [{ name: sums }, { name: words, language: de }] }
                          ^
                """),
        Case(
            what: "an unknown part of a mixture",
            text: SpecFixture.with(
                "task:", "task: { name: both, split: dev, of: [{ name: sums }, { name: word }] }"
            ).replacing(
                "calibration:", with: "calibration: { split: train, of: [{ name: sums }] } #"),
            expected: """
                s.yaml:4:62: unknown task "word"; known are sums, words
                    task: { name: both, split: dev, of: [{ name: sums }, { name: word }] }
                                                                                 ^
                    did you mean "words"?
                """),
        Case(
            what: "unknown key without a near one",
            text: SpecFixture.with("generation:", "generation: { max_tokens: 32, top_k: 5 }"),
            expected: """
                s.yaml:5:31: unknown key "top_k" in generation; expected max_tokens, seed or \
                template
                    generation: { max_tokens: 32, top_k: 5 }
                                                  ^
                """),
        Case(
            what: "duplicate key",
            text: SpecFixture.with("generation:", "generation: { max_tokens: 32, max_tokens: 64 }"),
            expected: """
                s.yaml:5:31: duplicate key "max_tokens", first given in line 5, column 15
                    generation: { max_tokens: 32, max_tokens: 64 }
                                                  ^
                """),
        Case(
            what: "duplicate top-level key", text: SpecFixture.good + "question: Again?\n",
            expected: """
                s.yaml:18:1: duplicate key "question", first given in line 2, column 1
                    question: Again?
                    ^
                """),
        Case(
            what: "missing key", text: SpecFixture.with("models:", "models: { slm: tiny }"),
            expected: """
                s.yaml:3:9: missing key "llm" in models: a model's name or the path of a .gguf \
                file, or a mapping with the keys server, api, model, tokenizer, identity, \
                concurrency, timeout, key and parameters
                    models: { slm: tiny }
                            ^
                """),
        Case(
            what: "text for a number",
            text: SpecFixture.with("generation:", "generation: { max_tokens: \"32\" }"),
            expected: """
                s.yaml:5:27: generation.max_tokens must be a whole number from 1 to 131072, \
                found the text "32"
                    generation: { max_tokens: "32" }
                                              ^
                """),
        Case(
            what: "fraction for a whole number",
            text: SpecFixture.with("generation:", "generation: { max_tokens: 32.5 }"),
            expected: """
                s.yaml:5:27: generation.max_tokens must be a whole number from 1 to 131072, \
                found 32.5
                    generation: { max_tokens: 32.5 }
                                              ^
                """),
        Case(
            what: "list for a text", text: SpecFixture.with("question:", "question: [a, b]"),
            expected: """
                s.yaml:2:11: question must be a sentence, found a list
                    question: [a, b]
                              ^
                """),
        Case(
            what: "nothing for a mapping", text: SpecFixture.with("task:", "task:"),
            expected: """
                s.yaml:4:6: task must be a mapping with the keys name, of, split, limit, seed and \
                language, found nothing
                    task:
                         ^
                """),
        Case(
            what: "limit below one",
            text: SpecFixture.with("task:", "task: { name: sums, split: test, limit: 0 }"),
            expected: """
                s.yaml:4:41: task.limit must be a whole number of at least 1, found 0
                    task: { name: sums, split: test, limit: 0 }
                                                            ^
                """),
        Case(
            what: "ratio out of range",
            text: SpecFixture.with("- random", "  - random: { ratio: 1.5 }"),
            expected: """
                s.yaml:10:22: policies[3].random.ratio must be a number from 0 to 1, or a list \
                of such, found 1.5
                      - random: { ratio: 1.5 }
                                         ^
                """),
        Case(
            what: "ratio out of range in a list",
            text: SpecFixture.with("- random", "  - random: { ratio: [0.5, -0.1] }"),
            expected: """
                s.yaml:10:28: policies[3].random.ratio[2] must be a number from 0 to 1, found -0.1
                      - random: { ratio: [0.5, -0.1] }
                                               ^
                """),
        Case(
            what: "not a number",
            text: SpecFixture.with("- margin", "  - margin: { threshold: .nan }"),
            expected: """
                s.yaml:12:26: policies[5].margin.threshold must be a number from 0 to 1, or a \
                list of such, found nan
                      - margin: { threshold: .nan }
                                             ^
                """),
        Case(
            what: "infinite",
            text: SpecFixture.with("- margin", "  - entropy: { threshold: .inf }"),
            expected: """
                s.yaml:12:27: policies[5].entropy.threshold must be a number of at least 0, or \
                a list of such, found inf
                      - entropy: { threshold: .inf }
                                              ^
                """),
        Case(
            what: "no quantiles",
            text: SpecFixture.with("- entropy", "  - entropy: { threshold: { quantiles: 0 } }"),
            expected: """
                s.yaml:11:40: policies[4].entropy.threshold.quantiles must be a whole number \
                from 1 to 99, found 0
                      - entropy: { threshold: { quantiles: 0 } }
                                                           ^
                """),
        Case(
            what: "empty axis", text: SpecFixture.with("- random", "  - random: { ratio: [] }"),
            expected: """
                s.yaml:10:22: policies[3].random.ratio must be a number from 0 to 1, or a list \
                of such, found an empty list
                      - random: { ratio: [] }
                                         ^
                """),
        Case(
            what: "unknown model",
            text: SpecFixture.with("models:", "models: { slm: tinny, llm: large }"),
            expected: """
                s.yaml:3:16: unknown model "tinny"; known are tiny, large; for your own model \
                give the path of its .gguf file
                    models: { slm: tinny, llm: large }
                                   ^
                    did you mean "tiny"?
                """),
        Case(
            what: "missing model file",
            text: SpecFixture.with("models:", "models: { slm: tiny, llm: my.gguf }"),
            expected: """
                s.yaml:3:27: no model file at my.gguf
                    models: { slm: tiny, llm: my.gguf }
                                              ^
                """),
        Case(
            what: "unknown task",
            text: SpecFixture.with("task:", "task: { name: sum, split: test }"),
            expected: """
                s.yaml:4:15: unknown task "sum"; known are sums, words
                    task: { name: sum, split: test }
                                  ^
                    did you mean "sums"?
                """),
        Case(
            what: "unknown split",
            text: SpecFixture.with("task:", "task: { name: sums, split: tset }"),
            expected: """
                s.yaml:4:28: task "sums" has no split "tset"; it has train, dev, test
                    task: { name: sums, split: tset }
                                               ^
                    did you mean "test"?
                """),
        Case(
            what: "missing language",
            text: SpecFixture.with("task:", "task: { name: words, split: test }"),
            set: ["policies=[slm]", "ablations=null", "calibration=null"],
            expected: """
                s.yaml:4:7: missing key "language" in task: words has de, sw
                    task: { name: words, split: test }
                          ^
                """),
        Case(
            what: "unknown language",
            text: SpecFixture.with("task:", "task: { name: words, split: test, language: dee }"),
            set: ["policies=[slm]", "ablations=null", "calibration={ split: test }"],
            expected: """
                s.yaml:4:45: task "words" has no language "dee"; it has de, sw
                    task: { name: words, split: test, language: dee }
                                                                ^
                    did you mean "de"?
                --set calibration={ split: test }: calibration must use another split than the \
                task's, found "test" for both
                    calibration={ split: test }
                                         ^
                2 errors
                """),
        Case(
            what: "language of a task without",
            text: SpecFixture.with("task:", "task: { name: sums, split: test, language: de }"),
            expected: """
                s.yaml:4:44: task "sums" has no languages
                    task: { name: sums, split: test, language: de }
                                                               ^
                """),
        Case(
            what: "seed without a limit",
            text: SpecFixture.with("task:", "task: { name: sums, split: test, seed: 1 }"),
            expected: """
                s.yaml:4:40: task.seed draws a sample and needs task.limit, its size
                    task: { name: sums, split: test, seed: 1 }
                                                           ^
                """),
        Case(
            what: "calibration on the test questions",
            text: SpecFixture.with("calibration:", "calibration: { split: test }"),
            expected: """
                s.yaml:6:23: calibration must use another split than the task's, found "test" \
                for both
                    calibration: { split: test }
                                          ^
                """),
        Case(
            what: "quantiles without a train split",
            text: SpecFixture.with("task:", "task: { name: words, split: test, language: de }"),
            set: ["calibration={ limit: 3 }"],
            expected: """
                --set calibration={ limit: 3 }: quantiles need calibration questions, and task \
                "words" has no split "train": name another in calibration.split, or give the \
                thresholds as numbers
                    calibration={ limit: 3 }
                                ^
                """),
        Case(
            what: "a name that is a path",
            text: SpecFixture.with("experiment:", "experiment: ../small"),
            expected: """
                s.yaml:1:13: experiment must be a name of at most 64 letters, digits, ".", "_" \
                and "-" that begins with a letter or digit, found "../small"
                    experiment: ../small
                                ^
                """),
        Case(
            what: "no YAML", text: SpecFixture.with("models:", "models: { slm: tiny, llm: large"),
            expected: """
                s.yaml:4:5: this is not YAML: did not find expected ',' or '}' while parsing a \
                flow mapping that begins in line 3, column 9
                    task: { name: sums, split: test, limit: 10 }
                        ^
                """),
        Case(
            what: "nothing at all", text: "",
            expected: """
                s.yaml:1:1: the text must be a mapping with the keys include, experiment, \
                question, hypothesis, models, task, generation, calibration, policies, \
                routers, ablations, run and slurm, found nothing
                """),
        Case(
            what: "a text alone", text: "gsm8k",
            expected: """
                s.yaml:1:1: the text must be a mapping with the keys include, experiment, \
                question, hypothesis, models, task, generation, calibration, policies, \
                routers, ablations, run and slurm, found the text "gsm8k"
                    gsm8k
                    ^
                """),
        Case(
            what: "lines of a batch script",
            text: SpecFixture.good
                + "slurm: { partition: \"a\\nb\", time: 2:00:00, options: [--account=a, \"-x\\rb\"] }\n",
            expected: """
                s.yaml:18:21: slurm.partition becomes a part of one line of a script and must not \
                have line breaks or other control characters
                    slurm: { partition: "a\\nb", time: 2:00:00, options: [--account=a, "-x\\rb"] }
                                        ^
                s.yaml:18:67: slurm.options becomes a part of one line of a script and must not \
                have line breaks or other control characters
                    slurm: { partition: "a\\nb", time: 2:00:00, options: [--account=a, "-x\\rb"] }
                                                                                      ^
                2 errors
                """),
        Case(
            what: "too many cells",
            text: SpecFixture.with(
                "- bild",
                "  - bild:\n      fallback: [\(list(1, 101) { "0.\(1000 + $0)" })]\n"
                    + "      rollback: [\(list(0, 100) { "\($0)" })]"),
            expected: """
                s.yaml:15:5: more than 10000 cells in one spec
                      - bild:
                        ^
                """),
        Case(
            what: "all at once",
            text: """
                experiment: small
                models: { slm: tiny, llm: large }
                task: { name: sums, split: test, limit: many }
                generation: { max_token: 32 }
                policies: [slm, slm]
                """,
            set: ["task.name=smus", "generation.max_tokens=-1"],
            expected: """
                s.yaml:3:41: task.limit must be a whole number of at least 1, found the text \
                "many"
                    task: { name: sums, split: test, limit: many }
                                                            ^
                s.yaml:4:15: unknown key "max_token" in generation; expected max_tokens, seed \
                or template
                    generation: { max_token: 32 }
                                  ^
                    did you mean "max_tokens"?
                s.yaml:5:17: two cells are the same: slm, first given at s.yaml:5:12
                    policies: [slm, slm]
                                    ^
                --set task.name=smus: unknown task "smus"; known are sums, words
                    task.name=smus
                              ^
                    did you mean "sums"?
                --set generation.max_tokens=-1: generation.max_tokens must be a whole number \
                from 1 to 131072, found -1
                    generation.max_tokens=-1
                                          ^
                5 errors
                """),
    ]

    private static func list(_ from: Int, _ to: Int, _ text: (Int) -> String) -> String {
        (from...to).map(text).joined(separator: ", ")
    }
}
