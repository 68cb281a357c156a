import Foundation
import Simulation

// simulate COUNT [FROM] [trace|LIE]: COUNT histories from the seed FROM (1), on all cores; with `trace` one, with every call; with a lie on machines that are
// worse than promised, where some must fail.
// The order of sets and dictionaries must follow from nothing but the seed; Swift reads this when it starts.
if getenv("SWIFT_DETERMINISTIC_HASHING") == nil {
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1)
    execv(CommandLine.arguments[0], CommandLine.unsafeArgv)
}
let words = CommandLine.arguments.dropFirst()
let numbers = words.compactMap { UInt64($0) }
let word = words.last.flatMap { UInt64($0) == nil ? $0 : nil }
let lie = word.flatMap { Lie(rawValue: $0) }
guard let count = numbers.first, numbers.count <= 2,
    words.count == numbers.count + (word == nil ? 0 : 1),
    word == nil || word == "trace" || lie != nil
else {
    let lies = Lie.allCases.map(\.rawValue).joined(separator: "|")
    FileHandle.standardError.write(Data("usage: simulate COUNT [FROM] [trace|\(lies)]\n".utf8))
    exit(2)
}
let first = numbers.count > 1 ? numbers[1] : 1
if word == "trace" {
    let failure = Simulation.failure(seed: first) { print($0) }
    print(failure.map { "\($0)" } ?? "nothing is wrong")
    exit(failure == nil ? 0 : 1)
}
let cores = ProcessInfo.processInfo.activeProcessorCount
let begin = ContinuousClock.now
var (done, failed): (UInt64, Int) = (0, 0)
@MainActor func tell(to handle: FileHandle) {
    let seconds = (ContinuousClock.now - begin) / .seconds(1)
    let rate = String(format: "%.1f s, %.0f a minute", seconds, Double(done) / seconds * 60)
    handle.write(Data("\(done) histories from seed \(first), \(failed) failed; \(rate)\n".utf8))
}
// So many at a time between two words of how far it is.
let several: UInt64 = 1_000
while done < count, failed < 10 {
    let result = Simulation.run(
        min(several, count - done), from: first + done, cores: cores, lies: lie.map { [$0] } ?? []
    ) { failure in
        print(failure)
        // Seen at once, also in a file.
        fflush(nil)
    }
    done += result.done
    failed += result.failed
    if done < count { tell(to: .standardError) }
}
tell(to: .standardOutput)
exit(failed == 0 ? 0 : 1)
