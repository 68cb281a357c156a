import Foundation
import FuzzTargets
import Hashing
import Testing

/// What fuzzing looks for (docs/fuzzing.md), on inputs that once reached something new and on seeded mutations of them. `make fuzz` goes on from there.
struct CorpusTests {
    static let names = FuzzTargets.all.map { $0.name }

    @Test(arguments: names)
    func keptInputsKeepTheirPromises(name: String) throws {
        let target = try #require(FuzzTargets.named(name)).init()
        let kept = try Self.kept(name)
        #expect(!kept.isEmpty)
        for (file, bytes) in kept { Self.check(bytes, target, file) }
        for (number, seed) in try target.seeds.enumerated() {
            Self.check(seed, target, "seed \(number)")
        }
    }

    @Test(arguments: names)
    func mutationsKeepThem(name: String) throws {
        let target = try #require(FuzzTargets.named(name)).init()
        let inputs = try target.seeds + Self.kept(name).map(\.bytes)
        var mutation = Mutation(seed: 1)
        let end = ContinuousClock.now + .seconds(1)
        for number in 0..<400 where ContinuousClock.now < end {
            let bytes = mutation.changed(inputs)
            Self.check(bytes, target, "mutation \(number)")
        }
    }

    /// Kept inputs are few and small: a clone has them all.
    @Test func theCorpusIsSmall() throws {
        let all = try Self.names.flatMap(Self.kept)
        #expect(all.reduce(0) { $0 + $1.bytes.count } < 1_000_000)
    }

    private static func check(_ bytes: [UInt8], _ target: any FuzzTarget, _ what: String) {
        do {
            try target.check(bytes)
        } catch {
            Issue.record("\(type(of: target).name), \(what): \(error)")
        }
    }

    /// The files of a target, by their names.
    private static func kept(_ name: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Resources/corpus/\(name)")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        return try files.map { file in
            (file, [UInt8](try Data(contentsOf: folder.appendingPathComponent(file))))
        }
    }
}

/// Inputs made of others, the same for the same seed.
private struct Mutation {
    private var generator: SplitMix64

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    private static let edges: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]

    /// One of `inputs` after some small changes.
    mutating func changed(_ inputs: [[UInt8]]) -> [UInt8] {
        var bytes = inputs.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !bytes.isEmpty else { return [0] }
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(place + Int.random(in: 1...8, using: &generator), bytes.count)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] = Self.edges.randomElement(using: &generator) ?? 0
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 3: bytes.removeSubrange(place..<end)
            case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
            default:
                let other = inputs.randomElement(using: &generator) ?? []
                let start = Int.random(in: 0...other.count, using: &generator)
                bytes.replaceSubrange(place..<end, with: other[start...].prefix(16))
            }
        }
        return bytes
    }
}
