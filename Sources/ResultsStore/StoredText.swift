import Foundation
import GRDB

/// Binds a text that may hold anything, NUL included, for use as `CAST(? AS TEXT)`.
///
/// SQLite's C interface, as GRDB calls it, ends a text at its first NUL; a blob has a length.
func hostile(_ text: String?) -> DatabaseValue {
    text.map { Data($0.utf8).databaseValue } ?? .null
}

/// Reads a text selected as `CAST(column AS BLOB)`.
func hostile(_ blob: Data?) -> String? {
    blob.map { String(decoding: $0, as: UTF8.self) }
}

/// A name is a key, so it must survive every tool: not empty, no control characters.
func checkName(_ name: String, what: String) throws(StoreError) {
    let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
    guard !name.isEmpty, !name.unicodeScalars.contains(where: isControl) else {
        throw .invalid(
            what: "\(what) is empty or holds control characters: \(name.debugDescription)")
    }
}
