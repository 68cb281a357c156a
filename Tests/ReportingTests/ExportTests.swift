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
}
