import Foundation
import Testing

/// A command that the documentation shows, with its place.
struct DocumentedCommand: Sendable, CustomTestStringConvertible {
    /// How it is shown.
    enum Form: Sendable {
        /// A line to type.
        case line
        /// A line of what one may type: alternatives, and brackets around what may be left out.
        case synopsis
        /// Within a sentence, where arguments may be left out.
        case mention
    }

    let file: String
    let line: Int
    let form: Form
    let text: String

    var testDescription: String { "\(file):\(line): \(text)" }

    /// The words as a shell reads them, the program first; nil if a quote is not closed.
    var words: [String]? { Self.words(text) }

    /// The program, by the name that the documentation gives it.
    var program: String { words?.first ?? "" }

    /// Whether a word stands for something that the reader puts in: `SPEC`, `ROWS.jsonl`.
    static func isPlaceholder(_ word: String) -> Bool {
        let stem = word.split(separator: ".").first ?? ""
        return stem.count >= 2
            && stem.unicodeScalars.allSatisfy { ("A"..."Z").contains($0) || $0 == "_" || $0 == "/" }
    }

    static func words(_ text: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { word?.append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let done = word { words.append(done) }
        return quote == nil ? words : nil
    }
}

/// Finds the commands in a checkout's pages and specs.
struct CommandSearch {
    let root: String
    private(set) var commands: [DocumentedCommand] = []
    /// Lines that look like commands and are of no known form.
    private(set) var unknown: [String] = []

    static let programs = ["citer", ".build/release/citer", "make", "sqlite3"]

    init(root: String) throws {
        self.root = root
        for file in try Self.pages(root) { search(page: file, try text(file)) }
        for file in try Self.specs(root) { search(spec: file, try text(file)) }
    }

    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(file)", encoding: .utf8)
    }

    private static func pages(_ root: String) throws -> [String] {
        let docs =
            FileManager.default.enumerator(atPath: root + "/docs")?
            .compactMap { $0 as? String }.filter { $0.hasSuffix(".md") } ?? []
        return ["README.md", "analysis/README.md", "results/README.md"]
            + docs.sorted().map { "docs/\($0)" }
    }

    private static func specs(_ root: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: root + "/experiments")
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { "experiments/\($0)" }
    }

    private mutating func search(page file: String, _ text: String) {
        var isFenced = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if line.hasPrefix("```") {
                isFenced.toggle()
            } else if isFenced || line.hasPrefix("    ") {
                block(line.drop { $0 == " " }, file, index + 1)
            } else {
                mentions(line, file, index + 1)
            }
        }
    }

    private mutating func search(spec file: String, _ text: String) {
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            guard let sign = line.firstIndex(of: "#") else { continue }
            let comment = line[line.index(after: sign)...]
            if line.hasPrefix("#"), comment.hasPrefix("   ") {
                block(comment.drop { $0 == " " }, file, index + 1)
            } else {
                mentions(comment, file, index + 1)
            }
        }
    }

    /// A line of code: a command, or what is none (a spec's line, a formula).
    private mutating func block(_ line: Substring, _ file: String, _ number: Int) {
        let first = line.prefix { $0 != " " }
        let isProgram = first.unicodeScalars.first.map { ("a"..."z").contains($0) || $0 == "." }
        let rest = line.dropFirst(first.count)
        // A word, and what it means in a column beside it, is no command either.
        let hasArguments = rest.count > 1 && !rest.hasPrefix("  ")
        guard isProgram == true, hasArguments, !first.contains(":"), !first.contains("("),
            !Self.servers.contains(String(first))
        else { return }
        let code = Self.withoutRemark(line)
        // Several commands in one line, or one whose arguments have a comma.
        let parts = code.components(separatedBy: ", ")
        let areCommands = parts.allSatisfy { Self.isProgram($0.prefix { $0 != " " }, in: root) }
        if areCommands {
            for part in parts { add(Self.form(of: part), part, file, number) }
        } else if Self.isProgram(first, in: root) {
            add(Self.form(of: code), code, file, number)
        } else {
            unknown.append("\(file):\(number): \(line)")
        }
    }

    private static func form(of code: String) -> DocumentedCommand.Form {
        let words = DocumentedCommand.words(code) ?? []
        let isSynopsis = words.contains { word in
            word.hasPrefix("[") || word.contains("|")
        }
        return words.first == "citer" && isSynopsis ? .synopsis : .line
    }

    /// Others' programs, whose options are theirs to change.
    private static let servers: Set<String> = ["llama-server", "vllm", "python"]

    private static func isProgram(_ word: Substring, in root: String) -> Bool {
        if programs.contains(String(word)) { return true }
        let isOurs = word.hasPrefix("scripts/") || word.hasPrefix("analysis/")
        return isOurs && FileManager.default.isExecutableFile(atPath: "\(root)/\(word)")
    }

    /// The line up to what is said about it: after a sign of comment, or three blanks.
    private static func withoutRemark(_ line: Substring) -> String {
        var quote: Character?
        var blanks = 0
        for index in line.indices {
            let character = line[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if blanks >= 3 || (blanks > 0 && character == "#"), character != " " {
                return line[..<index].trimmingCharacters(in: .whitespaces)
            }
            blanks = character == " " ? blanks + 1 : 0
        }
        return line.trimmingCharacters(in: .whitespaces)
    }

    /// Code within a sentence.
    private mutating func mentions(_ line: Substring, _ file: String, _ number: Int) {
        let pieces = line.split(separator: "`", omittingEmptySubsequences: false)
        for (index, piece) in pieces.enumerated() where index % 2 == 1 && index + 1 < pieces.count {
            let first = piece.prefix { $0 != " " }
            if Self.programs.contains(String(first)), first.count < piece.count {
                add(.mention, String(piece), file, number)
            }
        }
    }

    private mutating func add(
        _ form: DocumentedCommand.Form, _ text: String, _ file: String, _ line: Int
    ) {
        guard !commands.contains(where: { $0.text == text && $0.form == form }) else { return }
        commands.append(DocumentedCommand(file: file, line: line, form: form, text: text))
    }
}
