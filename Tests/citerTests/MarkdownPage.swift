import Foundation
import Platform
import TestSupport

/// A page of the checkout, as far as tests of its words and links need it.
struct MarkdownPage {
    /// From the checkout's folder.
    let path: String
    /// Lines that are no code, with their numbers.
    let prose: [(number: Int, text: Substring)]

    init(_ path: String) throws {
        self.init(
            path, text: try String(contentsOfFile: checkoutRoot + "/" + path, encoding: .utf8))
    }

    init(_ path: String, text: String) {
        self.path = path
        var prose: [(Int, Substring)] = []
        var (isFenced, isIndented, afterEmpty) = (false, false, true)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let isEmpty = line.allSatisfy(\.isWhitespace)
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if !isFenced {
                // Four blanks begin code after an empty line only; elsewhere they go on with an item of a list.
                isIndented = line.hasPrefix("    ") && (isIndented || afterEmpty)
                if !isIndented { prose.append((index + 1, line)) }
            }
            if !(isIndented && isEmpty) { afterEmpty = isEmpty }
        }
        self.prose = prose
    }

    /// All pages that a clone would have, and those that are not added yet.
    static func all() throws -> [MarkdownPage] {
        try files.filter { $0.hasSuffix(".md") }.sorted().map { try MarkdownPage($0) }
    }

    /// Every file that git does not ignore; all of the folder's where git does not know it.
    static let files: Set<String> = {
        let listing = Command(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            in: checkoutRoot, output: .result)
        if case .exited(status: 0, let output, _) = SystemCommandRunner().run(listing) {
            return Set(output.split(separator: "\0").map(String.init))
        }
        let walker = FileManager.default.enumerator(atPath: checkoutRoot)
        var found: Set<String> = []
        while let path = walker?.nextObject() as? String {
            if path == ".build" || path == ".git" {
                walker?.skipDescendants()
            } else {
                found.insert(path)
            }
        }
        return found
    }()

    /// What stands in parentheses or behind a label: addresses of links and images.
    var links: [(line: Int, address: String)] {
        // A pattern takes its time, and most lines have no bracket.
        prose.lazy.filter { $0.text.utf8.contains(UInt8(ascii: "[")) }.flatMap { number, text in
            // Code within a sentence links to nothing.
            let plain = text.replacing(/`[^`]*`/, with: "`")
            let inline = plain.matches(of: /\]\(<?([^)\s>]+)>?(?:\s+"[^"]*")?\)/).map { $0.1 }
            let named = plain.matches(of: /^\[[^\]]+\]:\s+(\S+)/).map { $0.1 }
            return (inline + named).map { (number, String($0)) }
        }
    }

    /// What its headings are reached by: lower case, without marks, hyphens for blanks; a number behind those that come again.
    var anchors: Set<String> {
        var counts: [String: Int] = [:]
        for case let heading? in prose.map({ $0.text.wholeMatch(of: /#{1,6} +(.*)/) }) {
            let words = Self.plain(String(heading.1)).lowercased()
            let anchor = String(
                String.UnicodeScalarView(
                    words.unicodeScalars.filter {
                        $0.properties.isAlphabetic || $0.properties.numericType != nil
                            || "_- ".unicodeScalars.contains($0)
                    })
            ).replacing(" ", with: "-")
            counts[anchor, default: 0] += 1
        }
        return counts.reduce(into: []) { all, entry in
            all.insert(entry.key)
            for again in 1..<max(entry.value, 1) { all.insert("\(entry.key)-\(again)") }
        }
    }

    /// Paragraphs and items of lists, each one line of plain words; headings and tables are none.
    var paragraphs: [String] {
        var found: [String] = []
        var open = false
        for (_, line) in prose {
            let isBreak = line.allSatisfy(\.isWhitespace) || line.hasPrefix("#")
            if isBreak || line.hasPrefix("|") {
                open = false
                continue
            }
            let item = line.hasPrefix("- ")
            if open && !item {
                found[found.count - 1] += " " + line
            } else {
                found.append(String(item ? line.dropFirst(2) : line))
            }
            open = true
        }
        return found.map(Self.plain)
    }

    /// A text without the marks of links, code and emphasis, and with single blanks.
    static func plain(_ text: String) -> String {
        text.replacing(/\[([^\]]*)\]\([^)]*\)/) { $0.1 }
            .replacing("*", with: "").replacing("`", with: "")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
