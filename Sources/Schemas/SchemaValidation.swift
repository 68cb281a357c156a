extension Schema {
    /// Everything wrong with `node` if it should be of this kind, in the order of the text.
    ///
    /// `path` names the value in messages: `task.limit`; empty for the whole text.
    package func problems(in node: YAMLNode, path: String) -> [Diagnostic] {
        switch self {
        case .mapping(let keys): return mapping(keys, node, path)
        case .dictionary(let value, let kind):
            guard case .mapping(let entries) = node.content, !entries.isEmpty else {
                return [mismatch(node, path)]
            }
            return entries.flatMap { entry in
                entry.key.isEmpty
                    ? [Diagnostic(SchemaFact.emptyKey(kind: kind), at: entry.location)]
                    : value.problems(in: entry.value, path: Self.join(path, entry.key))
            }
        case .list(let element, let least):
            guard case .list(let elements) = node.content, elements.count >= least else {
                return [mismatch(node, path)]
            }
            return elements.enumerated().flatMap { index, value in
                element.problems(in: value, path: "\(path)[\(index + 1)]")
            }
        case .axis(let element):
            guard case .list(let elements) = node.content else {
                return element.fits(node)
                    ? element.problems(in: node, path: path)
                    : [mismatch(node, path)]
            }
            guard !elements.isEmpty else { return [mismatch(node, path)] }
            return elements.enumerated().flatMap { index, value in
                element.problems(in: value, path: "\(path)[\(index + 1)]")
            }
        case .variant(let variants, let kind): return variant(variants, kind, node, path)
        case .either(let first, let second):
            // A word that is none of a choice may be meant for the other form.
            if case .choice(let words) = first, let word = node.text, !words.contains(word) {
                return [mismatch(node, path, suggestion: closestMatch(to: word, in: words))]
            }
            if first.isOfForm(node) { return first.problems(in: node, path: path) }
            if second.isOfForm(node) { return second.problems(in: node, path: path) }
            return [mismatch(node, path)]
        case .choice(let words):
            guard case .text(let word) = node.content else { return [mismatch(node, path)] }
            return words.contains(word)
                ? []
                : [
                    mismatch(node, path, suggestion: closestMatch(to: word, in: words))
                ]
        case .text, .integer, .number, .flag: return fits(node) ? [] : [mismatch(node, path)]
        }
    }

    /// Whether a scalar fits; whether anything else has the right outer form.
    private func fits(_ node: YAMLNode) -> Bool {
        switch self {
        case .text: return node.text.map { !$0.isEmpty } ?? false
        case .integer(let range): return node.integer.map(range.contains) ?? false
        case .number(let range): return node.number.map(range.contains) ?? false
        case .flag: return node.flag != nil
        default: return isOfForm(node)
        }
    }

    /// Whether the value has this kind's outer form, be its parts right or wrong.
    private func isOfForm(_ node: YAMLNode) -> Bool {
        switch (self, node.content) {
        case (.text, .text), (.choice, .text), (.flag, .flag), (.list, .list): true
        case (.integer, .integer), (.integer, .number): true
        case (.number, .integer), (.number, .number): true
        case (.mapping, .mapping), (.dictionary, .mapping): true
        case (.variant, .text), (.variant, .mapping): true
        case (.axis(let element), _): node.elements.isEmpty ? element.isOfForm(node) : true
        case (.either(let first, let second), _): first.isOfForm(node) || second.isOfForm(node)
        default: false
        }
    }

    private func mapping(_ keys: [SchemaKey], _ node: YAMLNode, _ path: String) -> [Diagnostic] {
        guard case .mapping(let entries) = node.content else { return [mismatch(node, path)] }
        var found: [Diagnostic] = []
        let names = keys.filter { $0.refusal == nil }.map(\.name)
        for key in keys where key.isRequired && !entries.contains(where: { $0.key == key.name }) {
            found.append(
                Diagnostic(
                    SchemaFact.missingKey(key.name, in: path, expected: key.schema.expectation),
                    at: node.location))
        }
        for entry in entries {
            let key = keys.first { $0.name == entry.key }
            if let reason = key?.refusal {
                found.append(
                    Diagnostic(
                        SchemaFact.refusedKey(entry.key, in: path, because: reason),
                        at: entry.location))
            } else if let key {
                found += key.schema.problems(in: entry.value, path: Self.join(path, key.name))
            } else {
                found.append(
                    Diagnostic(
                        SchemaFact.unknownKey(entry.key, in: path, expected: names),
                        at: entry.location,
                        suggestion: closestMatch(to: entry.key, in: names)))
            }
        }
        return found
    }

    private func variant(
        _ variants: [SchemaVariant], _ kind: String, _ node: YAMLNode, _ path: String
    ) -> [Diagnostic] {
        let names = variants.map(\.name)
        func unknown(_ name: String, _ place: SourceLocation) -> Diagnostic {
            Diagnostic(
                SchemaFact.unknownVariant(name, kind: kind, expected: names), at: place,
                suggestion: closestMatch(to: name, in: names))
        }
        switch node.content {
        case .text(let name):
            guard let variant = variants.first(where: { $0.name == name }) else {
                return [unknown(name, node.location)]
            }
            guard let details = variant.details else { return [] }
            return [
                Diagnostic(
                    SchemaFact.needsSettings(name, kind: kind, outline: details.outline),
                    at: node.location)
            ]
        case .mapping(let entries) where entries.count == 1:
            let entry = entries[0]
            guard let variant = variants.first(where: { $0.name == entry.key }) else {
                return [unknown(entry.key, entry.location)]
            }
            guard let details = variant.details else {
                let names = Set(variant.refused.map(\.name))
                if case .mapping(let keys) = entry.value.content,
                    keys.contains(where: { names.contains($0.key) })
                {
                    return mapping(variant.refused, entry.value, Self.join(path, entry.key))
                }
                return entry.value.isNull
                    ? []
                    : [
                        Diagnostic(
                            SchemaFact.takesNoSettings(
                                entry.key, kind: kind, found: entry.value.summary),
                            at: entry.value.location)
                    ]
            }
            return details.problems(in: entry.value, path: Self.join(path, entry.key))
        case .mapping(let entries) where entries.count > 1:
            return [
                Diagnostic(
                    SchemaFact.severalVariants(
                        path: path, kind: kind, found: entries.map(\.key)),
                    at: entries[1].location)
            ]
        default: return [mismatch(node, path)]
        }
    }

    private func mismatch(
        _ node: YAMLNode, _ path: String, suggestion: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            SchemaFact.mismatch(path: path, expected: expectation, found: node.summary),
            at: node.location, suggestion: suggestion)
    }

    static func join(_ path: String, _ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }

    static func enumeration(_ words: [String], last: String = "or") -> String {
        guard let final = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " \(last) \(final)"
    }
}
