import Foundation
import Grading
import Specs

/// One part of a sweep's questions, for a machine of its own: `2/8` is the second of eight.
package struct Shard: Equatable, Sendable, CustomStringConvertible {
    /// From 1 to `count`.
    package let index: Int
    /// How many there are.
    package let count: Int

    /// Such as `2/8`.
    package var description: String { "\(index)/\(count)" }

    /// The shard `index` of `count`; nil if there is no such.
    package init?(_ index: Int, of count: Int) {
        guard (1...LauncherSettings.mostShards).contains(count), (1...count).contains(index) else {
            return nil
        }
        self.index = index
        self.count = count
    }

    /// Reads `2/8`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else {
            return nil
        }
        self.init(index, of: count)
    }

    /// The file of this shard beside a database: `results/gsm8k.shard-2-of-8.sqlite`.
    package func path(beside database: String) -> String {
        let file = URL(fileURLWithPath: database)
        let name = file.deletingPathExtension().lastPathComponent
        let folder = (database as NSString).deletingLastPathComponent
        let end = file.pathExtension.isEmpty ? "" : ".\(file.pathExtension)"
        return (folder.isEmpty ? "" : "\(folder)/") + "\(name).shard-\(index)-of-\(count)\(end)"
    }

    /// The shard whose file beside `database` has that name; nil if it is none's, such as a file into which answers were saved.
    init?(file name: String, beside database: String) {
        let stem = URL(fileURLWithPath: database).deletingPathExtension().lastPathComponent
        let start = "\(stem).shard-"
        guard name.hasPrefix(start) else { return nil }
        let words = name.dropFirst(start.count).prefix { $0 != "." }
            .split(separator: "-", omittingEmptySubsequences: false)
        guard words.count == 3, let index = Int(words[0]), let count = Int(words[2]) else {
            return nil
        }
        self.init(index, of: count)
        // Written as this program writes it, to the last letter.
        guard (path(beside: database) as NSString).lastPathComponent == name else { return nil }
    }

    /// This shard's questions, in their order.
    ///
    /// Each question in turn goes to the shard that has least to do so far, so that a larger limit moves no question, and every question
    /// is in exactly one shard. Work is counted as the prompt's length, at 4 bytes a token, and half of the longest answer.
    func questions(of all: [Question], maxTokens: Int) -> [Question] {
        var loads = Array(repeating: 0, count: count)
        return all.filter { question in
            let least = loads.indices.min { (loads[$0], $0) < (loads[$1], $1) } ?? 0
            loads[least] += question.user.utf8.count / 4 + maxTokens / 2 + 1
            return least == index - 1
        }
    }
}
