import Foundation
import Reporting
import ResultsStore
import Testing

struct ExportTests {
    @Test(arguments: ExportContent.allCases)
    func bothFormatsHoldTheSameRows(content: ExportContent) throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 8)
        let export = try Export(synthetic.reader, experiment: Synthetic.experimentName)
        var (lines, csv) = ("", "")
        try export.write(content, as: .jsonLines) { lines += $0 }
        try export.write(content, as: .csv) { csv += $0 }
        let objects = try lines.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        let rows = parseCSV(csv)
        #expect(rows.count == objects.count + 1)
        for (row, object) in zip(rows.dropFirst(), objects) {
            #expect(Set(rows[0]) == Set(object.keys))
            for (key, value) in zip(rows[0], row) {
                switch object[key] {
                case is NSNull: #expect(value == "")
                case let text as String: #expect(value == text)
                case let number as NSNumber:
                    #expect(
                        value == "true" || value == "false"
                            || Double(value) == number.doubleValue, "\(key)")
                default: Issue.record("no \(key)")
                }
            }
        }
        switch content {
        case .samples:
            #expect(objects.count == 80)
            let failed = try #require(objects.first { !($0["error"] is NSNull) })
            #expect(failed["question"] as? String == "5")
            #expect(failed["finish"] as? String == "error")
            let hostile = objects.contains {
                ($0["output"] as? String)?.contains("</script><script>") == true
            }
            #expect(hostile)
        case .decisions:
            // Half a character keeps its bytes.
            let half = try #require(objects.first { !($0["bytes"] is NSNull) })
            #expect(half["bytes"] as? String == "f09f99")
            let asked = objects.filter { !($0["llm_token"] is NSNull) }
            #expect(asked.count == objects.count { $0["route"] as? String == "llm" })
        }
    }

    @Test func logsAsTheHarnessDoes() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 8)
        let reader = synthetic.reader
        let experiment = try reader.experiment(named: Synthetic.experimentName).id
        let cell = try reader.cell(named: "random:ratio=0.3", in: experiment)
        let log = try HarnessLog(reader, cell: cell, task: "sums")
        #expect(
            log.path.wholeMatch(
                of:
                    /small-0\.5b__large-1\.5b__random_ratio=0\.3\/samples_sums_\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}\.jsonl/
            ) != nil)
        let samples = try log.text.split(separator: "\n").map { line in
            try #require(
                try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        }
        // Question 5 failed, and keeps its place in the numbers.
        #expect(samples.map { $0["doc_id"] as? Int } == [0, 1, 2, 3, 4, 6, 7])
        let last = try #require(samples.last)
        #expect(
            Set(last.keys) == [
                "doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter",
                "metrics", "doc_hash", "prompt_hash", "target_hash", "exact_match",
            ])
        #expect(last["target"] as? String == "14")
        // sha256sum of the two bytes "14".
        #expect(
            last["target_hash"] as? String
                == "8527a891e224136950ff32ca212b45bc93f69fbb801c3b1ebedac52775f99e61")
        #expect(last["metrics"] as? [String] == ["exact_match"])
        let stored = try reader.sample(of: cell.id, question: "7").sample
        #expect((last["resps"] as? [[String]])?.first?.first == stored?.output)
        let arguments = last["arguments"] as? [String: [String: Any]]
        #expect(
            (arguments?["gen_args_0"]?["arg_0"] as? String)?.hasPrefix("What is 7 + 7?") == true)
    }
}
