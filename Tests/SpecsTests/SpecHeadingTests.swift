import Foundation
import TestSupport
import Testing

@testable import Specs

struct SpecHeadingTests {
    private func heading(_ files: [String: String]) throws -> SpecHeading? {
        try withTemporaryDirectory { folder in
            for (name, text) in files {
                try text.write(
                    toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            }
            return SpecHeading(path: "\(folder)/a.yaml")
        }
    }

    /// What is included counts, and what else is wrong does not.
    @Test func nameAndQuestion() throws {
        let own = try heading(["a.yaml": "experiment: a\nquestion: Why?\npolicies: nonsense\n"])
        #expect(own?.experiment == "a" && own?.question == "Why?")
        let joined = try heading([
            "a.yaml": "include: b.yaml\nexperiment: a\n",
            "b.yaml": "experiment: b\nquestion: How?\n",
        ])
        #expect(joined?.experiment == "a" && joined?.question == "How?")
        let alone = try heading(["a.yaml": "include: none.yaml\nexperiment: a\n"])
        #expect(alone?.experiment == "a" && alone?.question == nil)
    }

    @Test(arguments: ["models: {}\n", "experiment: [a\n", "experiment: [a]\n", ""])
    func whatIsNoSpecHasNone(text: String) throws {
        #expect(try heading(["a.yaml": text]) == nil)
    }

    @Test func aMissingFileHasNone() {
        #expect(SpecHeading(path: "/nowhere/a.yaml") == nil)
    }
}
