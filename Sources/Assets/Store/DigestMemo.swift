import Foundation

/// Remembers the digests of files, so that a file of a gigabyte is not read whole at each run.
///
/// An entry counts only while size, both times, inode and device are what they were. No program can
/// set back the time of the last change, so a file overwritten in place counts as another.
/// Kept in one small JSON file; losing it, or an entry of it to another process that wrote at
/// the same time, costs nothing but a second reading.
struct DigestMemo: Sendable {
    let path: String
    /// Smaller files are read each time, in bytes: that takes no longer than a glance at the memo is worth.
    var smallest: Int64 = 8 << 20

    /// The longest that a file system's clock stands still, in seconds.
    var tick: TimeInterval = 2

    private struct Entry: Codable {
        let identity: FileIdentity
        let sha256: String
    }

    private struct Contents: Codable {
        var version = Self.current
        static let current = 2
        var files: [String: Entry] = [:]
    }

    /// The digest of the file at `path`, remembered or computed.
    func sha256(ofFile path: String) throws(AssetError) -> String {
        let key = URL(fileURLWithPath: path).standardizedFileURL.path
        let before = FileIdentity(path: path)
        if let before, before.size >= smallest, let entry = contents().files[key],
            entry.identity == before
        {
            return entry.sha256
        }
        let isSettled = before?.isSettled(for: tick) ?? false
        let digest = try Assets.sha256(ofFile: path)
        // A file that changed while it was read has no digest worth remembering, nor has one whose
        // times would not show that.
        if let before, before.size >= smallest, isSettled, FileIdentity(path: path) == before {
            remember(Entry(identity: before, sha256: digest), key: key)
        }
        return digest
    }

    private func contents() -> Contents {
        guard let data = FileManager.default.contents(atPath: path),
            let read = try? JSONDecoder().decode(Contents.self, from: data),
            read.version == Contents.current
        else { return Contents() }
        return read
    }

    private func remember(_ entry: Entry, key: String) {
        var updated = contents()
        // Entries of files that are gone would pile up.
        updated.files = updated.files.filter { FileIdentity(path: $0.key) != nil }
        updated.files[key] = entry
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // A cache that cannot be written is slow, not wrong.
        guard let data = try? encoder.encode(updated) else { return }
        try? FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
