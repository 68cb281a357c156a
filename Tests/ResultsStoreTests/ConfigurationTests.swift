import Foundation
import ResultsStore
import Testing

/// Which cells belong together, in files whose attempts say so and in files from before.
struct ConfigurationTests {
    /// A file of cells, each answered by an attempt of its own time.
    private final class File {
        let folder: String
        let store: ResultsStore
        let experiment: RowID<ExperimentRecord>
        private var number = 0

        init() throws {
            folder = NSTemporaryDirectory() + "configurations-" + UUID().uuidString
            store = try ResultsStore(path: folder + "/a.sqlite")
            experiment = try store.register(ExperimentRecord(name: "e", spec: ""))
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }

        func attempt(_ facts: SharedFacts? = nil) throws -> RowID<AttemptRecord> {
            // Times have milliseconds.
            usleep(2_000)
            return try store.beginAttempt(
                AttemptRecord(
                    experiment: experiment, programVersion: "1", host: "h", cpu: "c", threads: 1,
                    command: "c",
                    environment: facts.map { [SharedFacts.attemptKey: $0.note] } ?? [:]))
        }

        /// One cell with an answer.
        @discardableResult
        func cell(
            _ policy: String, setting: String? = nil, label: String? = nil, llm: String? = nil,
            tokens: Int = 16, router: (name: String, hash: String)? = nil, seed: Int? = nil,
            by attempt: RowID<AttemptRecord>
        ) throws -> RowID<CellRecord> {
            let canonical = Self.canonical(
                policy, setting, llm: llm, tokens: tokens, router: router?.hash, seed: seed)
            let known = try store.reader.cells(of: experiment).first {
                $0.record.canonical == canonical
            }
            if let known { return known.id }
            number += 1
            let id = try store.register(
                CellRecord(
                    experiment: experiment, key: key(number), canonical: canonical, policy: policy,
                    setting: setting, label: label, position: number,
                    router: router.map {
                        try store.register(RouterRecord(name: $0.name, kind: "k", sha256: $0.hash))
                    }))
            try store.save(sample("0"), in: id, by: attempt)
            return id
        }

        static func canonical(
            _ policy: String, _ setting: String?, llm: String?, tokens: Int, router: String?,
            seed: Int?
        ) -> String {
            let members = [
                "\"name\":\"\(policy)\"", setting.map { "\"setting\":\"\($0)\"" },
                router.map { "\"routerSha256\":\"\($0)\"" }, seed.map { "\"seed\":\($0)" },
            ].compactMap(\.self).joined(separator: ",")
            return "{\"decoder\":1,\"generation\":{\"endTokens\":[5,7],\"maxTokens\":\(tokens)},"
                + (llm.map { "\"llmSha256\":\"\($0)\"," } ?? "")
                + "\"policy\":{\(members)},\"slmSha256\":\"s\",\"task\":{\"dataSha256\":\"d\"}}"
        }

        func names(_ configuration: SweepConfiguration) throws -> [String] {
            try store.reader.cells(of: experiment).filter { configuration.cells.contains($0.id) }
                .map { $0.name + ($0.record.router == nil ? "" : " " + $0.record.key.suffix(2)) }
        }

        func all() throws -> [[String]] {
            try store.reader.configurations(of: experiment).map(names)
        }
    }

    @Test func anotherLimitOfTokensSharesNothing() throws {
        let file = try File()
        for tokens in [16, 8] {
            let attempt = try file.attempt()
            try file.cell("slm", tokens: tokens, by: attempt)
            try file.cell("llm", llm: "l", tokens: tokens, by: attempt)
        }
        #expect(try file.all() == [["slm", "llm"], ["slm", "llm"]])
        let choice = try file.store.reader.configuration(of: file.experiment)
        #expect(choice.differences == ["generation.maxTokens"])
        #expect(choice.chosen.facts.all["generation.maxTokens"] == "8")
        #expect(choice.chosen.number == 1 && choice.chosen.answers == 2)
    }

    @Test func aPolicyWithoutAModelGoesWithBoth() throws {
        let file = try File()
        let first = try file.attempt()
        try file.cell("slm", by: first)
        for (llm, attempt) in [("one", first), ("two", try file.attempt())] {
            try file.cell("llm", llm: llm, by: attempt)
            try file.cell("entropy", setting: "threshold=1", llm: llm, by: attempt)
        }
        let all = try file.all()
        #expect(all.map(\.count) == [3, 3] && all.allSatisfy { $0.contains("slm") })
        let configurations = try file.store.reader.configurations(of: file.experiment)
        #expect(configurations.map { $0.facts.all["llmSha256"] } == ["two", "one"])
    }

