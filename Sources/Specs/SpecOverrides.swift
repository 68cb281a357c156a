import Schemas

/// All `--set` of a command line over a spec.
struct SpecOverrides {
    /// The spec with what could be set.
    private(set) var root: YAMLNode
    /// What is wrong with the others.
    private(set) var problems: [Diagnostic] = []
    /// What follows from them without being said, in words.
    private(set) var remarks: [String] = []

    /// `root` with every override applied, in their order.
    static func apply(_ texts: [String], to root: YAMLNode) -> SpecOverrides {
        var overrides = SpecOverrides(root: root)
        var earlier: [SpecOverride] = []
        for text in texts {
            do throws(Diagnostics) {
                let override = try SpecOverride(text)
                // One that another one takes back was meant to count.
                if let lost = earlier.first(where: { $0.path.starts(with: override.path) }) {
                    throw Diagnostics([
                        Diagnostic(
                            lost.path == override.path
                                ? OverrideFact.twice(
                                    key: override.path.joined(separator: "."),
                                    first: lost.location.label)
                                : OverrideFact.takesBack(lost.location.label),
                            at: override.location)
                    ])
                }
                overrides.root = try override.applied(to: overrides.root)
                earlier.append(override)
            } catch {
                overrides.problems += error.all
            }
        }
        let keys = earlier.compactMap(\.path.first)
        if keys.contains("policies"), !keys.contains("ablations") {
            overrides.dropAblations(of: root)
        }
        return overrides
    }

    private init(root: YAMLNode) {
        self.root = root
    }

    /// Ablations vary the spec's policies: those of policies that were replaced go with them.
    private mutating func dropAblations(of original: YAMLNode) {
        func policies(_ root: YAMLNode) -> Set<String> {
            Set((root["policies"]?.elements ?? []).compactMap { $0.text ?? $0.entries.first?.key })
        }
        let gone = policies(original).subtracting(policies(root))
        guard case .mapping(var entries) = root.content,
            let index = entries.firstIndex(where: { $0.key == "ablations" }),
            case .list(let ablations) = entries[index].value.content
        else { return }
        let kept = ablations.filter { !gone.contains($0["base"]?.text ?? "") }
        guard kept.count < ablations.count else { return }
        let names = ablations.filter { gone.contains($0["base"]?.text ?? "") }
            .map { $0["name"]?.text ?? "without a name" }
        remarks.append(
            "without the policies they vary, these ablations are left out: "
                + names.joined(separator: ", "))
        entries[index].value = YAMLNode(.list(kept), at: entries[index].value.location)
        root = YAMLNode(.mapping(entries), at: root.location)
    }
}
