import Foundation
import Generation
import Grading
import Platform
import ResultsStore
import Routing
import Servers
import Specs

/// What a run has done.
struct SweepSummary: Equatable {
    var answers = 0
    var failures = 0
    /// The budget that ended the run early.
    var stopped: String?
}

/// Runs cells over questions and stores every answer as it is finished.
struct SweepRun {
    let context: SweepContext
    let attempt: RowID<AttemptRecord>
    /// Whether cells share their passes (docs/design.md, section 3); texts are the same either way.
    let fused: Bool
    /// The most texts decoded at a time.
    var batch = 32
    let progress: WorkProgress

    /// One question to be answered by some cells.
    private struct Job {
        let question: Grading.Question
        let cells: [Cell]
        /// Of each lane its cell, and its place among the cell's lanes.
        let owners: [(cell: Int, place: Int)]
        var ticket: BudgetMeter.Ticket?
        var open: Int  // lanes that have not answered
        /// What each cell's lanes have answered so far, by their places.
        var traces: [Int: [Int: Trace]] = [:]
        /// Cells of which a lane has failed.
        var failed: Set<Int> = []

        init(_ question: Grading.Question, _ cells: [Cell]) {
            self.question = question
            self.cells = cells
            owners = cells.indices.flatMap { cell in
                cells[cell].method.lanes.indices.map { (cell, $0) }
            }
            open = owners.count
        }

        var lanes: [Lane] { cells.flatMap { $0.method.lanes.map { Lane($0) } } }
    }

    /// One text at a time is one cell's at a time.
    private var isAlone: Bool { !fused && batch == 1 }

    private var maxTokens: Int { context.spec.generation.maxTokens }

    /// Answers what is missing, in the questions' order; ends early when interrupted or when the budget is used up.
    func run(_ cells: [Cell], over set: QuestionSet) throws -> SweepSummary {
        var jobs = jobs(cells, set.questions)
        progress.begin(
            answers: jobs.reduce(0) { $0 + $1.cells.count }, guess: maxTokens / 2)
        var summary = SweepSummary()
        let energy = context.energy
        let timings = TimingLog(context.store, attempt, energy: energy)
        var options = Generator<AnyModel>.Options(
            maxTokens: maxTokens, endTokens: context.pair.endTokens, batch: batch)
        options.energy = { energy.joules() }
        let generator = try Generator(context.decoders, options: options)
        var told: Double? = 0  // energy of the answers before
        defer {
            try? timings.store(generator.throughput, always: true)
            try? context.recordTraffic(by: attempt)
            progress.end()
        }
        var next = 0
        while next < jobs.count, !Interruption.isRequested {
            let first = next
            try generator.run(
                next: {
                    guard next < jobs.count else { return nil }
                    let most = jobs[next].owners.count * maxTokens
                    summary.stopped = context.budget.refusal(tokens: most)
                    guard summary.stopped == nil else { return nil }
                    jobs[next].ticket = context.budget.begin(tokens: most)
                    defer { next += 1 }
                    return timings.measure(.tokenizing) { request(for: jobs[next]) }
                },
                isCancelled: {
                    context.publication?.update()
                    progress.writing(tokens: generator.unfinishedTokens)
                    return Interruption.isRequested
                },
                report: { number, lane, outcome in
                    let index = first + number
                    let joules = generator.throughput.joules
                    // Of a cell's two texts, one may not count; and what they share is counted once.
                    let isMeasured = isAlone && jobs[index].owners.count == 1
                    try take(
                        outcome, of: &jobs[index], lane: lane,
                        joules: isMeasured ? TimingLog.difference(joules, told) : nil, timings,
                        &summary)
                    told = joules
                    jobs[index].open -= 1
                    if jobs[index].open == 0, let ticket = jobs[index].ticket {
                        context.budget.end(ticket)
                    }
                    try timings.store(
                        generator.throughput, always: isAlone,
                        of: isAlone ? jobs[index].cells[0].id : nil)
                })
            // Answers that ended early may have left room for another question.
            if next == first { break }
        }
        if next == jobs.count { summary.stopped = nil }
        return summary
    }

    /// In the order in which they begin. One text at a time, a question goes through all cells before the next does, so that whatever slows the machine for
    /// some minutes slows all cells alike and their seconds can be compared.
    private func jobs(_ cells: [Cell], _ questions: [Grading.Question]) -> [Job] {
        if fused || isAlone {
            return questions.flatMap { question in
                let open = cells.filter { $0.needs(question.id) }
                guard fused else { return open.map { Job(question, [$0]) } }
                return open.isEmpty ? [] : [Job(question, open)]
            }
        }
        return cells.flatMap { cell in
            questions.filter { cell.needs($0.id) }.map { Job($0, [cell]) }
        }
    }

