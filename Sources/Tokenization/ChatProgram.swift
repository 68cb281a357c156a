package import GGUF

/// What the Jinja program of a model file tells of a prompt beyond the name of its format.
///
/// Programs are not run. Two things that they may do are looked for in their text: to write the begin token themselves, and to write the start of the
/// answer.
package struct ChatProgram: Equatable, Sendable {
    /// The known format whose markers it has.
    package let template: ChatTemplate
    /// Whether it writes the begin token itself, whatever the file asks of the tokenizer.
    package let writesBegin: Bool
    /// What it puts behind the head of the assistant's turn, such as `<think>`, and the format does not; nil if nothing.
    package let answerStart: String?

    /// The program of a file; nil if there is none, or none of a known format.
    package init?(in metadata: GGUFMetadata, of tokenizer: Tokenizer) {
        guard let template = ChatTemplate.detect(in: metadata),
            let text = metadata.string("tokenizer.chat_template")
        else { return nil }
        let pieces = JinjaPiece.pieces(of: text)
        self.template = template
        let begin = tokenizer.beginID.map {
            String(decoding: tokenizer.bytes(of: $0), as: UTF8.self)
        }
        writesBegin =
            pieces.contains { $0.writes("bos_token") }
            || begin.map { JinjaPiece.start(of: pieces).hasPrefix($0) } ?? false
        answerStart = Self.answerStart(in: pieces, template)
    }

    /// What stands behind the head of the assistant's turn where a prompt ends.
    private static func answerStart(in pieces: [JinjaPiece], _ template: ChatTemplate) -> String? {
        let asks = pieces.lastIndex { piece in
            guard case .statement(let words) = piece else { return false }
            return words.first == "if" && words.contains("add_generation_prompt")
                && !words.contains("not")
        }
        guard let asks else { return nil }
        let written = JinjaPiece.written(by: pieces[(asks + 1)...])
        guard let head = written.ranges(of: template.answerHead).last else { return nil }
        let rest = written[head.upperBound...]
        return rest.allSatisfy(\.isWhitespace) ? nil : String(rest)
    }
}

/// A stretch of a Jinja program.
private enum JinjaPiece {
    /// Text that is written as it is.
    case text(String)
    /// `{{ ... }}`: its words outside of quotes, its quoted texts, and whether one of those comes first.
    case output(words: [String], texts: [String], isTextFirst: Bool)
    /// `{% ... %}` by its words.
    case statement(words: [String])

    /// A program's stretches; comments are none.
    static func pieces(of program: String) -> [JinjaPiece] {
        var pieces: [JinjaPiece] = []
        var rest = Array(program.utf8)[...]
        var text: [UInt8] = []
        func flush() {
            if !text.isEmpty { pieces.append(.text(String(decoding: text, as: UTF8.self))) }
            text = []
        }
        while let byte = rest.first {
            let kind = rest.dropFirst().first
            guard byte == UInt8(ascii: "{"),
                let kind, [UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#")].contains(kind)
            else {
                text.append(byte)
                rest.removeFirst()
                continue
            }
            flush()
            rest = rest.dropFirst(2)
            let closing = kind == UInt8(ascii: "{") ? UInt8(ascii: "}") : kind
            let (words, texts, isTextFirst) = Self.inside(&rest, until: closing)
            if kind == UInt8(ascii: "{") {
                pieces.append(.output(words: words, texts: texts, isTextFirst: isTextFirst))
            } else if kind == UInt8(ascii: "%") {
                pieces.append(.statement(words: words))
            }
        }
        flush()
        return pieces
    }

    /// Reads up to behind `closing` and `}`, which quotes may hold.
    private static func inside(
        _ rest: inout ArraySlice<UInt8>, until closing: UInt8
    ) -> (words: [String], texts: [String], isTextFirst: Bool) {
        let isComment = closing == UInt8(ascii: "#")
        var words: [[UInt8]] = [[]]
        var texts: [String] = []
        var isTextFirst = false
        while let byte = rest.popFirst() {
            if byte == closing, rest.first == UInt8(ascii: "}") {
                rest.removeFirst()
                break
            }
            if !isComment, byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                if texts.isEmpty { isTextFirst = words.allSatisfy(\.isEmpty) }
                texts.append(quoted(&rest, by: byte))
                words.append([])
            } else if isPartOfName(byte) {
                words[words.count - 1].append(byte)
            } else {
                words.append([])
            }
        }
        let names = words.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
        return (names, texts, isTextFirst)
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || byte >= 0x80
            || Unicode.Scalar(byte).properties.isAlphabetic
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Reads up to behind the closing quote.
    private static func quoted(_ rest: inout ArraySlice<UInt8>, by quote: UInt8) -> String {
        var text: [UInt8] = []
        while let byte = rest.popFirst(), byte != quote {
            guard byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() else {
                text.append(byte)
                continue
            }
            switch escaped {
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "r"): text.append(0x0D)
            default: text.append(escaped)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Whether a variable may be written here, or become part of what is.
    func writes(_ name: String) -> Bool {
        switch self {
        case .text: false
        case .output(let words, _, _): words.contains(name)
        case .statement(let words): words.first == "set" && words.dropFirst().contains(name)
        }
    }

    /// The first text that a program has to write; empty if that is nothing quoted.
    static func start(of pieces: [JinjaPiece]) -> String {
        for piece in pieces {
            switch piece {
            case .text(let text) where !text.allSatisfy(\.isWhitespace):
                return String(text.drop(while: \.isWhitespace))
            case .output(_, let texts, let isTextFirst):
                return isTextFirst ? texts.first ?? "" : ""
            case .text, .statement: continue
            }
        }
        return ""
    }

    /// What the stretches behind an `if` write up to its end, where nothing is set that programs leave to their users.
    ///
    /// Of a switch within, the branch for what is not defined counts, but not the empty thought by which a switch keeps a model from thinking.
    static func written(by pieces: ArraySlice<JinjaPiece>) -> String {
        var written = ""
        /// Of each open block, whether the branch is taken and whether one was.
        var blocks: [(counts: Bool, decided: Bool)] = []
        for piece in pieces {
            let counts = blocks.allSatisfy(\.counts)
            switch piece {
            case .text(let text):
                // Blanks between outputs are the program's layout.
                if counts, !text.allSatisfy(\.isWhitespace) { written += text }
            case .output(let words, let texts, _):
                // A choice within an expression is not followed.
                guard counts, !words.contains("if") else { continue }
                let text = texts.joined()
                written += blocks.isEmpty ? text : text.withoutEmptyThoughts
            case .statement(let words):
                switch words.first {
                case "if":
                    let holds = words.holdsUndefined
                    blocks.append((holds, holds))
                case "for", "macro", "call", "filter": blocks.append((false, true))
                case "elif", "else":
                    guard let last = blocks.popLast() else { return written }
                    let holds = !last.decided && (words.first == "else" || words.holdsUndefined)
                    blocks.append((holds, last.decided || holds))
                case "endif", "endfor", "endmacro", "endcall", "endfilter":
                    guard blocks.popLast() != nil else { return written }
                default: continue
                }
            }
        }
        return written
    }
}

extension [String] {
    /// Whether a condition in these words holds of variables that nobody defined: `x is not defined`, `not x`.
    fileprivate var holdsUndefined: Bool {
        dropFirst().first == "not" || zip(self, dropFirst()).contains { $0 == ("not", "defined") }
    }
}

extension String {
    /// The text without `<think></think>` that has nothing but space within.
    fileprivate var withoutEmptyThoughts: String { replacing(#/<think>\s*</think>/#, with: "") }
}
