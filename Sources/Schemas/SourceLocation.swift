/// A place in a text that a person wrote, carrying its line so that a message can show it.
package struct SourceLocation: Equatable, Sendable {
    /// What the text is part of.
    package enum Origin: Equatable, Sendable {
        case file(String)
        /// A command-line override such as `--set task.limit=20`.
        case override
    }

    package let origin: Origin
    /// Line number from 1; always 1 for an override.
    package let line: Int
    /// Column from 1, in Unicode scalars.
    package let column: Int
    /// The whole line, without its end.
    package let text: String

    /// A place at `line` and `column` (both from 1) of a text whose line reads `text`.
    package init(origin: Origin, line: Int, column: Int, text: String) {
        self.origin = origin
        self.line = line
        self.column = column
        self.text = text
    }

    /// The same place without its line, where that holds what no message may repeat.
    package var withoutText: SourceLocation {
        SourceLocation(
            origin: origin, line: line, column: column, text: origin == .override ? "..." : "")
    }

    /// The beginning of the file at `path`, for what is wrong with all of it.
    package static func top(of path: String) -> SourceLocation {
        SourceLocation(origin: .file(path), line: 1, column: 1, text: "")
    }

    /// `file:line:column`, or `--set key=value` for an override.
    package var label: String {
        switch origin {
        case .file(let path): "\(path):\(line):\(column)"
        case .override: "--set \(text)"
        }
    }

    /// The line with a caret below the column, indented by four spaces; empty for an empty line.
    package var excerpt: String {
        // A pathological line must not flood the terminal.
        guard !text.isEmpty, text.unicodeScalars.count <= 400 else { return "" }
        let before = text.unicodeScalars.prefix(max(0, column - 1))
        // Tabs are kept, so that the caret stands below its character at any tab width.
        let padding = String(String.UnicodeScalarView(before.map { $0 == "\t" ? "\t" : " " }))
        return "    \(text)\n    \(padding)^"
    }
}
