import Platform

/// What a server did that nothing can be made of, or that ends a run.
package enum ServerError: ReportableError, Equatable {
    /// What should name the variable with the key is no variable's name, and may be the key itself.
    case noVariable
    /// The variable that should hold the key is not set.
    case noKey(variable: String)
    /// The key is none that can be sent.
    case badKey(variable: String)
    case refusedKey(server: String, status: Int, variable: String?)
    /// An answer with a status that is not 200.
    case status(server: String, path: String, status: Int, body: String)
    case redirected(server: String, path: String, status: Int, to: String)
    /// An answer that is not what the API says; `reason` says what was found and expected.
    case shape(server: String, path: String, reason: String)
    /// The server has other tokens than the tokenizer named in the spec.
    case otherTokens(
        server: String, tokenizer: String, text: String, ours: [Int32], theirs: [Int32])
    case tooFewSlots(server: String, slots: Int, concurrency: Int)
    case unknownModel(server: String, model: String, known: [String])
    /// The same server, model and identity as before, and other answers.
    case changed(
        server: String, model: String, identity: String, text: String, before: String, now: String)
    /// One read after the other came to nothing.
    case gone(server: String, failures: Int, last: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool {
        switch self {
        case .noVariable, .noKey, .badKey, .refusedKey, .otherTokens, .tooFewSlots, .unknownModel,
            .changed,
            .redirected:
            true
        case .status, .shape, .gone: false
        }
    }

    /// What was found, what was expected, what to do, on one line: much of it comes from the server.
    package var description: String { visibleLine(words) }

    private var words: String {
        switch self {
        case .noVariable:
            "the server's key is given by the name of the environment variable that holds it, of capital letters, digits and underscores, such as LLM_KEY; "
                + "what was given is no such name, and is not repeated here"
        case .noKey(let variable):
            "the environment variable \(variable), which should hold the server's key, is not set"
        case .badKey(let variable):
            "the environment variable \(variable) must hold the server's key, one line of visible ASCII letters"
        case .refusedKey(let server, let status, let variable):
            "\(server) refused access (status \(status)); "
                + (variable.map { "is the key in \($0) the right one?" }
                    ?? "name an environment variable with its key under \"key\"")
        case .status(let server, let path, let status, let body):
            "\(server)\(path) answered with status \(status), expected 200: \(body)"
        case .redirected(let server, let path, let status, let target):
            "\(server)\(path) sends elsewhere (status \(status), to \(target)), where nothing is sent; give the address that answers itself"
        case .shape(let server, let path, let reason): "\(server)\(path): \(reason)"
        case .otherTokens(let server, let tokenizer, let text, let ours, let theirs):
            "\(server) has other tokens than \(tokenizer): for \(Self.quoted(text)) it has \(Self.list(theirs)), "
                + "\(tokenizer) has \(Self.list(ours)); name the tokenizer of the model that is served"
        case .tooFewSlots(let server, let slots, let concurrency):
            "\(server) answers \(slots) requests at a time, fewer than concurrency: \(concurrency); lower that, or start it with more slots (--parallel)"
        case .unknownModel(let server, let model, let known):
            "\(server) has no model \"\(model)\"; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .changed(let server, let model, let identity, let text, let before, let now):
            "\(server) answers otherwise than before as \(model), identity \"\(identity)\": after \(Self.quoted(text)) it said \(before), now \(now). "
                + "If another model or other settings are served now, give them another identity; else their answers would be counted together"
        case .gone(let server, let failures, let last):
            "\(server) answered none of the last \(failures) reads; what was finished is kept, and the same command goes on from there. The last: \(last)"
        }
    }

    private static func quoted(_ text: String) -> String { String(reflecting: text) }
    private static func list(_ ids: [Int32]) -> String {
        let shown = ids.prefix(16).map(String.init).joined(separator: ", ")
        return ids.count > 16 ? "[\(shown), ...]" : "[\(shown)]"
    }
}
