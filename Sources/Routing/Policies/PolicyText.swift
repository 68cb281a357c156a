import Platform

/// A policy on a command line that cannot be read.
package struct PolicyTextError: ReportableError, Equatable {
    let text: String
    let reason: String

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what was expected, and what to do.
    package var description: String { "policy \"\(text)\": \(reason)" }
}

extension PolicySetting {
    /// Reads `slm`, `entropy=1.5` (a policy with one number) or `bild:fallback=0.5,rollback=2` (any), as databases name their cells; options follow:
    /// `entropy=1.5,keep=strict`.
    package init(text: String) throws(PolicyTextError) {
        func error(_ reason: String) -> PolicyTextError {
            PolicyTextError(text: text, reason: reason)
        }
        let name = String(text.prefix { $0 != ":" && $0 != "=" })
        guard let policy = PolicyDefinition.named(name) else {
            let known = PolicyDefinition.all.map(\.form).joined(separator: ", ")
            throw error("no policy is called \"\(name)\"; expected one of \(known)")
        }
        let expected = error("expected \(policy.usage)")
        let rest = text.dropFirst(name.count)
        var words: [String: String] = [:]
        if !rest.isEmpty {
            var list = rest.dropFirst()
            if rest.first == "=" {
                guard policy.parameters.count == 1 else { throw expected }
                list = "\(policy.parameters[0].name)=\(list)"
            }
            for part in list.split(separator: ",", omittingEmptySubsequences: false) {
                let pair = part.split(
                    separator: "=", maxSplits: 1, omittingEmptySubsequences: false
                )
                .map(String.init)
                guard pair.count == 2, words[pair[0]] == nil else { throw expected }
                words[pair[0]] = pair[1]
            }
        }
        var numbers: [String: Double] = [:]
        var router: String?
        var threshold: Threshold?
        var keep: KeepSetting?
        if words[PolicyParameter.keep.name] != nil, let refusal = policy.refusesKeep {
            throw error(refusal)
        }
        let options = policy.options.filter { words[$0.name] != nil }
        guard words.count == policy.parameters.count + options.count else { throw expected }
        for parameter in policy.parameters + options {
            guard let word = words[parameter.name], !word.isEmpty else { throw expected }
            switch parameter.values {
            case .router:
                router = word
                continue
            case .keep:
                keep = KeepSetting(text: word)
                guard keep != nil else {
                    throw error("\"\(word)\" is no keep rule; expected \(KeepDefinition.forms)")
                }
                continue
            case .number, .integer, .threshold: break
            }
            guard let value = Double(word) else { throw expected }
            if case .threshold = parameter.values {
                threshold = .value(value)
            } else {
                numbers[parameter.name] = value
            }
        }
        if let conflict = PolicySetting.conflict(of: policy, keep: keep, numbers) {
            throw error(conflict)
        }
        guard
            let setting = PolicySetting(
                policy, numbers, router: router, threshold: threshold, keep: keep)
        else { throw expected }
        self = setting
    }
}

extension PolicyDefinition {
    /// How it is written on a command line, with the range of each number: `margin=0...1`, `citer:router=NAME,threshold=0...1`.
    package var form: String {
        let parts = parameters.map { "\($0.name)=\($0.form)" }
        guard let first = parts.first else { return name }
        return parts.count == 1
            ? "\(name)=\(first.drop { $0 != "=" }.dropFirst())"
            : "\(name):\(parts.joined(separator: ","))"
    }

    /// The form, with what may follow it.
    fileprivate var usage: String {
        let words = options.map { "\($0.name)=\($0.form)" }
        return words.isEmpty
            ? form : "\(form), and if wanted any of \(words.joined(separator: ", "))"
    }
}

extension PolicyParameter {
    fileprivate var form: String {
        switch values {
        case .number(let range), .threshold(let range):
            "\(settingText(range.lowerBound))..."
                + (range.upperBound.isFinite ? settingText(range.upperBound) : "")
        case .integer(let range): "\(range.lowerBound)...\(range.upperBound)"
        case .router: "NAME"
        case .keep: "RULE"
        }
    }
}

extension KeepDefinition {
    /// How it is written on a command line: `kl:0...`.
    package var form: String {
        switch value {
        case .none: name
        case .number(let range, _): "\(name):\(PolicyParameter.number(name, range, "").form)"
        case .judge: "\(name):NAME:RECALL"
        case .integer(let range, _): "\(name):\(range.lowerBound)...\(range.upperBound)"
        }
    }

    /// All of them.
    package static var forms: String { all.map(\.form).joined(separator: ", ") }
}
