import Generation
import Routing

/// What labels cost, whether they were made now or in an earlier run (docs/method.md, section 3).
///
/// A walk's passes read whole texts at once; their time is not kept, so `seconds` counts answers and rollouts alone.
struct LabelWork {
    private(set) var flops = 0
    private(set) var bytes = 0
    private(set) var seconds = 0.0

    /// An answer from its first token on, as if alone.
    mutating func add(_ answer: GradedAnswer, _ costs: Pair<ModelCosts>) {
        add(answer, written: answer.tokens.count, known: 0, costs)
    }

    /// What followed a branch; what stands before it is read once for all of them (`add(prefixOf:)`).
    mutating func add(
        _ answer: GradedAnswer, from branch: Branch, of question: TrainingQuestion,
        _ costs: Pair<ModelCosts>
    ) {
        // Stored before passes were kept, it counts the tokens before the branch, too.
        let known = answer.slmPasses == nil ? question.prompt.count + branch.position : 0
        add(
            answer, written: max(0, answer.tokens.count - branch.position - 1), known: known, costs)
    }

    private mutating func add(
        _ answer: GradedAnswer, written: Int, known: Int, _ costs: Pair<ModelCosts>
    ) {
        for model in Route.allCases {
            let tokens = max(0, answer.tokens(of: model) - known)
            flops += costs[model].flops(tokens: tokens)
            bytes += answer.passes(of: model, written: written) * costs[model].weightBytes
        }
        seconds += answer.seconds
    }

    mutating func add(_ walk: ReferenceWalk, _ costs: Pair<ModelCosts>) {
        let tokens = walk.prompt.count + walk.reference.count
        add(tokens, of: costs.slm)
        if walk.asksLarge { add(tokens, of: costs.llm) }
    }

    /// What both models read of a reference before rollouts leave it.
    mutating func add(prefixOf text: LabelSources.BranchedReference, _ costs: Pair<ModelCosts>) {
        let tokens = text.question.prompt.count + (text.branches.map(\.position).max() ?? 0)
        for model in Route.allCases { add(tokens, of: costs[model]) }
    }

    /// Tokens of one text, read in one pass.
    mutating func add(_ tokens: Int, of part: ModelCosts) {
        flops += part.flops(tokens: tokens)
        bytes += part.weightBytes + tokens * part.kvBytesPerToken
    }

    /// Measured time of what is counted otherwise.
    mutating func add(seconds more: Double) { seconds += more }

    mutating func add(_ other: LabelWork) {
        flops += other.flops
        bytes += other.bytes
        seconds += other.seconds
    }
}

extension ModelCosts {
    /// Of reading so many tokens, each with its distribution; attention aside.
    fileprivate func flops(tokens: Int) -> Int {
        tokens * 2 * (bodyParameters + outputParameters)
    }
}
