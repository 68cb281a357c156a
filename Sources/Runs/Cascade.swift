import Generation
import Routing

extension Trace {
    /// A cascade's answer (docs/method.md, 2.4): S's own, unless the score of what S saw while writing it calls for L's. Then both are paid for: S's whole
    /// answer, and L's from the prompt on.
    /// - Parameters:
    ///   - small: S's observed answer.
    ///   - large: L's answer; nil in a calibration, which never calls.
    static func cascade(
        small: Trace, large: Trace?, by function: any ScoreFunction, threshold: Float
    ) -> Trace {
        guard let seen = small.observed else { return small }
        let score = function.score(seen)
        guard let large, function.route(score: score, threshold: threshold) == .llm else {
            return Trace(
                promptTokens: small.promptTokens, decisions: small.decisions.scored(score),
                finish: small.finish, cost: small.cost)
        }
        var cost = small.cost
        cost.llmTokens = large.cost.llmTokens
        cost.llmPasses = large.cost.llmPasses
        cost.llmSeconds = large.cost.llmSeconds
        return Trace(
            promptTokens: large.promptTokens, decisions: large.decisions.scored(score),
            finish: large.finish, cost: cost,
            passes: small.passes(by: .slm) + large.passes(by: .llm))
    }

    /// The passes of one model alone.
    private func passes(by model: Route) -> [Pass] {
        decisions.indices.map { index in
            Pass(
                by: model, from: index == 0 ? 0 : promptTokens + index - 1,
                to: promptTokens + index)
        }
    }
}

extension [Decision] {
    /// The same decisions, with the answer's one score at its first token.
    fileprivate func scored(_ score: Float) -> [Decision] {
        var decisions = self
        if let first {
            decisions[0] = Decision(
                token: first.token, route: first.route, score: score, slm: first.slm,
                llm: first.llm)
        }
        return decisions
    }
}
