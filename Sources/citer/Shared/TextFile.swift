import Foundation
import Platform

/// The text of the file at `path`. Throws `UnreadableFile`, and `InputError.noText` for what is not UTF-8.
func text(ofFile path: String) throws -> String {
    guard let text = String(data: try contents(ofFile: path), encoding: .utf8) else {
        throw InputError.noText(path: path)
    }
    return text
}