    @Test func aRetrainedRouterTakesItsOlderSelfsPlace() throws {
        let file = try File()
        for hash in ["old", "new"] {
            let attempt = try file.attempt()
            try file.cell("slm", by: attempt)
            for threshold in ["0.2", "0.4"] {
                try file.cell(
                    "citer", setting: "threshold=\(threshold)", llm: "l", router: ("r", hash),
                    by: attempt)
            }
        }
        let all = try file.all()
        #expect(
            all == [
                ["slm", "citer threshold=0.2 04", "citer threshold=0.4 05"],
                ["slm", "citer threshold=0.2 02", "citer threshold=0.4 03"],
            ])
    }

    /// Two routers of one policy in one sweep are one configuration; a router that the sweep no longer names is of another.
    @Test func whatASweepNotesDecides() throws {
        let file = try File()
        func facts(_ routers: [(String, String)], seed: Int = 0) -> SharedFacts {
            SharedFacts(
                sweep: routers.map { name, hash in
                    SharedFacts(
                        canonical: File.canonical(
                            "citer", nil, llm: "l", tokens: 16, router: hash, seed: nil),
                        method: "citer", router: name)
                }, slm: "s", llm: "l", seed: seed)
        }
        let both = facts([("a", "ha"), ("b", "hb")])
        let first = try file.attempt(both)
        for (name, hash) in [("a", "ha"), ("b", "hb")] {
            try file.cell(
                "citer", setting: "threshold=1", llm: "l", router: (name, hash), by: first)
        }
        try file.cell("slm", by: first)
        #expect(try file.all() == [["citer threshold=1 01", "citer threshold=1 02", "slm"]])
        let second = try file.attempt(facts([("c", "hc")]))
        try file.cell("citer", setting: "threshold=1", llm: "l", router: ("c", "hc"), by: second)
        #expect(
            try file.all() == [
                ["slm", "citer threshold=1 04"],
                ["citer threshold=1 01", "citer threshold=1 02", "slm"],
            ])
        // Asked for again, with nothing to run, the older one is the newest.
        _ = try file.attempt(both)
        #expect(try file.all().first == ["citer threshold=1 01", "citer threshold=1 02", "slm"])
        // Without draws a seed makes no difference.
        _ = try file.attempt(facts([("c", "hc")], seed: 9))
        #expect(try file.all().count == 2)
    }

    @Test func seedsAreOfDrawsAlone() throws {
        let file = try File()
        for seed in [0, 1] {
            let attempt = try file.attempt()
            try file.cell("slm", by: attempt)
            try file.cell("random", setting: "ratio=0.5", llm: "l", seed: seed, by: attempt)
        }
        #expect(
            try file.all() == [["slm", "random ratio=0.5"], ["slm", "random ratio=0.5"]])
    }

    @Test func namesAreNumbersAndKeys() throws {
        let file = try File()
        var cells: [RowID<CellRecord>] = []
        for tokens in [16, 8] {
            let attempt = try file.attempt()
            cells.append(try file.cell("llm", llm: "l", tokens: tokens, by: attempt))
            try file.cell("slm", tokens: tokens, by: attempt)
        }
        let reader = file.store.reader
        let all = try reader.configurations(of: file.experiment)
        for one in all {
            for name in ["\(one.number)", one.key, one.shortKey] {
                #expect(
                    try reader.configuration(named: name, of: file.experiment).chosen == one)
            }
        }
        // A cell's key stands for the configuration it is of.
        #expect(
            try reader.configuration(named: key(1), of: file.experiment).chosen.number == 2)
        let missing = #expect(throws: StoreError.self) {
            try reader.configuration(named: "5", of: file.experiment)
        }
        #expect(missing?.description.contains("1 (\(all[0].shortKey)), 2 (") == true)
        // Cells: by name in one configuration, by key in all.
        #expect(try reader.cell(named: "llm", in: file.experiment).id == cells[1])
        #expect(
            try reader.cell(named: "llm", in: file.experiment, configuration: "2").id == cells[0])
        #expect(try reader.cell(named: key(1), in: file.experiment).id == cells[0])
        let ambiguous = #expect(throws: StoreError.self) {
            try reader.cell(named: "0000", in: file.experiment)
        }
        #expect(
            ambiguous?.description.hasPrefix("no single cell named 0000; there are: llm (key 0000")
                == true)
        #expect(throws: StoreError.self) {
            try reader.cell(named: key(1), in: file.experiment, configuration: "1")
        }
        let attempt = try file.attempt()
        try file.cell("disagree", llm: "l", tokens: 16, by: attempt)
        try file.cell("llm", llm: "l", tokens: 4, by: try file.attempt())
        let elsewhere = #expect(throws: StoreError.self) {
            try reader.cell(named: "disagree", in: file.experiment)
        }
        #expect(
            elsewhere?.description.contains("of configuration 2") == true, "\(elsewhere as Any)")
    }

    @Test func anAblationDoesNotHideItsPolicy() throws {
        let file = try File()
        let attempt = try file.attempt()
        let plain = try file.cell(
            "citer", setting: "threshold=1", llm: "l", router: ("a", "ha"), by: attempt)
        let ablation = try file.cell(
            "citer", setting: "threshold=1", label: "short", llm: "l", router: ("b", "hb"),
            by: attempt)
        let reader = file.store.reader
        for (name, cell) in [
            ("citer:threshold=1", plain), ("short:threshold=1", ablation), ("short", ablation),
        ] {
            #expect(try reader.cell(named: name, in: file.experiment).id == cell, "\(name)")
        }
    }

    @Test func whatHasNoAnswersIsNotChosen() throws {
        let file = try File()
        try file.cell("slm", by: try file.attempt())
        _ = try file.store.register(
            CellRecord(
                experiment: file.experiment, key: key(9),
                canonical: File.canonical(
                    "slm", nil, llm: nil, tokens: 99, router: nil, seed: nil), policy: "slm",
                position: 0))
        let choice = try file.store.reader.configuration(of: file.experiment)
        #expect(choice.all.count == 2 && choice.chosen.answers == 1)
    }

    @Test func manyQuestionsAreNotAllListed() throws {
        let file = try File()
        let attempt = try file.attempt()
        let cell = try file.cell("slm", by: attempt)
        try file.store.save(
            (1..<400).map { FinishedQuestion(cell: cell, sample: sample("\($0)"), decisions: []) },
            by: attempt)
        let error = #expect(throws: StoreError.self) {
            try file.store.reader.sample(of: cell, question: "217x")
        }
        #expect(error?.description.hasSuffix("and 370 more") == true)
        let near = #expect(throws: StoreError.self) {
            try file.store.reader.sample(of: cell, question: "1000")
        }
        #expect(near?.description.contains("398, 399, and 370 more") == true)
    }
}
