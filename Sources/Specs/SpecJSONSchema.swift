import Routing
import Schemas

extension SweepSpec {
    /// The JSON Schema (draft 7) of a sweep spec, for editors; kept in `docs/spec.schema.json`.
    ///
    /// It knows forms and ranges. What names refer to, and what depends on several keys, only
    /// `parse` checks. Parts that an included file may complete have no required keys here.
    package static var jsonSchema: String {
        var object: [(String, JSON)] = [
            ("$schema", .text("http://json-schema.org/draft-07/schema#")),
            ("title", .text("A sweep spec of citer")),
        ]
        let whole = SpecSchema.spec.json(isPartial: true)
        let repeated = whole.repeatedProperties
        if case .object(let members) = whole.referring(to: repeated) { object += members }
        if !repeated.isEmpty {
            object.append(("definitions", .object(repeated.map { ($0.name, $0.value) })))
        }
        return JSON.object(object).rendered(indent: "") + "\n"
    }
}

/// A JSON value with its members in the order given.
private indirect enum JSON {
    case object([(String, JSON)])
    case array([JSON])
    case text(String)
    case number(Double)
    case flag(Bool)

    func rendered(indent: String) -> String {
        let inner = indent + "  "
        switch self {
        case .flag(let value): return "\(value)"
        case .number(let value): return settingText(value)
        case .text(let text): return JSON.quoted(text)
        case .array(let elements):
            let parts = elements.map { $0.rendered(indent: inner) }
            let line = "[" + parts.joined(separator: ", ") + "]"
            if line.count + indent.count <= 96, !line.contains("\n") { return line }
            return "[\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let members):
            let parts = members.map { "\(JSON.quoted($0)): \($1.rendered(indent: inner))" }
            let line = "{" + parts.joined(separator: ", ") + "}"
            if line.count + indent.count <= 72, !line.contains("\n") { return line }
            return "{\n" + parts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    /// Large values of properties that occur again and again, each with the property's name; what has another value under a name that is taken stays where
    /// it is.
    var repeatedProperties: [(name: String, value: JSON)] {
        var counts: [String: Int] = [:]
        var found: [(name: String, value: JSON)] = []
        func look(_ json: JSON, areProperties: Bool) {
            switch json {
            case .array(let elements):
                for element in elements { look(element, areProperties: false) }
            case .object(let members):
                for (name, value) in members {
                    let text = value.rendered(indent: "")
                    if areProperties, text.count > 400 {
                        counts[text, default: 0] += 1
                        if counts[text] == 3, !found.contains(where: { $0.name == name }) {
                            found.append((name, value))
                        }
                    }
                    look(value, areProperties: name == "properties")
                }
            case .text, .number, .flag: break
            }
        }
        look(self, areProperties: false)
        return found
    }

    /// The same with references in place of what `definitions` hold.
    func referring(to definitions: [(name: String, value: JSON)]) -> JSON {
        let texts = definitions.map { ($0.value.rendered(indent: ""), $0.name) }
        let names = Dictionary(texts, uniquingKeysWith: { first, _ in first })
        func replaced(_ json: JSON) -> JSON {
            switch json {
            case .array(let elements): return .array(elements.map(replaced))
            case .object(let members):
                if let name = names[json.rendered(indent: "")] {
                    return .object([("$ref", .text("#/definitions/\(name)"))])
                }
                return .object(members.map { ($0, replaced($1)) })
            case .text, .number, .flag: return json
            }
        }
        return replaced(self)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Schema {
    fileprivate func json(isPartial: Bool) -> JSON {
        func type(_ name: String, _ rest: (String, JSON)...) -> JSON {
            .object([("type", .text(name))] + rest)
        }
        switch self {
        case .text: return type("string", ("minLength", .number(1)))
        case .choice(let words): return .object([("enum", .array(words.map(JSON.text)))])
        case .flag: return type("boolean")
        case .integer(let range):
            var members: [(String, JSON)] = [("type", .text("integer"))]
            if range.lowerBound != .min {
                members.append(("minimum", .number(Double(range.lowerBound))))
            }
            if range.upperBound != .max {
                members.append(("maximum", .number(Double(range.upperBound))))
            }
            return .object(members)
        case .number(let range):
            var members: [(String, JSON)] = [("type", .text("number"))]
            if range.low.isFinite { members.append(("minimum", .number(range.low))) }
            if range.high.isFinite { members.append(("maximum", .number(range.high))) }
            return .object(members)
        case .list(let element, let least):
            return type(
                "array", ("items", element.json(isPartial: false)),
                ("minItems", .number(Double(least))))
        case .axis(let element):
            let one = element.json(isPartial: false)
            let list = type("array", ("items", one), ("minItems", .number(1)))
            return .object([("anyOf", .array([one, list]))])
        case .either(let first, let second):
            let alternatives = [first, second].map { $0.json(isPartial: false) }
            return .object([("anyOf", .array(alternatives))])
        case .dictionary(let value, _):
            return type(
                "object", ("additionalProperties", value.json(isPartial: false)),
                ("minProperties", .number(1)))
        case .mapping(let keys): return Self.object(keys, isPartial: isPartial)
        case .variant(let variants, _): return Self.json(of: variants)
        }
    }

    private static func object(_ keys: [SchemaKey], isPartial: Bool) -> JSON {
        let properties = keys.filter { $0.refusal == nil }.map { key in
            (key.name, described(key.schema.json(isPartial: isPartial), key.documentation))
        }
        var members: [(String, JSON)] = [
            ("type", .text("object")), ("properties", .object(properties)),
        ]
        let required = keys.filter(\.isRequired).map { JSON.text($0.name) }
        if !isPartial, !required.isEmpty { members.append(("required", .array(required))) }
        members.append(("additionalProperties", .flag(false)))
        return .object(members)
    }

    private static func json(of variants: [SchemaVariant]) -> JSON {
        let words = variants.filter { $0.details == nil }.map { variant in
            described(.object([("const", .text(variant.name))]), variant.documentation)
        }
        let mappings = variants.map { variant in
            let details =
                variant.details?.json(isPartial: false)
                ?? .object([("type", .text("null"))])
            return (variant.name, described(details, variant.documentation))
        }
        let object = JSON.object([
            ("type", .text("object")), ("properties", .object(mappings)),
            ("minProperties", .number(1)), ("maxProperties", .number(1)),
            ("additionalProperties", .flag(false)),
        ])
        return .object([("anyOf", .array(words + [object]))])
    }

    private static func described(_ json: JSON, _ documentation: String) -> JSON {
        guard case .object(let members) = json, !documentation.isEmpty else { return json }
        return .object([("description", .text(documentation))] + members)
    }
}
