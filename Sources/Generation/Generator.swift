import Hashing
import Inference
package import Routing

/// Answers questions with two models, token by token, many questions and policies at a time: the one engine of all policies.
///
/// Each lane of a request is a `Writer` that goes on as far as the question's `PrefixTree` tells what the models say, and then waits for a reading. What
/// several lanes wait for is read once: each distinct prefix by each model that some lane needs there (docs/design.md, section 3). Passes of S and of L are
/// batched separately. The fuller batch goes first, unless a text of the other model has waited for `patience` passes; within a model those go first that
/// waited longest. Traces do not depend on what runs beside them.
package final class Generator<Model: NextTokenModel> {
    /// Settings that shape how fast, never what, except `maxTokens` and `endTokens`.
    package struct Options: Sendable {
        /// The most new tokens of an answer.
        package var maxTokens: Int
        /// Tokens that end an answer.
        package var endTokens: Set<Int32>
        /// Prefixes decoded at a time.
        package var batch: Int
        /// The most tokens in one pass, prompts included.
        package var passTokens = 256
        /// Passes of the one model for which a text of the other waits at most before its own model goes first.
        ///
        /// Without a limit, a few texts that wait for L hold their places and memory for as long as new questions keep S's batch the fuller one.
        package var patience = 32
        /// Whether each pass is noted, for `takePasses`.
        package var keepsPasses = false
        /// Joules since some moment; nil where they can't be measured.
        package var energy: @Sendable () -> Double? = { nil }

        /// Options with the default batch.
        package init(maxTokens: Int, endTokens: Set<Int32>, batch: Int = 32) {
            self.maxTokens = maxTokens
            self.endTokens = endTokens
            self.batch = batch
        }
    }

    /// What becomes of one lane of one request.
    package enum Outcome: Sendable {
        case finished(Trace)
        case failed(any Error)
    }

    /// Called with (request number in order of arrival, lane, outcome); an error it throws ends the run.
    package typealias Report = (Int, Int, Outcome) throws -> Void

    private typealias Text = Question<Model.Sequence>

    private let models: Pair<Model>
    private let options: Options
    private let limits: Writer<Model.Sequence>.Limits
    /// What was measured so far.
    package private(set) var throughput = Throughput()
    /// Passes since they were last taken, if they are kept.
    private var passes: [PassTiming] = []
    /// Tokens written, before the pass under way, to texts that have not ended.
    package private(set) var unfinishedTokens = 0

    /// Questions on their way, oldest first.
    private var questions: [Text] = []
    /// Those among them whose caches were given up for lack of memory, or some of whose lanes wait; they go on when a text has ended.
    private var memoryIsFull = false
    private var clock = 0
    /// What models elsewhere were asked and have not answered yet.
    private var underWay = Pair(both: ReadsUnderWay<Model.Sequence>())

    /// A generator over two models of one vocabulary.
    package init(_ models: Pair<Model>, options: Options) throws(GenerationError) {
        let counts = models.map(\.vocabularyCount)
        guard counts.slm == counts.llm else {
            throw .vocabulariesDiffer(slm: counts.slm, llm: counts.llm)
        }
        self.models = models
        self.options = options
        limits = .init(
            maxTokens: options.maxTokens, endTokens: options.endTokens,
            context: min(models.slm.contextLength, models.llm.contextLength))
    }

    /// Answers requests in batches, in order of arrival; outcomes are reported as they come.
    /// - Parameters:
    ///   - next: the next request, or nil when there are no more; called when there is room.
    ///   - prefilled: for a request's number, caches of both models that hold some first tokens of its prompt, not all; asked
    ///     again if the question has to start anew. nil: nothing was read before.
    ///   - report: called with (request number in order of arrival, lane, outcome); an error it throws ends the run.
    ///   - isCancelled: asked between passes; true abandons what is in flight.
    package func run(
        next: () throws -> Request?,
        prefilled: (Int) -> Pair<Model.Sequence>? = { _ in nil },
        isCancelled: () -> Bool = { false },
        report: Report
    ) throws {
        defer {
            questions = []
            for model in Route.allCases {
                models[model].remote?.abandon()
                underWay[model] = .init()
            }
        }
        questions = []
        memoryIsFull = false
        clock = 0
        var arrived = 0
        var exhausted = false
        while true {
            clock += 1
            unfinishedTokens = questions.reduce(0) { $0 + $1.tokensWritten }
            if isCancelled() { return }
            var waiting = questions.reduce(0) { $0 + $1.items.count }
            while waiting < options.batch && !memoryIsFull {
                let begun: [Text]
                if let parked = questions.first(where: { !$0.parked.isEmpty }) {
                    begun = [parked]
                    waiting -= parked.items.count
                    parked.parked = []
                } else if !exhausted, let request = try next() {
                    begun = try Text.parts(of: request, number: arrived)
                        .filter { try accept($0, report) }
                    arrived += 1
                    questions += begun
                } else {
                    exhausted = true
                    break
                }
                for question in begun {
                    try advance(question, at: question.places, report)
                    waiting += question.items.count
                }
            }
            questions.removeAll(where: \.open.isEmpty)
            if questions.isEmpty {
                if exhausted { return }
                memoryIsFull = false
            }
            let items = questions.flatMap { question in
                question.items.map { (question: question, item: $0) }
            }
            if try readElsewhere(items, prefilled, report) { continue }
            let here = items.filter { models[$0.item.model].remote == nil }
            guard !here.isEmpty else { continue }
            let ofLarge = here.filter { $0.item.model == .llm }
            let ofSmall = here.filter { $0.item.model == .slm }
            let model: Route = isLargeNext(ofLarge, before: ofSmall) ? .llm : .slm
            let chosen = take(model == .llm ? ofLarge : ofSmall)
            do {
                try pass(of: model, chosen, prefilled, report)
            } catch GenerationError.memoryFull(let detail) {
                try makeRoom(for: chosen, of: model, detail)
            }
        }
    }

    /// The passes since the last call, for generators that keep them.
    package func takePasses() -> [PassTiming] {
        defer { passes = [] }
        return passes
    }

    // MARK: - Admission

    /// Whether the prompt leaves room for an answer; if it does not, all lanes fail.
    private func accept(_ question: Text, _ report: Report) throws -> Bool {
        let prompt = question.request.prompt
        if !prompt.isEmpty && prompt.count < limits.context { return true }
        let error = GenerationError.noRoom(prompt, context: limits.context)
        for lane in question.lanes { try report(question.number, lane, .failed(error)) }
        return false
    }

    /// Lets lanes of a question write as far as it is known what the models say; reports those that ended.
    private func advance(_ question: Text, at prefixes: [Int], _ report: Report) throws {
        try question.advance(at: prefixes, limits, clock: clock) { lane, trace in
            memoryIsFull = false
            try report(question.number, question.lanes[lane], .finished(trace))
        }
    }

    // MARK: - What is next

    private typealias Waiting = (question: Text, item: Text.Item)

    /// Whether the next pass is L's: that of the model with more to do, or of the one whose longest-waiting text has lost patience.
    private func isLargeNext(_ large: [Waiting], before small: [Waiting]) -> Bool {
        guard let largeSince = large.lazy.map(\.item.since).min() else { return false }
        guard let smallSince = small.lazy.map(\.item.since).min() else { return true }
        if clock - min(largeSince, smallSince) > options.patience {
            return largeSince < smallSince
        }
        return large.count > small.count
    }

    /// The longest-waiting items whose unread tokens fit in one pass; at least one.
    private func take(_ items: [Waiting]) -> [Waiting] {
        var tokens = 0
        var chosen: [Waiting] = []
        for (question, item) in items.sorted(by: { $0.item.since < $1.item.since }) {
            tokens += question.tree.unread(item.prefix, of: item.model, from: item.from)
            if !chosen.isEmpty && (tokens > options.passTokens || chosen.count == options.batch) {
                break
            }
            chosen.append((question, item))
        }
        // What reads the same rows of the output matrix stands together, so that these are read once.
        var kinds: [TokenRows?] = []
        for (question, _) in chosen where !kinds.contains(question.rows) {
            kinds.append(question.rows)
        }
        return kinds.count < 2
            ? chosen : kinds.flatMap { rows in chosen.filter { $0.question.rows == rows } }
    }

    // MARK: - Passes

    private typealias Part = PassPart<Model.Sequence>

    /// One pass of a model over what the items need, after which their lanes go on.
    private func pass(
        of model: Route, _ items: [Waiting], _ prefilled: (Int) -> Pair<Model.Sequence>?,
        _ report: Report
    ) throws {
        var taken: [ObjectIdentifier: Set<Int>] = [:]
        let parts = items.map { question, item in
            part(
                of: question, item, prefilled,
                taken: &taken[ObjectIdentifier(question), default: []])
        }
        let start = ContinuousClock.now
        let before = options.energy()
        let readings: [[Reading]]
        do {
            readings = try models[model].read(parts.map(\.work))
        } catch {
            for part in parts where part.isNew { part.question.tree.drop([part.cache], of: model) }
            if case GenerationError.memoryFull = error { throw error }
            guard parts.count == 1 else {
                // Something is wrong with one of them: find out which. Lanes of those that are read come to wait for others.
                for (question, item) in items {
                    guard let item = question.current(item) else { continue }
                    try pass(of: model, [(question, item)], prefilled, report)
                }
                return
            }
            for part in parts { try fail(part.item, of: part.question, error, report) }
            return
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let joules = before.flatMap { before in options.energy().map { $0 - before } }
        let tokens = parts.reduce(0) { $0 + $1.work.tokens.count }
        throughput.add(
            PassKind(model: model, readsAhead: tokens > parts.count, batch: parts.count),
            tokens: tokens, seconds: seconds, joules: joules)
        if options.keepsPasses {
            let ends = parts.reduce(0) { $0 + $1.question.tree.length(of: $1.item.prefix) }
            passes.append(
                PassTiming(
                    model: model, tokens: tokens, readings: readings.reduce(0) { $0 + $1.count },
                    context: (ends - tokens) / parts.count, seconds: seconds))
        }
        for (part, readings) in zip(parts, readings) {
            part.store(readings, secondsPerToken: seconds / Double(tokens))
        }
        for part in parts { try goOn(after: part, report) }
    }

    /// The lanes that waited for what was read go on.
    private func goOn(after part: Part, _ report: Report) throws {
        let (question, item) = (part.question, part.item)
        try advance(question, at: [item.prefix], report)
        if var again = question.current(item) {
            again.lanes.removeAll { !item.lanes.contains($0) }
            // Who waits for the very same once more would do so for ever.
            let error = GenerationError.readInVain(
                item.model, tokens: question.tree.length(of: item.prefix))
            if !again.lanes.isEmpty { try fail(again, of: question, error, report) }
        }
        if item.model == .slm { throughput.addRouting(seconds: question.takeScoring()) }
        question.prune()
    }

    /// Lanes that wait for what cannot be had fail.
    private func fail(
        _ item: Text.Item, of question: Text, _ error: any Error, _ report: Report
    ) throws {
        memoryIsFull = false
        for lane in question.fail(item) {
            try report(question.number, question.lanes[lane], .failed(error))
        }
        // Others may have waited for them.
        try advance(question, at: [item.prefix], report)
    }

    private func part(
        of question: Text, _ item: Text.Item, _ prefilled: (Int) -> Pair<Model.Sequence>?,
        taken: inout Set<Int>
    ) -> Part {
        let model = item.model
        if question.tree.cacheCount(of: model) == 0, let caches = prefilled(question.number) {
            question.tree.add(caches[model], of: model)
        }
        let (cache, sequence, isNew) = question.tree.cache(
            for: item.prefix, of: model, from: item.from, taken: taken,
            others: question.ends(of: model, but: item),
            make: { models[model].makeSequence(opening: question.request.openings[model]) })
        taken.insert(cache)
        let text = question.tree.text(of: item.prefix, from: sequence.length)
        let needs = model == .slm ? question.needs(at: item.prefix) : question.keepNeeds
        let read = question.read(item, text, after: sequence.length, needs)
        return Part(
            question: question, item: item, cache: cache, isNew: isNew,
            work: Work(sequence, text, read: read), needs: needs)
    }

    // MARK: - Models elsewhere

    /// Takes what models elsewhere have answered, and asks them as much as they take at once. Waits for an answer only when nothing is to do here.
    /// - Returns: Whether texts have gone on, or there is nothing to do here but to wait, so that what is waited for must be looked at anew.
    private func readElsewhere(
        _ items: [Waiting], _ prefilled: (Int) -> Pair<Model.Sequence>?, _ report: Report
    ) throws -> Bool {
        let canGoOn = items.contains { models[$0.item.model].remote == nil }
        var hasChanged = false
        for model in Route.allCases {
            guard let remote = models[model].remote else { continue }
            var waiting = items.filter { question, item in
                item.model == model && !underWay[model].holds(item, of: question)
            }.sorted { $0.item.since < $1.item.since }
            while underWay[model].count < remote.most,
                let (question, item) = Self.takeNext(of: &waiting, remote)
            {
                var taken = underWay[model].caches(of: question)
                let part = part(of: question, item, prefilled, taken: &taken)
                underWay[model].add(part, as: remote.begin(part.work))
            }
        }
        for model in Route.allCases where !underWay[model].isEmpty {
            // One of two servers that are waited for is looked at as soon as the other is.
            let isOnly = underWay[model == .llm ? .slm : .llm].isEmpty
            let wait: Duration = canGoOn || hasChanged ? .zero : .milliseconds(isOnly ? 100 : 2)
            for answer in try models[model].remote?.answers(wait) ?? [] {
                guard let part = underWay[model].take(answer.number) else { continue }
                hasChanged = true
                try take(answer, for: part, report)
            }
        }
        return hasChanged || !canGoOn
    }

    /// The text of which the model has to read the least, the longest-waiting one among equals: where caches are few, a text is better finished before others
    /// take its place there.
    private static func takeNext(
        of waiting: inout [Waiting], _ remote: RemoteReads<Model.Sequence>
    ) -> Waiting? {
        guard waiting.count > 1, let unread = remote.unread else {
            return waiting.isEmpty ? nil : waiting.removeFirst()
        }
        let costs = waiting.map { unread($0.question.tree.text(of: $0.item.prefix, from: 0)) }
        guard let least = costs.min(), let index = costs.firstIndex(of: least) else { return nil }
        return waiting.remove(at: index)
    }

    private func take(_ answer: RemoteAnswer, for part: Part, _ report: Report) throws {
        let readings: [Reading]
        switch answer.readings {
        case .success(let found): readings = found
        case .failure(let error):
            if part.isNew { part.question.tree.drop([part.cache], of: part.item.model) }
            return try fail(part.item, of: part.question, error, report)
        }
        let tokens = part.work.tokens.count
        throughput.add(
            PassKind(model: part.item.model, readsAhead: tokens > 1, batch: 1), tokens: tokens,
            seconds: answer.seconds, joules: nil)
        part.store(readings, secondsPerToken: answer.seconds / Double(tokens))
        try goOn(after: part, report)
    }

    // MARK: - Memory

    /// Gives up the caches of the youngest question that is not to go on now; of the only one, those of all its texts but the one that is to be read;
    /// then all that its other texts have left. A single text that does not fit can't be helped.
    private func makeRoom(for chosen: [Waiting], of model: Route, _ detail: String) throws {
        // Texts that ended in this very step have given room, and so have those that were read one by one.
        guard !questions.contains(where: \.open.isEmpty),
            let (question, item) = chosen.first(where: { $0.question.current($0.item) != nil })
        else { return }
        throughput.preemptions += 1
        memoryIsFull = true
        // One whose lanes are all parked may hold what they will go on from.
        if let youngest = questions.last(where: {
            $0 !== question && (!$0.items.isEmpty || $0.hasCaches)
        }) {
            youngest.park(keeping: nil)
        } else if question.items.count > 1 {
            question.park(keeping: item)
        } else if question.tree.cacheCount(of: model) > 0 {
            question.dropCaches()
        } else {
            throw GenerationError.memoryFull(detail)
        }
    }
}
