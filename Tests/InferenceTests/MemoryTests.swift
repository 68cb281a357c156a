import Foundation
import GGUF
import Testing

@testable import Inference

/// The peak of resident memory while a model is loaded and read: at most its file, a tenth, and the
/// keys and values. Each is measured in a process of its own.
@Suite(.serialized) struct MemoryTests {
    @Test(.enabled(if: RealModel.smollm2.isHere, "needs SmolLM2"))
    func smollm2() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { try Self.measure(.smollm2) }
        print(Self.figures(result))
    }

    @Test(.enabled(if: RealModel.qwen05.isHere, "needs Qwen2.5-Coder 0.5B"))
    func qwen05() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { try Self.measure(.qwen05) }
        print(Self.figures(result))
    }

    @Test(.enabled(if: RealModel.qwen15.isHere, "needs Qwen2.5-Coder 1.5B"))
    func qwen15() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) { try Self.measure(.qwen15) }
        print(Self.figures(result))
    }

    struct TooMuch: Error {}

    /// What the measuring process wrote.
    private static func figures(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            .split(separator: "\n").first { $0.contains("resident") }.map { String($0) } ?? ""
    }

    /// Loads a model, reads a prompt of 64 tokens and decodes one, and compares the process's peak
    /// with what it had before.
    private static func measure(_ name: RealModel) throws {
        let before = try residentBytes("VmRSS:")
        let model = try name.load()
        let loaded = try residentBytes("VmHWM:") - before
        let sequence = model.cache.makeSequence()
        let prompt = randomTexts([64], vocabulary: model.config.vocabulary)[0]
        _ = try model.forward([Segment(sequence, prompt)])
        _ = try model.forward([Segment(sequence, [1])])
        let used = try residentBytes("VmHWM:") - before
        let keyValues = model.cache.pagesInUse * model.cache.pageBytes
        let limit = model.file.byteCount / 10 * 11
        // A slab of 4 MB in repacking, a pass's buffers and the program's own pages count where the
        // whole file has only 98 MB; 8 to 19 MB over the file were seen, more where the system gives
        // large pages. Weights held twice would still be found: they are 98 MB and more.
        let buffers = 48 << 20
        let figures =
            "\(name.rawValue): resident at most \(used) bytes (\(loaded) to load), file "
            + "\(model.file.byteCount), limit \(limit)\n"
        FileHandle.standardError.write(Data(figures.utf8))
        if loaded > limit + buffers || used > limit + keyValues + buffers { throw TooMuch() }
    }

    /// A line of this process's memory accounts, in bytes.
    private static func residentBytes(_ key: String) throws -> Int {
        struct NoAccount: Error {}
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(key) }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first,
            let count = Int(kilobytes)
        else { throw NoAccount() }
        return count * 1024
    }
}
