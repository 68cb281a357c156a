import SweepSupport

/// Wrong overrides, and what is said of them.
extension SpecErrorTests {
    static let overrideCases: [Case] = [
        Case(
            what: "override of an unknown key", text: SpecFixture.good, set: ["task.limt=20"],
            expected: """
                --set task.limt=20: unknown key "limt" in task; expected name, of, split, limit, \
                seed or language
                    task.limt=20
                         ^
                    did you mean "limit"?
                """),
        Case(
            what: "override out of range", text: SpecFixture.good, set: ["task.limit=0"],
            expected: """
                --set task.limit=0: task.limit must be a whole number of at least 1, found 0
                    task.limit=0
                               ^
                """),
        Case(
            what: "override into a list", text: SpecFixture.good, set: ["policies.random=0.5"],
            expected: """
                --set policies.random=0.5: policies is a list and has no key "random"; replace \
                it whole: policies=…
                    policies.random=0.5
                             ^
                """),
        Case(
            what: "override without a value", text: SpecFixture.good, set: ["task.limit"],
            expected: """
                --set task.limit: expected key=value, such as task.limit=20
                    task.limit
                    ^
                """),
        Case(
            what: "override with an empty key", text: SpecFixture.good, set: ["task..limit=1"],
            expected: """
                --set task..limit=1: a key is empty
                    task..limit=1
                         ^
                """),
        Case(
            what: "override that is no YAML", text: SpecFixture.good, set: ["task={ name: sums"],
            expected: """
                --set task={ name: sums: this is not YAML: did not find expected ',' or '}' \
                while parsing a flow mapping that begins in line 1, column 6
                    task={ name: sums
                                     ^
                """),
        Case(
            what: "override of nothing", text: SpecFixture.good, set: ["task.limit="],
            expected: """
                --set task.limit=: the value is missing; null removes a key
                    task.limit=
                               ^
                """),
        Case(
            what: "override with a duplicate key", text: SpecFixture.good,
            set: ["models={ slm: tiny, llm: large, slm: tiny }"],
            expected: """
                --set models={ slm: tiny, llm: large, slm: tiny }: duplicate key "slm", first \
                given in line 1, column 10
                    models={ slm: tiny, llm: large, slm: tiny }
                                                    ^
                """),
    ]
}
