import Foundation
import Platform
import Reporting

extension TokenPage {
    /// Writes the page and its answers into a folder, each file as it is made; then removes those of a page that had more.
    func write(into output: String) throws {
        let folder = "\(output)/\(folderName)"
        var answers: Set<String> = []
        try files { file in
            try WholeFile.write(file.text, to: "\(output)/\(file.name)")
            if file.name != fileName {
                answers.insert(URL(fileURLWithPath: file.name).lastPathComponent)
            }
        }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for name in found where TokenPage.isAnswersName(name) && !answers.contains(name) {
            try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")
        }
        if answers.isEmpty, !found.isEmpty { rmdir(folder) }
        StandardError.note("wrote \(output)/\(fileName)")
        if !answers.isEmpty {
            StandardError.note("and \(answers.count) files of answers beside it, in \(folder)")
        }
    }
}
