import Routing
import Schemas

/// Reads the elements of `policies` and what ablations set, without looking at their neighbours.
///
/// Works on a tree that may be wrong: what the schema refuses is skipped here without a word.
struct PolicyReader {
    private let names: SpecNames
    /// The small model's tokens, where known.
    private let vocabulary: Int?
    /// Routers that the spec itself says how to train.
    private let planned: Set<String>
    private(set) var problems: [Diagnostic] = []

    private typealias Axis = PolicyEntry.Axis
    private typealias Value = PolicyEntry.Value

    init(_ root: YAMLNode, names: SpecNames) {
        self.names = names
        // A file is looked into only where it matters.
        let trims = (root["policies"]?.elements ?? []) + (root["ablations"]?.elements ?? [])
        let asks = trims.contains { node in
            (node.entries.map(\.value) + [node]).contains {
                $0[PolicyDefinition.draftsKey]?["rows"] != nil
            }
        }
        vocabulary = asks ? root["models"]?["slm"]?.text.flatMap(names.vocabulary) : nil
        planned = Set((root["routers"]?.elements ?? []).compactMap { $0["name"]?.text })
    }

    /// One of `policies`; nil if something is wrong with it.
    mutating func entry(_ node: YAMLNode, path: String) -> PolicyEntry? {
        let word = node.text ?? (node.entries.count == 1 ? node.entries.first?.key : nil)
        guard let word, let definition = PolicyDefinition.named(word) else { return nil }
        let location = node.entries.first?.location ?? node.location
        guard !definition.parameters.isEmpty else {
            let details = node.entries.first?.value.content
            guard details == nil || details == .nothing || details == .null else { return nil }
            return PolicyEntry(definition: definition, axes: [], location: location)
        }
        guard let settings = node.entries.first?.value, case .mapping = settings.content else {
            return nil
        }
        let found = axes(of: definition, in: settings, path: "\(path).\(word)")
        return found.map { PolicyEntry(definition: definition, axes: $0, location: location) }
    }

    private mutating func axes(
        of definition: PolicyDefinition, in settings: YAMLNode, path: String
    ) -> [Axis]? {
        var axes: [Axis] = []
        var isComplete = true
        let zip = settings["zip"]
        if let zip, case .mapping = zip.content {
            guard let zipped = zipAxis(zip, definition, path: path) else { return nil }
            axes.append(zipped)
        }
        for key in definition.parameters {
            let isZipped = zip?[key.name] != nil
            guard let node = settings[key.name] else {
                if !isZipped {
                    // With one key the schema has said so already.
                    if definition.parameters.count > 1 {
                        problems.append(
                            Diagnostic(
                                SchemaFact.missingKey(
                                    key.name, in: path, expected: key.schema.expectation),
                                at: settings.location))
                    }
                    isComplete = false
                }
                continue
            }
            if isZipped {
                problems.append(
                    Diagnostic(
                        PolicyFact.zippedTwice(key.name), at: node.location))
                isComplete = false
            } else if let values = values(of: key, in: node) {
                axes.append(Axis(keys: [key.name], steps: values.map { [key.name: $0] }))
            } else {
                isComplete = false
            }
        }
        for option in definition.options {
            let isZipped = zip?[option.name] != nil
            let place = option.isOfDrafts ? settings[PolicyDefinition.draftsKey] : settings
            guard let node = place?[option.name] else { continue }
            if isZipped {
                problems.append(Diagnostic(PolicyFact.zippedTwice(option.name), at: node.location))
                isComplete = false
            } else if let values = values(of: option, in: node) {
                axes.append(Axis(keys: [option.name], steps: values.map { [option.name: $0] }))
            } else {
                isComplete = false
            }
        }
        // The table's order decides the grid's, whatever order the text has.
        let order = (definition.parameters + definition.options).map(\.name)
        axes.sort { order.firstIndex(of: $0.keys[0]) ?? 0 < order.firstIndex(of: $1.keys[0]) ?? 0 }
        return isComplete ? axes : nil
    }

    private mutating func zipAxis(
        _ node: YAMLNode, _ definition: PolicyDefinition, path: String
    ) -> Axis? {
        let keys = (definition.parameters + definition.options).filter { node[$0.name] != nil }
        let columns = keys.compactMap { key in
            node[key.name].flatMap { values(of: key, in: $0) }
        }
        guard columns.count == keys.count, let first = columns.first else { return nil }
        guard columns.allSatisfy({ $0.count == first.count }) else {
            let lengths = zip(keys, columns).map {
                PolicyFact.Length(key: $0.name, count: $1.count)
            }
            problems.append(
                Diagnostic(
                    PolicyFact.unequalLists(path: path, lengths: lengths), at: node.location))
            return nil
        }
        let steps = first.indices.map { step in
            Dictionary(uniqueKeysWithValues: zip(keys, columns).map { ($0.name, $1[step]) })
        }
        return Axis(keys: keys.map(\.name), steps: steps)
    }

