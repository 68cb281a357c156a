import Routing
import Schemas

/// Expands the policies and ablations of a spec into cells.
struct PolicyExpansion {
    /// The most cells of one spec.
    static let mostCells = 10_000

    private var reader: PolicyReader
    private(set) var settings: [PolicySetting] = []
    private var ownProblems: [Diagnostic] = []
    private var firstPlaces: [PolicySetting: SourceLocation] = [:]

    init(_ root: YAMLNode, names: SpecNames) {
        reader = PolicyReader(root, names: names)
        let policies = root["policies"]?.elements ?? []
        let entries = policies.enumerated().compactMap {
            reader.entry($1, path: "policies[\($0 + 1)]")
        }
        if let models = SweepSpec.Models(root["models"]) {
            for entry in entries {
                let policy = entry.definition
                if let lack = models.lack(entry.needs, for: .policy(policy.name)) {
                    ownProblems.append(Diagnostic(lack, at: entry.location))
                }
            }
        }
        for entry in entries { expand(entry, label: nil) }
        var labels: [String: SourceLocation] = [:]
        for (index, node) in (root["ablations"]?.elements ?? []).enumerated() {
            if let name = node["name"], let text = name.text {
                if let first = labels[text] {
                    ownProblems.append(
                        Diagnostic(
                            PolicyFact.ablationTwice(text, first: first.label),
                            at: name.location))
                }
                labels[text] = name.location
            }
            ablate(node, path: "ablations[\(index + 1)]", entries: entries, of: policies)
        }
    }

    /// What is wrong with the elements, and with them beside each other.
    var problems: [Diagnostic] { reader.problems + ownProblems }

    // MARK: Grids

    private mutating func expand(_ entry: PolicyEntry, label: String?, flip: Double? = nil) {
        let cells = entry.axes.reduce(1) { total, axis in
            let (product, overflow) = total.multipliedReportingOverflow(by: axis.steps.count)
            return overflow ? .max : product
        }
        guard cells <= Self.mostCells - settings.count else {
            ownProblems.append(
                Diagnostic(PolicyFact.tooManyCells(most: Self.mostCells), at: entry.location))
            return
        }
        var grid: [[String: PolicyEntry.Value]] = [[:]]
        for axis in entry.axes {
            grid = grid.flatMap { cell in axis.steps.map { cell.merging($0) { $1 } } }
        }
        var conflicts: Set<String> = []
        for values in grid {
            let step = PolicyEntry.Step(of: entry.definition, values)
            if let conflict = step.conflict(in: entry.definition) {
                if conflicts.insert(conflict).inserted {
                    ownProblems.append(
                        Diagnostic(
                            PolicyFact.conflict(conflict, policy: entry.definition.name),
                            at: entry.location))
                }
                continue
            }
            guard let setting = step.cell(of: entry.definition, label: label, flip: flip)
            else { continue }
            let place = setting.unlabelled
            if let first = firstPlaces[place] {
                ownProblems.append(
                    Diagnostic(
                        PolicyFact.cellTwice(setting.description, first: first.label),
                        at: entry.location))
                continue
            }
            firstPlaces[place] = entry.location
            settings.append(setting)
        }
    }

    private mutating func ablate(
        _ node: YAMLNode, path: String, entries: [PolicyEntry], of policies: [YAMLNode]
    ) {
        guard let base = node["base"], let word = base.text,
            let definition = PolicyDefinition.named(word),
            let label = node["name"]?.text
        else { return }
        let listed = policies.compactMap { $0.text ?? $0.entries.first?.key }
            .reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        guard listed.contains(word) else {
            ownProblems.append(
                Diagnostic(
                    PolicyFact.unknownBase(word, path: path, listed: listed), at: base.location,
                    suggestion: closestMatch(to: word, in: listed)))
            return
        }
        guard let replaced = reader.replacements(in: node, of: definition, path: path) else {
            return
        }
        for var entry in entries where entry.definition == definition {
            for axis in replaced {
                for index in entry.axes.indices {
                    entry.axes[index].keys.removeAll { $0 == axis.keys[0] }
                    for step in entry.axes[index].steps.indices {
                        entry.axes[index].steps[step][axis.keys[0]] = nil
                    }
                }
                entry.axes.removeAll { $0.keys.isEmpty }
                entry.axes.append(axis)
            }
            expand(
                PolicyEntry(
                    definition: entry.definition, axes: entry.axes, location: node.location),
                label: label, flip: node["flip"]?.number)
        }
    }
}
