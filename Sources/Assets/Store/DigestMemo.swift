import Foundation

/// Remembers the digests of files, so that a file of a gigabyte is not read whole at each run.
///
/// An entry counts only while size, modification time, inode and device are what they were.
/// Kept in one small JSON file; losing it, or an entry of it to another process that wrote at
/// the same time, costs nothing but a second reading.
struct DigestMemo: Sendable {
    let path: String

    private struct Entry: Codable {
        let identity: FileIdentity
        let sha256: String
    }

    private struct Contents: Codable {
        var version = 1
        var files: [String: Entry] = [:]
    }

    /// The digest of the file at `path`, remembered or computed.
    func sha256(ofFile path: String) throws(AssetError) -> String {
        let key = URL(fileURLWithPath: path).standardizedFileURL.path
        let before = FileIdentity(path: path)
        if let before, let entry = contents().files[key], entry.identity == before {
            return entry.sha256
        }
        let digest = try Assets.sha256(ofFile: path)
        // A file that changed while it was read has no digest worth remembering.
        if let before, FileIdentity(path: path) == before {
            remember(Entry(identity: before, sha256: digest), key: key)
        }
        return digest
    }

    private func contents() -> Contents {
        guard let data = FileManager.default.contents(atPath: path),
            let read = try? JSONDecoder().decode(Contents.self, from: data), read.version == 1
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