    /// The values of a key; nil if the schema refuses them.
    private mutating func values(of key: PolicyParameter, in node: YAMLNode) -> [Value]? {
        guard key.schema.problems(in: node, path: "").isEmpty else { return nil }
        if let count = node["quantiles"]?.integer {
            return (1...count).map { .quantile($0, of: count) }
        }
        if let shares = node["quantiles"]?.elements, !shares.isEmpty {
            return shares.compactMap(\.number).map {
                .quantile(Int(($0 * 1000).rounded()), of: 999)
            }
        }
        if case .keep = key.values { return keepValues(node) }
        var values: [Value] = []
        for element in node.elements.isEmpty ? [node] : node.elements {
            switch key.values {
            case .number, .threshold: element.number.map { values.append(.number($0)) }
            case .integer:
                guard let value = element.integer else { continue }
                if key.name == "rows", let vocabulary, value > vocabulary {
                    problems.append(
                        Diagnostic(
                            PolicyFact.tooManyRows(value, vocabulary: vocabulary),
                            at: element.location))
                }
                values.append(.integer(value))
            case .keep: break
            case .router:
                guard let router = element.text else { continue }
                check(router: router, at: element.location)
                values.append(.router(router))
            }
        }
        return values
    }

    /// Keep rules: words, and mappings from rules to their values.
    private mutating func keepValues(_ node: YAMLNode) -> [Value]? {
        var settings: [KeepSetting] = []
        for element in (node.elements.isEmpty ? [node] : node.elements)
        where element["judge"] == nil {
            guard let recall = element[KeepDefinition.recallKey] else { continue }
            problems.append(
                Diagnostic(
                    SchemaFact.refusedKey(
                        KeepDefinition.recallKey, in: "keep",
                        because: "it is a judge's, and none is named"),
                    at: recall.location))
        }
        for element in node.elements.isEmpty ? [node] : node.elements {
            if let word = element.text {
                settings +=
                    KeepDefinition.named(word).flatMap { KeepSetting($0) }.map { [$0] } ?? []
            }
            for entry in element.entries {
                guard let rule = KeepDefinition.named(entry.key) else { continue }
                if rule == .judge {
                    settings += judges(entry.value, element)
                    continue
                }
                let values = entry.value.elements.isEmpty ? [entry.value] : entry.value.elements
                settings += values.compactMap(\.number).compactMap { KeepSetting(rule, $0) }
            }
        }
        guard !settings.isEmpty else {
            // A judge has said what it lacks.
            if node["judge"] != nil { return nil }
            problems.append(
                Diagnostic(
                    SchemaFact.mismatch(
                        path: "keep", expected: KeepDefinition.schema.expectation,
                        found: node.summary), at: node.location))
            return nil
        }
        return settings.map { .keep($0) }
    }

    /// A judge at each recall.
    private mutating func judges(_ node: YAMLNode, _ element: YAMLNode) -> [KeepSetting] {
        guard let name = node.text else { return [] }
        check(router: name, at: node.location)
        guard let recall = element[KeepDefinition.recallKey] else {
            problems.append(
                Diagnostic(
                    SchemaFact.missingKey(
                        KeepDefinition.recallKey, in: "keep",
                        expected:
                            "the share of harmful tokens that the judge must catch, or a list of such"
                    ),
                    at: node.location))
            return []
        }
        let recalls = recall.elements.isEmpty ? [recall] : recall.elements
        return recalls.compactMap(\.number).compactMap { KeepSetting(.judge, $0, judge: name) }
    }

    /// Whether a router is trained.
    private mutating func check(router: String, at place: SourceLocation) {
        guard let known = names.routers, !known.contains(router) else { return }
        let isPlanned = planned.contains(router)
        problems.append(
            Diagnostic(
                isPlanned
                    ? PolicyFact.untrainedRouter(router)
                    : PolicyFact.unknownRouter(router, known: known),
                at: place, suggestion: isPlanned ? nil : closestMatch(to: router, in: known)))
    }

    /// What an ablation sets; nil if some of it is wrong.
    mutating func replacements(
        in node: YAMLNode, of definition: PolicyDefinition, path: String
    ) -> [PolicyEntry.Axis]? {
        var replaced: [Axis] = []
        var isRight = true
        let drafts = node[PolicyDefinition.draftsKey]?.entries ?? []
        for entry in node.entries + drafts
        where !["name", "base", PolicyDefinition.draftsKey].contains(entry.key) {
            if entry.key == "flip" {
                if definition.decidesByToken { continue }
                problems.append(
                    Diagnostic(
                        PolicyFact.flipWithoutThreshold(policy: definition.name), at: entry.location
                    ))
                isRight = false
                continue
            }
            if let key = definition.setting(entry.key) {
                // What fits no policy was refused by the schema; this base may be narrower.
                if key.widestSchema.problems(in: entry.value, path: "").isEmpty {
                    problems += key.schema.problems(in: entry.value, path: "\(path).\(key.name)")
                }
                if let values = values(of: key, in: entry.value) {
                    replaced.append(Axis(keys: [key.name], steps: values.map { [key.name: $0] }))
                    continue
                }
            } else if PolicyDefinition.all.contains(where: { $0.setting(entry.key) != nil }) {
                let own =
                    (definition.parameters + definition.options.filter { !$0.isOfDrafts }).map(
                        \.name)
                    + (definition.stops ? [PolicyDefinition.draftsKey] : [])
                problems.append(
                    Diagnostic(
                        PolicyFact.foreignSetting(
                            entry.key, policy: definition.name, own: own),
                        at: entry.location))
            }
            isRight = false
        }
        return isRight ? replaced : nil
    }
}
