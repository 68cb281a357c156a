import Foundation
import FuzzTargets

// fuzz NAME seeds FOLDER: writes a target's seeds as files, and its words to FOLDER.words, as libFuzzer reads them. fuzz NAME FILE...: checks files. A build by scripts/fuzz is libFuzzer's instead: with FUZZ_TARGET=NAME
// in the environment it takes libFuzzer's own arguments.

/// The entry point.
@main
enum Fuzz {
    static func main() throws {
        #if FUZZING
            if let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] {
                let target = try made(name)
                LibFuzzer.run { check($0, target) }
            }
        #endif
        let words = Array(CommandLine.arguments.dropFirst())
        guard words.count > 1 else {
            let names = FuzzTargets.all.map { $0.name }
            fail("usage: fuzz NAME seeds FOLDER | fuzz NAME FILE...; names: \(names)")
        }
        let target = try made(words[0])
        guard words[1] == "seeds" else {
            for path in words.dropFirst() {
                check([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))), target)
            }
            return print("\(words.count - 1) checked")
        }
        guard words.count == 3 else { fail("usage: fuzz NAME seeds FOLDER") }
        for (number, seed) in try target.seeds.enumerated() {
            try Data(seed).write(to: URL(fileURLWithPath: "\(words[2])/seed-\(number)"))
        }
        let lines = target.words.map { word in
            let bytes = word.utf8.map { byte in
                "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            return "\"\(bytes.joined())\"\n"
        }
        // libFuzzer refuses a file of nothing.
        try Data(("# words of \(words[0])\n" + lines.joined()).utf8).write(
            to: URL(fileURLWithPath: words[2] + ".words"))
    }

    private static func made(_ name: String) throws -> any FuzzTarget {
        guard let type = FuzzTargets.named(name) else { fail("there is no target \(name)") }
        return try type.init()
    }

    /// Ends the program where a promise is broken, as a trap in the code under test does.
    private static func check(_ bytes: [UInt8], _ target: any FuzzTarget) {
        do {
            try target.check(bytes)
        } catch {
            fatalError("broken promise: \(error)")
        }
    }

    private static func fail(_ message: String) -> Never {
        FileHandle.standardError.write(Data("fuzz: \(message)\n".utf8))
        exit(2)
    }
}
