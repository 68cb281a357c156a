import Hashing
import Schemas
import Specs
import SweepSupport
import Testing

/// Mutilated specs give a spec or errors with places within the text, never a crash.
struct SpecFuzzTests {
    static let lines = SpecFixture.good.split(
        separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)

    /// Parses, and checks that every error points into the text.
    func check(_ lines: [String]) {
        let text = lines.joined(separator: "\n")
        do throws(SpecErrors) {
            _ = try SpecFixture.parse(text)
        } catch {
            #expect(!error.all.isEmpty)
            for problem in error.all {
                let place = problem.location
                #expect(place.line <= max(1, lines.count), "\(problem)")
                let line = lines.indices.contains(place.line - 1) ? lines[place.line - 1] : ""
                #expect(place.text == line, "\(problem)")
                #expect(place.column <= line.unicodeScalars.count + 1, "\(problem)")
                #expect(!problem.message.isEmpty)
            }
        }
    }

    @Test(arguments: lines.indices)
    func aLineDeleted(index: Int) {
        var lines = Self.lines
        lines.remove(at: index)
        check(lines)
        for second in lines.indices {
            var fewer = lines
            fewer.remove(at: second)
            check(fewer)
        }
    }

    @Test(arguments: lines.indices)
    func aLineDuplicated(index: Int) {
        for target in Self.lines.indices {
            var lines = Self.lines
            lines.insert(lines[index], at: target)
            check(lines)
        }
    }

    @Test(arguments: lines.indices)
    func aLineIndented(index: Int) {
        for indent in [" ", "    ", "\t", "- ", "#", "? ", "!!str ", "&a ", "*a ", "| ", "> "] {
            var lines = Self.lines
            lines[index] = indent + lines[index]
            check(lines)
        }
    }

    @Test(arguments: lines.indices)
    func charactersReplaced(index: Int) {
        let characters = Array(Self.lines[index])
        for position in characters.indices {
            for replacement in ["", ":", "{", "\"", "é", "0"] {
                var lines = Self.lines
                lines[index] =
                    String(characters[..<position]) + replacement
                    + String(characters[(position + 1)...])
                check(lines)
            }
        }
    }

    @Test func randomBytes() {
        var random = SplitMix64(seed: 7)
        let alphabet = Array(
            "abz019 :-{}[],#&*!|>'\"%@`\n\n\t.~é\u{FEFF}\u{85}\u{0}".unicodeScalars)
        for _ in 0..<300 {
            let count = Int(random.next() % 80)
            let scalars = (0..<count).map { _ in
                alphabet[Int(random.next() % UInt64(alphabet.count))]
            }
            _ = SpecFixture.errors(String(String.UnicodeScalarView(scalars)))
        }
    }

    @Test func randomOverrides() {
        var random = SplitMix64(seed: 8)
        let pieces = [
            "task", "limit", ".", "=", "5", "{", "}", "[", "]", ":", " ", "null", "-", "\n",
        ]
        for _ in 0..<500 {
            let count = Int(random.next() % 8)
            let override = (0..<count).map { _ in pieces[Int(random.next() % UInt64(pieces.count))]
            }
            .joined()
            _ = SpecFixture.errors(SpecFixture.good, set: [override])
        }
    }

}
