import Foundation
import Schemas
import SweepSupport
import TestSupport
import Testing

@testable import Specs

/// The committed JSON Schema is the generated one, and agrees with the validation on forms.
struct SpecJSONSchemaTests {
    static let path = checkoutRoot + "/docs/spec.schema.json"

    @Test func theCommittedSchemaIsUpToDate() throws {
        if ProcessInfo.processInfo.environment["CITER_WRITE_PAGES"] != nil {
            try SweepSpec.jsonSchema.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(
            committed == SweepSpec.jsonSchema,
            "run CITER_WRITE_PAGES=1 swift test --filter SpecJSONSchemaTests and commit the file")
    }

    static func schema() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(SweepSpec.jsonSchema.utf8))
        let whole = try #require(object as? [String: Any])
        let definitions = whole["definitions"] as? [String: Any] ?? [:]
        return try #require(resolved(whole, definitions) as? [String: Any])
    }

    /// With what references mean in their places; one to nowhere stays, and fits nothing.
    private static func resolved(_ value: Any, _ definitions: [String: Any]) -> Any {
        if let list = value as? [Any] { return list.map { resolved($0, definitions) } }
        guard let object = value as? [String: Any] else { return value }
        let name = (object["$ref"] as? String)?.replacing("#/definitions/", with: "")
        if let name, let meant = definitions[name] { return meant }
        return object.mapValues { resolved($0, definitions) }
    }

    static func tree(_ text: String) throws -> YAMLNode {
        try YAMLReader.read(text, origin: .file("s.yaml")).root
    }

    @Test func goodSpecsConform() throws {
        let schema = try Self.schema()
        var texts = [SpecFixture.good, "include: base.yaml\ntask: { limit: 5 }\n"]
        for name in SpecExpansionTests.specs {
            texts.append(
                try String(
                    contentsOfFile: checkoutRoot + "/experiments/" + name,
                    encoding: .utf8))
        }
        for text in texts {
            #expect(JSONSchemaCheck.fits(try Self.tree(text), schema), "\(text)")
        }
    }

    /// Wrong forms that the JSON Schema must refuse as the validation does.
    @Test(arguments: [
        "unknown key within", "unknown key without a near one", "text for a number",
        "fraction for a whole number", "list for a text", "nothing for a mapping",
        "limit below one", "ratio out of range", "ratio out of range in a list", "not a number",
        "infinite", "no quantiles", "empty axis", "unknown policy", "missing settings",
        "settings of a policy without", "unknown setting", "two policies in one element",
        "a text alone",
    ])
    func wrongFormsDoNot(what: String) throws {
        let wrong = try #require(SpecErrorTests.cases.first { $0.what == what })
        #expect(!JSONSchemaCheck.fits(try Self.tree(wrong.text), try Self.schema()))
    }

    /// Every key an editor offers is explained.
    @Test func everyKeyIsDocumented() throws {
        func check(_ value: Any, _ path: String) {
            guard let object = value as? [String: Any] else {
                for element in value as? [Any] ?? [] { check(element, path) }
                return
            }
            for (key, property) in object["properties"] as? [String: Any] ?? [:] {
                let text = (property as? [String: Any])?["description"] as? String
                #expect(text?.isEmpty == false, "\(path).\(key)")
            }
            for (key, member) in object { check(member, "\(path).\(key)") }
        }
        check(try Self.schema(), "")
    }
}

/// The part of JSON Schema that the spec's uses, written a second time for comparison.
enum JSONSchemaCheck {
    static func fits(_ node: YAMLNode, _ schema: [String: Any]) -> Bool {
        if let options = schema["anyOf"] as? [[String: Any]] {
            return options.contains { fits(node, $0) }
        }
        if let words = schema["enum"] as? [String] { return words.contains { $0 == node.text } }
        if let word = schema["const"] as? String { return word == node.text }
        switch schema["type"] as? String {
        case "null": return node.isNull
        case "boolean": return node.flag != nil
        case "string":
            return node.text.map { $0.count >= schema["minLength"] as? Int ?? 0 } ?? false
        case "integer", "number":
            guard let value = node.number, value.isFinite else { return false }
            if schema["type"] as? String == "integer", node.integer == nil { return false }
            let low = (schema["minimum"] as? NSNumber)?.doubleValue ?? -.infinity
            let high = (schema["maximum"] as? NSNumber)?.doubleValue ?? .infinity
            return (low...high).contains(value)
        case "array":
            guard case .list(let elements) = node.content,
                elements.count >= schema["minItems"] as? Int ?? 0,
                let items = schema["items"] as? [String: Any]
            else { return false }
            return elements.allSatisfy { fits($0, items) }
        case "object": return fitsObject(node, schema)
        default: return false
        }
    }

    private static func fitsObject(_ node: YAMLNode, _ schema: [String: Any]) -> Bool {
        guard case .mapping(let entries) = node.content,
            let properties = schema["properties"] as? [String: Any],
            entries.count >= schema["minProperties"] as? Int ?? 0,
            entries.count <= schema["maxProperties"] as? Int ?? .max
        else { return false }
        let required = schema["required"] as? [String] ?? []
        guard required.allSatisfy({ key in entries.contains { $0.key == key } }) else {
            return false
        }
        return entries.allSatisfy { entry in
            (properties[entry.key] as? [String: Any]).map { fits(entry.value, $0) } ?? false
        }
    }
}
