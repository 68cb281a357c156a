import ResultsStore
import Routing

// What the policies of cells and methods are, as their definitions say.

extension CellRow {
    /// The policy; nil for one that this version does not know.
    var policy: PolicyDefinition? { PolicyDefinition.named(record.policy) }

    /// The model that writes all of it, alone; nil for any other cell, ablations included.
    var single: Route? {
        guard record.label == nil, case .single(let route)? = policy?.role else { return nil }
        return route
    }

    /// Whether L verifies what S has drafted.
    var isDrafted: Bool { policy?.isDrafted ?? false }
}

extension Family {
    /// The policy that it is, or that it varies.
    private var policy: PolicyDefinition? { cells.first?.policy }

    /// Whether L verifies what S has drafted.
    var isDrafted: Bool { policy?.isDrafted ?? false }

    /// Whether it is what every method is measured against, itself and not an ablation of it.
    var isBaseline: Bool {
        guard cells.first?.record.label == nil, case .baseline? = policy?.role else { return false }
        return true
    }

    /// Whether it is the method that the project is about, itself and not an ablation of it.
    var isCiter: Bool { cells.first?.record.label == nil && policy == .citer }
}

extension RouterLabels {
    /// Whether the large model is called where the score is low.
    var callsBelow: Bool { PolicyDefinition.named(kind)?.calls == .below }
}
