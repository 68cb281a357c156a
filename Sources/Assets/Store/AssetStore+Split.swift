import Foundation
import GGUF
import Hashing

extension AssetStore {
    /// A model in several files, `name-00001-of-00003.gguf` and so on, as one: its first part, the
    /// bytes of all, and an identity that all decide.
    ///
    /// That identity is the SHA-256 of the parts' own SHA-256 digests in order, each in lower-case
    /// hexadecimal digits with a newline after it (what `sha256sum` prints, without the names).
    /// - Returns: nil if the path is not named like a part or if a part is missing; opening the
    ///   file then says which one.
    func splitModel(_ path: String) throws(AssetError) -> LocatedFile? {
        guard let name = SplitName(path), name.count > 1 else { return nil }
        var bytes: Int64 = 0
        for path in name.paths {
            guard let identity = FileIdentity(path: path) else { return nil }
            bytes += identity.size
        }
        var digests = ""
        for path in name.paths { digests += try sha256(ofFile: path) + "\n" }
        let first = name.paths[0]
        return LocatedFile(
            name: URL(fileURLWithPath: first).lastPathComponent, path: first, bytes: bytes,
            sha256: SHA256.hexadecimal(of: digests.utf8))
    }
}
