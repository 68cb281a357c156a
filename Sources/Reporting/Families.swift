import ResultsStore
import Routing

/// One policy, or one ablation of it, at all its settings.
struct Family {
    let name: String
    var cells: [CellRow]
    /// Of each cell.
    var outcomes: [[QuestionOutcome]]

    /// Whether there is something to sweep.
    var hasSettings: Bool { cells.contains { $0.record.setting != nil } }

    /// Questions that its least finished setting has answered.
    var questions: Int { outcomes.map(\.count).min() ?? 0 }
}

extension ReportData {
    /// The policies that have answers, the single models left out, in the spec's order.
    var families: [Family] {
        let singles = [Route.slm, .llm].compactMap { single($0)?.id }
        var families: [Family] = []
        for cell in cells where !singles.contains(cell.id) {
            let outcomes = outcomes[cell.id] ?? []
            guard !outcomes.isEmpty else { continue }
            let name = cell.record.label ?? cell.record.policy
            if let index = families.firstIndex(where: { $0.name == name }) {
                families[index].cells.append(cell)
                families[index].outcomes.append(outcomes)
            } else {
                families.append(Family(name: name, cells: [cell], outcomes: [outcomes]))
            }
        }
        return families
    }
}
