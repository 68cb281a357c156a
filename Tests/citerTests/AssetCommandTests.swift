import Foundation
import SweepSupport
import TestSupport
import Testing

/// `citer data` and `citer models` as processes.
struct AssetCommandTests {
    /// One file that can't be read is a row of its own, whatever the others are.
    @Test func whatCannotBeReadIsARow() throws {
        try SweepFixture.with { fixture in
            let path = "\(fixture.root)/data/gsm8k/train.jsonl"
            try FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
            // As for a damaged file: lists tell, and a verification fails.
            for (verb, status) in [("list", Int32(0)), ("verify", 1)] {
                let result = try fixture.citer("data", verb)
                #expect(result.status == status, "\(verb): \(result.messages)")
                let lines = result.output.split(separator: "\n")
                #expect(lines.contains { $0.contains("unreadable") && $0.contains("train.jsonl") })
                #expect(lines.contains { $0.contains("present") && $0.contains("test.jsonl") })
                #expect(
                    result.messages.contains("cannot read \(path): it is not a regular file"),
                    "\(result.messages)")
            }
            let json = try fixture.citer("data", "list", "--json")
            #expect(json.status == 0 && json.output.contains(#""state":"unreadable""#))
        }
    }
}
