import Evaluation
import Foundation
import Generation
import Inference
import ResultsStore
import Routing
import Tokenization

/// Runs cells over questions and stores every answer as it is finished.
struct SweepRun {
    let context: SweepContext
    let attempt: RowID<AttemptRecord>
    /// Whether cells share their passes (DESIGN.md, section 3); texts are the same either way.
    let fused: Bool
    let progress: SweepProgress

    struct Summary: Equatable {
        var answers = 0
        var failures = 0
        /// The budget that ended the run early.
        var stopped: String?
    }

    /// One question to be answered by some cells.
    private struct Job {
        let question: Evaluation.Question
        let cells: [Cell]
        var ticket: BudgetMeter.Ticket?
        var open: Int  // cells that have not answered

        init(_ question: Evaluation.Question, _ cells: [Cell]) {
            self.question = question
            self.cells = cells
            open = cells.count
        }
    }

    private var maxTokens: Int { context.spec.generation.maxTokens }

    /// Answers what is missing, in the questions' order; ends early when interrupted or when the budget is used up.
    func run(_ cells: [Cell], over set: QuestionSet) throws -> Summary {
        var jobs = jobs(cells, set.questions)
        progress.begin(answers: jobs.reduce(0) { $0 + $1.cells.count })
        var summary = Summary()
        let timings = TimingLog(context.store, attempt)
        let generator = try Generator(
            small: context.pair.small.model, large: context.pair.large.model,
            options: .init(maxTokens: maxTokens, endTokens: context.pair.header.endTokens))
        defer {
            try? timings.store(generator.throughput, always: true)
            progress.end()
        }
        var next = 0
        while next < jobs.count, !Interruption.isRequested {
            let first = next
            try generator.run(
                next: {
                    guard next < jobs.count else { return nil }
                    let most = jobs[next].cells.count * maxTokens
                    summary.stopped = context.budget.refusal(tokens: most)
                    guard summary.stopped == nil else { return nil }
                    jobs[next].ticket = context.budget.begin(tokens: most)
                    defer { next += 1 }
                    return timings.measure(.tokenizing) { request(for: jobs[next]) }
                },
                isCancelled: {
                    context.publication?.update()
                    return Interruption.isRequested
                },
                report: { number, lane, outcome in
                    let index = first + number
                    try store(outcome, of: jobs[index], lane: lane, timings, &summary)
                    jobs[index].open -= 1
                    if jobs[index].open == 0, let ticket = jobs[index].ticket {
                        context.budget.end(ticket)
                    }
                    try timings.store(generator.throughput)
                })
            // Answers that ended early may have left room for another question.
            if next == first { break }
        }
        if next == jobs.count { summary.stopped = nil }
        return summary
    }

    private func jobs(_ cells: [Cell], _ questions: [Evaluation.Question]) -> [Job] {
        if fused {
            return questions.compactMap { question in
                let open = cells.filter { $0.needs(question.id) }
                return open.isEmpty ? nil : Job(question, open)
            }
        }
        return cells.flatMap { cell in
            questions.filter { cell.needs($0.id) }.map { Job($0, [cell]) }
        }
    }

    private func request(for job: Job) -> Request {
        let prompt = context.pair.large.prompt(
            system: context.benchmark.systemPrompt, user: job.question.user,
            template: context.pair.header.template)
        return Request(
            question: job.question.id, prompt: prompt, lanes: job.cells.map { Lane($0.policy) })
    }

    private func store(
        _ outcome: Generator<Model, Model>.Outcome, of job: Job, lane: Int, _ timings: TimingLog,
        _ summary: inout Summary
    ) throws {
        let cell = job.cells[lane]
        switch outcome {
        case .finished(let trace):
            context.budget.answer(tokens: trace.decisions.count, of: maxTokens)
            let answer = timings.measure(.tokenizing) { sample(trace, of: job.question) }
            try timings.measure(.logging, tokens: trace.decisions.count) {
                try context.store.save(
                    answer, decisions: trace.decisions.map(DecisionRecord.init), in: cell.id,
                    by: attempt)
            }
            summary.answers += 1
            progress.finished(tokens: trace.decisions.count)
        case .failed(let error):
            context.budget.answer(tokens: 0, of: maxTokens)
            try context.store.saveFailure(
                of: job.question.id, reason: "\(error)", in: cell.id, by: attempt)
            summary.failures += 1
            progress.failed("\(cell.setting), question \(job.question.id): \(error)")
        }
    }

    private func sample(_ trace: Trace, of question: Evaluation.Question) -> SampleRecord {
        var ids = trace.tokens
        if trace.finish == .stop { ids.removeLast() }
        let output = context.pair.large.tokenizer.decode(ids)
        let grade = context.benchmark.grade(output, for: question)
        return SampleRecord(
            question: question.id, output: output,
            finish: trace.finish == .stop ? .stop : .length, gold: question.gold,
            grade: GradeRecord(grade, version: context.benchmark.graderVersion),
            usage: context.costs.usage(of: trace))
    }
}

extension DecisionRecord {
    fileprivate init(_ decision: Decision) {
        func record(_ candidate: Candidate?) -> CandidateRecord? {
            candidate.map {
                CandidateRecord(token: Int($0.token), logprob: Double($0.logProbability))
            }
        }
        self.init(
            token: Int(decision.token), author: decision.route == .llm ? .llm : .slm,
            score: decision.score.map(Double.init), slm: record(decision.slm),
            llm: record(decision.llm))
    }
}
