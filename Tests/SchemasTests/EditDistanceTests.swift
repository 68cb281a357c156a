import Testing

@testable import Schemas

struct EditDistanceTests {
    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "abc", 0), ("abc", "ABC", 0), ("kitten", "sitting", 3),
        ("limit", "limt", 1), ("limit", "liimt", 1), ("ca", "abc", 3),
    ])
    func distance(a: String, b: String, expected: Int) {
        #expect(editDistance(a, b) == expected)
        #expect(editDistance(b, a) == expected)
    }

    static let keys = ["name", "split", "limit", "seed", "language"]

    @Test(arguments: [
        ("limt", "limit"), ("Limit", "limit"), ("nmae", "name"), ("lang", "language"),
        ("languages", "language"), ("splits", "split"), ("color", nil), ("", nil), ("x", nil),
        (String(repeating: "limit", count: 1000), nil),
    ])
    func suggestion(word: String, expected: String?) {
        #expect(closestMatch(to: word, in: Self.keys) == expected)
    }
}
