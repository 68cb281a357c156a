import Foundation
import Hashing
import Reporting
import ResultsStore
import Testing

/// What lm-evaluation-harness's readers look for, in the files that are written for them.
struct HarnessLogTests {
    private struct Written {
        let log: HarnessLog
        let samples: [[String: Any]]
        let results: [String: Any]
        let cell: CellRow
        let reader: ResultsReader
    }

    private func written(_ name: String = "random:ratio=0.3") throws -> Written {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 8)
        let reader = synthetic.reader
        let experiment = try reader.experiment(named: Synthetic.experimentName)
        let cell = try reader.cell(named: name, in: experiment.id)
        let log = try HarnessLog(reader, cell: cell, experiment: experiment)
        var lines = ""
        try log.writeSamples { lines += $0 }
        return Written(
            log: log, samples: try lines.split(separator: "\n").map { try object($0) },
            results: try object(log.results), cell: cell, reader: reader)
    }

    private func object(_ text: some StringProtocol) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test func namesAreTheHarness() throws {
        let log = try written().log
        let folder = "small-0.5b__large-1.5b__random_ratio=0.3"
        let time = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}/
        let samples = try #require(log.samplesPath.firstMatch(of: time))
        #expect(log.samplesPath == "\(folder)/samples_sums_test_\(samples.output).jsonl")
        #expect(log.resultsPath == "\(folder)/results_\(samples.output).json")
    }

    @Test func answersHaveTheHarnessMembers() throws {
        let written = try written()
        // Question 5 failed, and keeps its place in the numbers.
        #expect(written.samples.map { $0["doc_id"] as? Int } == [0, 1, 2, 3, 4, 6, 7])
        let last = try #require(written.samples.last)
        let metrics = [
            "exact_match", "call_ratio", "tokens", "llm_passes", "flops", "bytes", "seconds",
        ]
        #expect(
            Set(last.keys)
                == Set(
                    [
                        "doc_id", "doc", "target", "arguments", "resps", "filtered_resps",
                        "filter", "metrics", "doc_hash", "prompt_hash", "target_hash", "rule",
                    ] + metrics))
        #expect(last["metrics"] as? [String] == metrics)
        #expect(last["target"] as? String == "14")
        // sha256sum of the two bytes "14".
        #expect(
            last["target_hash"] as? String
                == "8527a891e224136950ff32ca212b45bc93f69fbb801c3b1ebedac52775f99e61")
        let stored = try written.reader.sample(of: written.cell.id, question: "7").sample
        #expect((last["resps"] as? [[String]])?.first?.first == stored?.output)
        #expect(last["flops"] as? Int == stored?.usage.flops)
        let arguments = last["arguments"] as? [String: [String: Any]]
        #expect(
            (arguments?["gen_args_0"]?["arg_0"] as? String)?.hasPrefix("What is 7 + 7?") == true)
    }

    /// Every metric of the results is the mean of the answers', under one name of the task and one of the filter.
    @Test func resultsAreTheMeansOfTheAnswers() throws {
        let written = try written()
        let of = { (key: String) in
            (written.results[key] as? [String: Any])?["sums_test"] as? [String: Any] ?? [:]
        }
        let values = of("results")
        for name in try #require(written.samples.first?["metrics"] as? [String]) {
            let all = written.samples.compactMap { ($0[name] as? NSNumber)?.doubleValue }
            let n = Double(all.count)
            let mean = all.reduce(0, +) / n
            let variance = all.reduce(0) { $0 + pow($1 - mean, 2) } / (n - 1)
            let found = try #require((values["\(name),extract"] as? NSNumber)?.doubleValue)
            let error = try #require((values["\(name)_stderr,extract"] as? NSNumber)?.doubleValue)
            #expect(abs(found - mean) <= 1e-8 * abs(mean), "\(name)")
            #expect(abs(error - (variance / n).squareRoot()) <= 1e-8 * max(error, 1e-9), "\(name)")
            #expect(of("higher_is_better")[name] as? Bool == (name == "exact_match"))
        }
        #expect(values["sample_len"] as? Int == 7)
        #expect(values["alias"] as? String == "sums_test")
        #expect(of("n-samples")["original"] as? Int == 1000)
        #expect(of("n-samples")["effective"] as? Int == 7)
        let own = try #require(written.results["citer"] as? [String: Any])
        #expect(own["cell"] as? String == written.cell.record.key)
        #expect(own["failed"] as? Int == 1)
    }

    @Test func resultsHaveTheHarnessMembers() throws {
        let written = try written()
        let results = written.results
        let needed = [
            "results", "group_subtasks", "configs", "versions", "n-shot", "higher_is_better",
            "n-samples", "config", "git_hash", "date", "task_hashes", "model_source", "model_name",
            "model_name_sanitized", "system_instruction", "fewshot_as_multiturn", "chat_template",
        ]
        #expect(Set(needed).isSubset(of: results.keys))
        #expect(results["git_hash"] as? String == "0123456789abcdef0123456789abcdef01234567")
        let started = try #require(try written.reader.attempts().first?.started)
        let seconds = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(started)
        #expect(results["date"] as? Int == Int(seconds.timeIntervalSince1970))
        // Of all answers' hashes, one after the other.
        let hashes = written.samples.flatMap { sample in
            ["doc_hash", "prompt_hash", "target_hash"].map { sample[$0] as? String ?? "" }
        }
        #expect(
            (results["task_hashes"] as? [String: String])?["sums_test"]
                == SHA256.hexadecimal(of: hashes.joined().utf8))
        let configs = results["configs"] as? [String: [String: Any]]
        #expect(configs?["sums_test"]?["output_type"] as? String == "generate_until")
        let arguments = (results["config"] as? [String: Any])?["model_args"] as? String
        #expect(arguments == "slm=small-0.5b,llm=large-1.5b,policy=random,setting=ratio=0.3")
    }

    @Test func equalDatabasesGiveEqualBytes() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 4)
        let again = try ResultsReader(path: synthetic.path)
        let texts = try [synthetic.reader, again].map { reader in
            let experiment = try reader.experiment(named: Synthetic.experimentName)
            let cell = try reader.cell(named: "llm", in: experiment.id)
            let log = try HarnessLog(reader, cell: cell, experiment: experiment)
            var text = log.results
            try log.writeSamples { text += $0 }
            return text
        }
        #expect(texts[0] == texts[1])
    }
}
