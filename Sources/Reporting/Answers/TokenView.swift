import Foundation
import Platform
package import ResultsStore
import Routing

/// One answer, token by token, for a terminal.
///
/// Every token is coloured by its author and shaded by how near its score was to a call; without colour the
/// large model's tokens stand in angle quotes.
package struct TokenView: Sendable {
    /// The experiment's name.
    let experiment: String
    let cell: CellRow
    let sample: SampleRow
    let question: String?
    let tokens: [TokenRow]
    private let nearness: CallNearness?

    /// Reads the answer that `cell` gave to `question`; throws `.notFound` with what there is.
    package init(
        _ reader: ResultsReader, experiment: String, cell: String, question: String,
        configuration: String? = nil
    ) throws(StoreError) {
        let found = try reader.experiment(named: experiment)
        self.experiment = found.record.name
        self.cell = try reader.cell(
            named: cell, in: found.id, configuration: configuration)
        sample = try reader.sample(of: self.cell.id, question: question)
        tokens = try reader.tokens(of: sample)
        nearness = try CallNearness(reader, self.cell)
        if let dataset = self.cell.record.dataset {
            self.question = try reader.questionTexts(of: dataset)[question]
        } else {
            self.question = nil
        }
    }

    /// The whole page as text; `colour` false (as NO_COLOR asks) uses no escape sequences.
    package func text(colour: Bool) -> String {
        var out = heading
        if let question { out += "\n" + visible(question) + "\n" }
        out += "\n"
        guard let answer = sample.sample else {
            return out + "failed after \(sample.tries) tries: \(visible(sample.error ?? ""))\n"
        }
        if tokens.isEmpty {
            out += visible(answer.output) + "\n(no decisions are stored for this answer)\n"
        } else {
            out += body(colour: colour)
            if !out.hasSuffix("\n") { out += "\n" }
            out += "\n" + legend(colour: colour) + "\n"
        }
        return out + verdict(answer)
    }

    private var heading: String {
        let models = [cell.slm.map { "slm \($0)" }, cell.llm.map { "llm \($0)" }]
        let parts = [experiment, cell.name, "question \(sample.question)"]
        return visibleLine(parts.joined(separator: " · ")) + "\n"
            + visibleLine(models.compactMap(\.self).joined(separator: ", ")) + "\n"
    }

    private func verdict(_ answer: SampleRecord) -> String {
        let usage = answer.usage
        let verdict =
            answer.grade.correct.map { $0 ? "right" : "wrong" }
            ?? answer.grade.score.map { "score \(fixed($0, 3))" } ?? "not graded"
        let share = usage.tokens > 0 ? Double(usage.llmCalls) / Double(usage.tokens) * 100 : 0
        return """
            \(verdict): \(visible(answer.grade.extracted ?? "no answer found")), \
            expected \(visible(answer.gold ?? "nothing in particular"))
            \(usage.tokens) tokens, \(usage.llmCalls) by the llm (\(fixed(share, 1)) %), \
            \(usage.llmPasses) llm passes, ended by \
            \(answer.finish == .stop ? "the model" : "the token limit")

            """
    }

    private func body(colour: Bool) -> String {
        var text = TokenText()
        var out = ""
        for (index, token) in tokens.enumerated() {
            var piece = text.next(token.bytes ?? Array("<\(token.token)>".utf8))
            if index == tokens.count - 1 { piece += text.finish() }
            let shown = visible(piece)
            out +=
                colour
                ? painted(
                    shown, by: token.author, step: token.score.flatMap { nearness?.step(of: $0) })
                : token.author == .llm ? "‹\(shown)›" : shown
        }
        return out
    }

    private func legend(colour: Bool) -> String {
        guard colour else { return "‹written by the llm›, the rest by the slm" }
        let steps = CallNearness.called + 1
        let ramp = { (author: TokenAuthor) in
            (0..<steps).map { painted("  ", by: author, step: $0) }.joined()
        }
        let authors = "slm \(ramp(.slm))  llm \(ramp(.llm))"
        guard let score = nearness?.score else { return "\(authors)  (no scores)" }
        let side = score.calls == .below ? "below" : "above"
        return """
            \(authors)
            the llm is called where \(visibleLine(score.name)) is \(side) \(numberText(score.threshold)); shade: how near to a call, \
            of the scores that asked for none
            the farther half, the nearer half, the nearest quarter, tenth, fiftieth; last: asked for a call
            """
    }
}

/// Blue and orange stay apart for every kind of colour vision; background and letters are both set,
/// so that the terminal's own theme does not matter. Line ends are not painted.
private func painted(_ text: String, by author: TokenAuthor, step: Int?) -> String {
    // Of the 256-colour palette, light to strong; one a step of nearness.
    let backgrounds =
        author == .slm ? [195, 159, 153, 117, 75, 39] : [230, 229, 223, 216, 215, 208]
    let style = author == .llm ? "1;4;" : ""
    let code = "\u{1B}[\(style)38;5;16;48;5;\(backgrounds[step ?? 0])m"
    return text.split(separator: "\n", omittingEmptySubsequences: false)
        .map { $0.isEmpty ? "" : "\(code)\($0)\u{1B}[0m" }
        .joined(separator: "\n")
}
