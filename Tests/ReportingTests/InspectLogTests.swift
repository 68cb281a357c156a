import Foundation
import Reporting
import ResultsStore
import Testing

/// What Inspect's reader looks for, in the files that are written for it.
struct InspectLogTests {
    private struct Written {
        let log: InspectLog
        let text: String
        let value: [String: Any]
        let cell: CellRow
        let reader: ResultsReader

        func object(_ path: String...) -> [String: Any] {
            path.reduce(value) { $0[$1] as? [String: Any] ?? [:] }
        }

        var samples: [[String: Any]] { value["samples"] as? [[String: Any]] ?? [] }
    }

    private func written(_ name: String, questions: Int = 8) throws -> Written {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: questions)
        let reader = synthetic.reader
        let experiment = try reader.experiment(named: Synthetic.experimentName)
        let cell = try reader.cell(named: name, in: experiment.id)
        let log = try InspectLog(reader, cell: cell, experiment: experiment)
        var text = ""
        try log.write { text += $0 }
        let value = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return Written(
            log: log, text: text, value: try #require(value), cell: cell, reader: reader)
    }

    @Test func theHeadComesBeforeTheAnswers() throws {
        let written = try written("citer:threshold=0.5")
        // Its reader stops at the samples when it wants the head alone, and takes no null for an error.
        let keys = written.text.split(separator: "\n").compactMap {
            $0.firstMatch(of: /^"(\w+)":/).map { String($0.output.1) }
        }
        #expect(
            keys == [
                "version", "status", "eval", "plan", "results", "stats", "invalidated", "samples",
            ])
        #expect(written.value["version"] as? Int == 2)
        #expect(written.value["status"] as? String == "success")
        let eval = written.object("eval")
        #expect(
            Set(["created", "task", "dataset", "model", "config", "run_id", "task_id"])
                .isSubset(of: eval.keys))
        #expect(eval["model"] as? String == "citer/citer threshold=0.5")
        #expect(eval["task"] as? String == "sums test")
        let roles = eval["model_roles"] as? [String: [String: String]]
        #expect(
            roles == ["slm": ["model": "citer/small-0.5b"], "llm": ["model": "citer/large-1.5b"]])
        let key = written.cell.record.key.prefix(22)
        #expect(eval["task_id"] as? String == String(key))
        let name = try #require(
            written.log.name.wholeMatch(
                of: /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-00-00_sums-test_([0-9a-f]{22})\.json/))
        #expect(name.output.1 == key)
        #expect((eval["created"] as? String)?.hasSuffix("+00:00") == true)
    }

    @Test func answersHaveTextsScoresAndCosts() throws {
        let written = try written("citer:threshold=0.5")
        #expect(written.samples.compactMap { $0["id"] as? Int } == Array(0..<8))
        #expect(Set(written.samples.compactMap { $0["uuid"] as? String }).count == 8)
        for sample in written.samples {
            let name = try #require(sample["id"] as? Int)
            let row = try written.reader.sample(of: written.cell.id, question: "\(name)")
            let stored = try #require(row.sample)
            let messages = try #require(sample["messages"] as? [[String: Any]])
            #expect(messages.map { $0["role"] as? String } == ["user", "assistant"])
            #expect((messages[0]["content"] as? String)?.hasPrefix("What is \(name) + 7?") == true)
            #expect(messages[1]["content"] as? String == stored.output)
            #expect(sample["target"] as? String == stored.gold)
            let scores = try #require(sample["scores"] as? [String: [String: Any]])
            #expect(
                scores["exact_match"]?["value"] as? String
                    == (stored.grade.correct == true ? "C" : "I"))
            #expect(scores["exact_match"]?["answer"] as? String == stored.grade.extracted)
            #expect(scores["llm_passes"]?["value"] as? Int == stored.usage.llmPasses)
            let gigas = try #require((scores["gflop"]?["value"] as? NSNumber)?.doubleValue)
            #expect(try abs(gigas - Double(#require(stored.usage.flops)) / 1e9) <= 0.05 + 1e-9)
            let percent = try #require(
                (scores["calls_percent"]?["value"] as? NSNumber)?.doubleValue)
            let share = Double(stored.usage.llmCalls) / Double(stored.usage.tokens)
            #expect(abs(percent - 100 * share) <= 0.05 + 1e-9)
            let metadata = try #require(sample["metadata"] as? [String: Any])
            #expect(metadata["flops"] as? Int == stored.usage.flops)
            #expect(metadata["llm_calls"] as? Int == stored.usage.llmCalls)
            #expect(metadata["slm_processed"] as? Int == stored.usage.slmProcessed)
            let output = try #require(sample["output"] as? [String: Any])
            let choice = try #require((output["choices"] as? [[String: Any]])?.first)
            #expect(
                choice["stop_reason"] as? String
                    == (stored.finish == .length ? "max_tokens" : "stop"))
            let events = try #require(sample["events"] as? [[String: Any]])
            #expect(events.map { $0["event"] as? String } == ["model", "info", "score"])
        }
    }

    @Test func resultsAndUsageAreSumsOfTheAnswers() throws {
        let written = try written("citer:threshold=0.5")
        let curve = try #require(
            try written.reader.curve(of: written.cell.record.experiment)
                .first { $0.cell == written.cell.id })
        let results = written.object("results")
        #expect(results["total_samples"] as? Int == 8)
        #expect(results["completed_samples"] as? Int == 8)
        let scores = try #require(results["scores"] as? [[String: Any]])
        let values = Dictionary(
            uniqueKeysWithValues: scores.map { score in
                let metrics = score["metrics"] as? [String: [String: Any]]
                let value = (metrics?["accuracy"] ?? metrics?["mean"])?["value"] as? NSNumber
                return (score["name"] as? String ?? "", value?.doubleValue)
            })
        #expect(values["exact_match"] == curve.accuracy)
        #expect(values["tokens"] == Double(curve.tokens) / 8)
        #expect(values["llm_passes"] == Double(curve.llmPasses) / 8)
        let gigas = try #require(values["gflop"] ?? nil)
        #expect(abs(gigas - (curve.flops ?? 0) / 8e9) <= 1e-6 * gigas)
        let usage = written.object("stats", "role_usage")
        let large = usage["llm"] as? [String: Int]
        let small = usage["slm"] as? [String: Int]
        #expect(large?["output_tokens"] == curve.llmCalls)
        #expect(small?["output_tokens"] == curve.tokens - curve.llmCalls)
    }

    @Test func aFailureIsAnErrorWithoutScores() throws {
        let written = try written("random:ratio=0.3")
        let failed = try #require(written.samples.first { $0["error"] != nil })
        #expect(failed["id"] as? Int == 5)
        #expect(
            (failed["error"] as? [String: String])?["message"]?.hasPrefix("prompt of 9000") == true)
        #expect(failed["scores"] == nil)
        #expect(failed["output"] == nil)
        let results = written.object("results")
        #expect(results["total_samples"] as? Int == 8)
        #expect(results["completed_samples"] as? Int == 7)
    }
}
