package import Assets
import GGUF
package import Tokenization

/// A model's file as far as its tokens and chat format go: no weights are looked at.
package struct TextTokenizer {
    package let tokenizer: Tokenizer
    /// The same for equal tokenizers of different files.
    let hash: String
    private let program: ChatProgram?
    /// Whether prompts in the file's own chat format have the begin token by its program alone.
    private let beginsByProgram: Bool
    private let name: String

    /// Throws `RunError.model`.
    package init(_ located: LocatedFile) throws {
        do {
            self = try TextTokenizer(GGUFFile(path: located.path), named: located.name)
        } catch {
            throw RunError.model(name: located.name, reason: "\(error)")
        }
    }

    /// Of a model of that name.
    init(_ file: GGUFFile, named name: String) throws {
        tokenizer = try Tokenizer(file)
        hash = TokenizerFingerprint.sha256(of: tokenizer, file.metadata)
        program = ChatProgram(in: file.metadata, of: tokenizer)
        beginsByProgram = program.map(tokenizer.isBegun) ?? false
        self.name = name
    }

    /// The chat format that the file names; nil if it names none that is known.
    var template: ChatTemplate? { program?.template }

    /// What of the file could not be used, or is odd, for the user to know.
    var warnings: [String] {
        let plain = template?.markers.first { !tokenizer.isCommand($0) }
        let oddities = plain.map { marker in
            "its chat format's \(marker) is no command of its vocabulary, and is written as text"
        }
        return tokenizer.warnings + [oddities].compactMap(\.self)
    }

    /// The format of that name, else the one that the file names; nil for `raw`.
    ///
    /// One that the file does not name itself must be made of the model's commands: as plain text it would mean nothing to it.
    func template(named name: String?) throws(RunError) -> ChatTemplate? {
        if name == "raw" { return nil }
        guard let name else {
            guard let program else { throw .noTemplate(model: self.name) }
            if let start = program.answerStart {
                throw .startedAnswer(
                    model: self.name, start: start, template: program.template.rawValue)
            }
            return program.template
        }
        guard let template = ChatTemplate(rawValue: name) else { throw .unknownTemplate(name) }
        if template != self.template,
            let marker = template.markers.first(where: { !tokenizer.isCommand($0) })
        {
            throw .noCommand(model: self.name, marker: marker, template: name)
        }
        return template
    }

    /// A name for how prompts in a chat format become token ids.
    func hash(of format: ChatTemplate?) -> String {
        begins(in: format) ? "begin \(hash)" : hash
    }

    /// A prompt's token ids: before its parts the begin token, if the file asks for one or its program for that format writes it.
    func prompt(_ parts: [TextPart], in format: ChatTemplate?) -> [Int32] {
        let ids = tokenizer.encode(parts)
        guard tokenizer.addsBegin || begins(in: format), let begin = tokenizer.beginID,
            ids.first != begin
        else { return ids }
        return [begin] + ids
    }

    private func begins(in format: ChatTemplate?) -> Bool {
        beginsByProgram && format != nil && format == template
    }

    /// A user's turn as token ids, in the file's chat format or as it is.
    package func prompt(_ text: String, raw: Bool) throws(RunError) -> [Int32] {
        let format = try template(named: raw ? "raw" : nil)
        return prompt(format?.render(user: text) ?? [.content(text)], in: format)
    }
}

extension Tokenizer {
    /// Whether a text is one token that steers the model.
    fileprivate func isCommand(_ text: String) -> Bool {
        let ids = encode(text, parseSpecial: true)
        return ids.count == 1 && ids.allSatisfy(isControl)
    }

    /// Whether a program begins with the begin token what would have none without it.
    fileprivate func isBegun(by program: ChatProgram) -> Bool {
        guard program.writesBegin, !addsBegin, let beginID else { return false }
        return encode(program.template.render(user: "")).first != beginID
    }
}
