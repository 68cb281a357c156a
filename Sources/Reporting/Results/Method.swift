import ResultsStore
import Routing

/// One policy, or one ablation of it, at all its settings.
struct Method {
    let name: String
    var cells: [CellRow]
    /// Of each cell.
    var outcomes: [[QuestionOutcome]]

    /// Whether there is something to sweep.
    var hasSettings: Bool { cells.contains { $0.record.setting != nil } }

    /// Questions that its least finished setting has answered.
    var questions: Int { outcomes.map(\.count).min() ?? 0 }

    /// The policy that it is, or that it varies; nil for one that this version does not know.
    private var policy: PolicyDefinition? { cells.first?.policy }

    /// Whether it varies a policy.
    var isAblation: Bool { cells.first?.record.label != nil }

    /// Whether it is its policy as that is where nothing else is said.
    private var isPlain: Bool { cells.first.map { $0.method == $0.record.policy } ?? false }

    /// Whether L judges S's tokens.
    var isJudged: Bool { cells.first?.isJudged ?? false }

    /// What it is called in a sentence.
    var title: String { cells.first?.record.method == nil ? policy?.title ?? name : name }

    /// Whether it is what every method is measured against, itself and not an ablation of it.
    var isBaseline: Bool {
        guard isPlain, case .baseline? = policy?.role else { return false }
        return true
    }

    /// Whether it is the method that the project is about, itself and not an ablation of it.
    var isCiter: Bool { isPlain && policy == .citer }
}

extension CellRow {
    /// The policy; nil for one that this version does not know.
    var policy: PolicyDefinition? { PolicyDefinition.named(record.policy) }

    /// The model that writes all of it, alone; nil for any other cell, ablations included.
    var single: Route? {
        guard record.label == nil, case .single(let route)? = policy?.role else { return nil }
        return route
    }

    /// Whether L judges S's tokens.
    var isJudged: Bool { record.keep != nil }
}

/// The single models first, then the spec's order.
func singleModelsFirst(_ left: CellRow, _ right: CellRow) -> Bool {
    let rank = { (cell: CellRow) in
        switch cell.single {
        case .slm: 0
        case .llm: 1
        case nil: 2
        }
    }
    return (rank(left), left.record.position, left.record.key)
        < (rank(right), right.record.position, right.record.key)
}

/// The cells that run one model alone, and what they answered: what everything is measured between.
struct SingleModels {
    let slm: CellRow
    let llm: CellRow
    let small: [QuestionOutcome]
    let large: [QuestionOutcome]
}

extension ReportData {
    /// The cell that runs one model alone.
    func single(_ model: Route) -> CellRow? {
        cells.first { $0.single == model }
    }

    /// Nil where one of them is missing.
    var singles: SingleModels? {
        guard let slm = single(.slm), let llm = single(.llm) else { return nil }
        return SingleModels(
            slm: slm, llm: llm, small: outcomes[slm.id] ?? [], large: outcomes[llm.id] ?? [])
    }

    /// The methods that have answers, the single models left out, in the spec's order.
    var methods: [Method] {
        let singles = [Route.slm, .llm].compactMap { single($0)?.id }
        var methods: [Method] = []
        for cell in cells where !singles.contains(cell.id) {
            let outcomes = outcomes[cell.id] ?? []
            guard !outcomes.isEmpty else { continue }
            if let index = methods.firstIndex(where: { $0.name == cell.method }) {
                methods[index].cells.append(cell)
                methods[index].outcomes.append(outcomes)
            } else {
                methods.append(Method(name: cell.method, cells: [cell], outcomes: [outcomes]))
            }
        }
        return methods
    }
}