    private func request(for job: Job) -> Request {
        let prompt = context.pair.prompt(
            system: context.benchmark.systemPrompt, user: job.question.user)
        return Request(
            question: job.question.id, prompt: prompt.tokens, openings: prompt.openings,
            lanes: job.lanes)
    }

    /// Stores a lane's answer, or keeps it until the cell's other lane has answered, too.
    private func take(
        _ outcome: Generator<AnyModel>.Outcome, of job: inout Job, lane: Int,
        joules: Double?, _ timings: TimingLog, _ summary: inout SweepSummary
    ) throws {
        let (owner, place) = job.owners[lane]
        let cell = job.cells[owner]
        guard case .finished(let trace) = outcome else {
            // Two failed lanes are one failure of the cell.
            guard job.failed.insert(owner).inserted else { return }
            return try store(outcome, of: job.question, in: cell, joules: nil, timings, &summary)
        }
        job.traces[owner, default: [:]][place] = trace
        let traces = cell.method.lanes.indices.compactMap { job.traces[owner]?[$0] }
        guard traces.count == cell.method.lanes.count else {
            return context.budget.answer(tokens: trace.decisions.count, of: maxTokens)
        }
        // A sweep's traces together are gigabytes.
        job.traces[owner] = nil
        let answer = cell.method.answer(of: traces) {
            sample($0, of: job.question, in: cell).grade.correct ?? false
        }
        try store(
            .finished(answer), of: job.question, in: cell, joules: joules, timings, &summary)
    }

    private func store(
        _ outcome: Generator<AnyModel>.Outcome, of question: Grading.Question,
        in cell: Cell, joules: Double?, _ timings: TimingLog, _ summary: inout SweepSummary
    ) throws {
        switch outcome {
        case .finished(let trace):
            context.budget.answer(tokens: trace.decisions.count, of: maxTokens)
            let answer = timings.measure(.tokenizing) {
                sample(trace, of: question, in: cell, joules: joules)
            }
            let isNew = try timings.measure(.logging, tokens: trace.decisions.count) {
                try unlessTakenOver(question.id, in: cell, output: answer.output) {
                    try context.store.save(
                        answer, decisions: trace.decisions.map(DecisionRecord.init), in: cell.id,
                        by: attempt)
                }
            }
            if isNew { summary.answers += 1 }
            progress.finished(tokens: trace.decisions.count)
        case .failed(let error):
            context.budget.answer(tokens: 0, of: maxTokens)
            let isNew = try unlessTakenOver(question.id, in: cell) {
                // That a server was away says nothing of the question: it is tried again however often that happens.
                try context.store.saveFailure(
                    of: question.id, reason: "\(error)", in: cell.id, by: attempt,
                    counts: !(error is HTTPFailure))
            }
            guard isNew else { return }
            summary.failures += 1
            progress.failed("\(cell.setting), question \(question.id): \(error)")
        }
    }

    /// Stores something, unless another sweep with the same destination has answered the question meanwhile, and its answer came with a publication;
    /// whether it was stored.
    private func unlessTakenOver(
        _ question: String, in cell: Cell, output: String? = nil, _ save: () throws -> Void
    ) throws -> Bool {
        do {
            try save()
            return true
        } catch let error as StoreError {
            guard case .alreadyFinished = error, context.publication != nil else { throw error }
            // Equal cells give equal texts, whoever runs them; if not, something is wrong that nobody should overlook.
            let stored = try context.store.reader.sample(of: cell.id, question: question).sample
            guard output == nil || output == stored?.output else { throw error }
            return false
        }
    }

    private func sample(
        _ trace: Trace, of question: Grading.Question, in cell: Cell, joules: Double? = nil
    ) -> SampleRecord {
        var ids = trace.tokens
        if trace.finish == .stop { ids.removeLast() }
        let output = context.pair.vocabulary.decode(ids)
        let grade = context.benchmark.grade(
            output, isCut: trace.finish != .stop, for: question)
        return SampleRecord(
            question: question.id, output: output,
            finish: trace.finish == .stop ? .stop : .length, gold: question.gold,
            grade: GradeRecord(grade, version: context.benchmark.graderVersion),
            usage: context.costs.usage(
                of: trace, router: context.routerWeights(of: cell.setting), joules: joules))
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
