import SweepSupport
import Testing

@testable import Runs

/// Keys name answers for ever: a change of the canonical text would run everything anew.
struct CellKeyTests {
    static func identity(
        llm: String? = "bb", policy: CellIdentity.Policy
    ) -> CellIdentity {
        CellIdentity(
            decoder: 1, slmSha256: "aa", llmSha256: llm,
            task: .init(name: "gsm8k", dataSha256: "cc", prompt: "0123"),
            generation: .init(
                maxTokens: 320, template: "chatml", tokenizerSha256: "dd", endTokens: [5, 7],
                context: 32_768),
            policy: policy)
    }

    /// The hash is that of `sha256sum` over the text.
    @Test func aThresholdCell() throws {
        let key = try Self.identity(
            policy: .init(parts: ["name": .text("entropy"), "threshold": .number(0.1)])
        ).key()
        #expect(
            key.canonical
                == #"{"decoder":1,"generation":{"context":32768,"endTokens":[5,7],"#
                + #""maxTokens":320,"template":"chatml","tokenizerSha256":"dd"},"#
                + #""llmSha256":"bb","policy":{"name":"entropy","threshold":0.1},"#
                + #""slmSha256":"aa","task":{"dataSha256":"cc","name":"gsm8k","prompt":"0123"}}"#)
        #expect(key.sha256 == "9f63ad57acc2e186910b2992b08d85ae2148539168a352ee7413395557da2b3d")
    }

    @Test func aCellWithoutLargeModelAndThreshold() throws {
        let key = try Self.identity(
            llm: nil,
            policy: .init(parts: ["name": .text("slm")])
        ).key()
        #expect(!key.canonical.contains("llmSha256") && !key.canonical.contains("threshold"))
        #expect(key.sha256 == "0c99ae9c4c5e6c6a687137bccd88f6c3cd6d618338e94fc8d57c95ac9db94880")
    }

    @Test func onlyRandomCellsHaveASeed() throws {
        try SweepFixture.with { fixture in
            try fixture.run("a", set: ["task.limit=1"])
            #expect(
                try fixture.count(
                    "SELECT count(*) FROM cell WHERE canonical LIKE '%\"seed\":0%'", in: "a") == 2)
            #expect(
                try fixture.count(
                    """
                    SELECT count(*) FROM cell WHERE canonical LIKE '%llmSha256%'
                        AND (policy = 'slm' OR setting = 'never')
                    """, in: "a") == 0)
            #expect(
                try fixture.count(
                    """
                    SELECT count(*) FROM cell WHERE policy = 'llm'
                        AND canonical LIKE '%slmSha256%'
                    """, in: "a") == 0)
        }
    }
}
