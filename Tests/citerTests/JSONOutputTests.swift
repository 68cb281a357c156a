import Foundation
import Testing

@testable import citer

/// Whatever is printed as JSON is JSON.
struct JSONOutputTests {
    private struct Row: Encodable {
        let logprobs: [Float]
        let share: Double?
        let name: String
    }

    @Test func whatIsNoNumberIsNull() throws {
        let line = try jsonLine(
            Row(
                logprobs: [-.infinity, -0.5, .nan, .infinity], share: .nan,
                name: "null \"-inf\" \u{9B}\u{202E}\u{1B}"))
        #expect(
            line
                == #"{"logprobs":[null,-0.5,null,null],"name":"null \"-inf\" \u009b\u202e\u001b","share":null}"#
        )
        let read = try #require(
            try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(read["name"] as? String == "null \"-inf\" \u{9B}\u{202E}\u{1B}")
    }
}
