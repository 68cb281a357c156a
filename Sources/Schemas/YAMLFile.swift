import Foundation
import Platform

/// Files of YAML: their text, and the two ways to end their names.
package enum YAMLFile {
    /// Why a file's text cannot be had, in words.
    package struct Unreadable: ReportableError, Equatable {
        package let reason: String

        /// Whether what was given is at fault, rather than the work.
        package var isBadInput: Bool { true }

        /// The reason.
        package var description: String { reason }
    }

    /// The text of the file at `path`, which is no longer than YAML is read.
    package static func text(at path: String) throws(Unreadable) -> String {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw Unreadable(
                reason: "no such file" + (twin(of: path).map { "; there is \($0)" } ?? ""))
        }
        guard !isDirectory.boolValue else { throw Unreadable(reason: "it is a folder") }
        let most = YAMLReader.Limits().bytes
        guard let file = FileHandle(forReadingAtPath: path),
            let data = try? file.read(upToCount: most + 1) ?? Data()
        else { throw Unreadable(reason: "it cannot be read") }
        guard data.count <= most else {
            throw Unreadable(reason: "it has more than \(most) bytes, and at most so many are read")
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw Unreadable(reason: "it is not UTF-8 text")
        }
        return text
    }

    /// A file called `name` in a folder, as `name.yaml` or `name.yml`; nil if there is neither.
    /// - Throws: `Diagnostics` if there are both: it would be chance which counts.
    package static func path(of name: String, in folder: String) throws(Diagnostics) -> String? {
        let found = ["yaml", "yml"].map { joined(folder, "\(name).\($0)") }
            .filter { FileManager.default.fileExists(atPath: $0) }
        guard found.count < 2 else {
            throw Diagnostics([
                Diagnostic(YAMLFact.twoFiles(other: found[0]), at: .top(of: found[1]))
            ])
        }
        return found.first
    }

    /// The file of the same name with the other ending, if there is one.
    private static func twin(of path: String) -> String? {
        let url = URL(fileURLWithPath: path)
        let other = ["yaml": "yml", "yml": "yaml"][url.pathExtension] ?? "yaml"
        let twin = url.deletingPathExtension().appendingPathExtension(other)
        return FileManager.default.fileExists(atPath: twin.path) ? twin.lastPathComponent : nil
    }
}

/// The path of `name` in a folder; the current directory is not spelled out.
package func joined(_ folder: String, _ name: String) -> String {
    if name.hasPrefix("/") || folder.isEmpty || folder == "." { return name }
    return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
}
