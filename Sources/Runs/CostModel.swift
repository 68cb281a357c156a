import Generation
import ResultsStore
import Routing

/// FLOPs and bytes of one answer as if its policy had run alone at batch 1 (docs/method.md, section 3).
///
/// FLOPs: 2 x body parameters for each token a model reads, 4 x heads x head size x layers for each position a token attends to, and
/// 2 x vocabulary x width for each distribution computed. Bytes: a pass reads the model's weights and the keys and values of all earlier positions, and
/// writes those of the tokens it reads. Where S's output matrix is trimmed, its rows count in the vocabulary's place.
package struct CostModel {
    /// nil for a model of which nobody knows what its passes cost.
    let models: Pair<ModelCosts?>

    init(_ models: Pair<ModelCosts?>) { self.models = models }

    /// The usage of an answer. `seconds` is its share of batched passes.
    /// - Parameters:
    ///   - router: weights of the router that looked at each S step that has a score; 0 for none.
    ///   - joules: the energy of its passes, where they were no other answer's.
    func usage(of trace: Trace, router: Int = 0, joules: Double? = nil) -> UsageRecord {
        let passes = trace.passes.isEmpty ? self.passes(by: trace) : trace.passes
        var work: (flops: Int, bytes: Int)? = (0, 0)
        for pass in passes {
            guard let costs = models[pass.model] else {
                work = nil
                break
            }
            let one = costs.pass(
                from: pass.from, to: pass.to, readings: pass.readings,
                rows: pass.model == .slm ? trace.rows : nil)
            work?.flops += one.flops
            work?.bytes += one.bytes
        }
        let scored = trace.decisions.count { $0.score != nil }
        work?.flops += 2 * router * scored
        work?.bytes += 4 * router * scored  // single precision in memory
        return UsageRecord(
            promptTokens: trace.promptTokens, tokens: trace.decisions.count,
            llmCalls: trace.llmCalls, llmPasses: trace.cost.llmPasses,
            slmProcessed: trace.cost.slmTokens, llmProcessed: trace.cost.llmTokens,
            drafted: trace.passes.isEmpty ? nil : trace.cost.drafts, flops: work?.flops,
            bytes: work?.bytes, seconds: trace.cost.slmSeconds + trace.cost.llmSeconds,
            joules: joules)
    }

    /// What the decisions tell: a pass of each model that has a candidate.
    private func passes(by trace: Trace) -> [Pass] {
        var passes: [Pass] = []
        var read = Pair(both: 0)
        for (index, decision) in trace.decisions.enumerated() {
            let length = trace.promptTokens + index  // tokens before this one
            for (model, candidate) in [(Route.slm, decision.slm), (.llm, decision.llm)]
            where candidate != nil {
                passes.append(Pass(by: model, from: read[model], to: length))
                read[model] = length
            }
        }
        return passes
    }
}
