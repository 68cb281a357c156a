import Inference
import Routing

/// Answers questions with two models, token by token, many questions and policies at a time.
///
/// All lanes of a request walk one prefix tree: each distinct prefix is read once by each model that some lane needs there (DESIGN.md, section 3).
/// Steps of S and of L are batched separately. The fuller batch goes first, unless a text of the other model has waited for `patience` passes; within
/// a model those go first that waited longest.
/// Traces do not depend on what runs beside them.
public final class Generator<Small: NextTokenModel, Large: NextTokenModel> {
    /// Settings that shape how fast, never what, except `maxTokens` and `endTokens`.
    public struct Options: Sendable {
        /// Most new tokens of an answer.
        public var maxTokens: Int
        /// Tokens that end an answer.
        public var endTokens: Set<Int32>
        /// Prefixes decoded at a time.
        public var batch: Int
        /// Most tokens in one pass, prompts included.
        public var passTokens = 256
        /// Passes of the one model for which a text of the other waits at most before its own model goes first.
        ///
        /// Without a limit, a few texts that wait for L hold their places and memory for as long as new questions keep S's batch the fuller one.
        public var patience = 32

        /// Options with the default batch.
        public init(maxTokens: Int, endTokens: Set<Int32>, batch: Int = 32) {
            self.maxTokens = maxTokens
            self.endTokens = endTokens
            self.batch = batch
        }
    }

    /// What becomes of one lane of one request.
    public enum Outcome: Sendable {
        case finished(Trace)
        case failed(any Error)
    }

    private typealias Prefix = Node<Small.Sequence, Large.Sequence>

    private let small: Small
    private let large: Large
    private let options: Options
    /// What was measured so far.
    public private(set) var throughput = Throughput()
    /// Tokens written, before the pass under way, to texts that have not ended.
    public private(set) var unfinishedTokens = 0

    /// A generator over two models of one vocabulary.
    public init(small: Small, large: Large, options: Options) throws(GenerationError) {
        guard small.vocabularyCount == large.vocabularyCount else {
            throw .vocabulariesDiffer(slm: small.vocabularyCount, llm: large.vocabularyCount)
        }
        self.small = small
        self.large = large
        self.options = options
    }

    /// Answers requests in batches, in order of arrival; outcomes are reported as they come.
    /// - Parameters:
    ///   - next: the next request, or nil when there are no more; called when there is room.
    ///   - prefilled: for a request's number, caches of both models that hold some first tokens of its prompt, not all; asked
    ///     again if the question has to start anew. nil: nothing was read before.
    ///   - report: called with (request number in order of arrival, lane, outcome); an error it throws ends the run.
    ///   - isCancelled: asked between passes; true abandons what is in flight.
    public func run(
        next: () throws -> Request?,
        prefilled: (Int) -> (Small.Sequence, Large.Sequence)? = { _ in nil },
        isCancelled: () -> Bool = { false },
        report: (Int, Int, Outcome) throws -> Void
    ) throws {
        var putBack: [PutBack] = []
        var nodes: [Prefix] = []
        var arrived = 0
        var exhausted = false
        var memoryIsFull = false
        for clock in 1... {
            unfinishedTokens = nodes.reduce(0) { sum, node in
                sum + node.lanes.reduce(0) { $0 + $1.decisions.count }
            }
            if isCancelled() { return }
            while nodes.count < options.batch && !memoryIsFull {
                if let again = putBack.popLast() {
                    let caches = prefilled(again.question.number)
                    nodes.append(root(of: again.question, lanes: again.lanes, caches))
                } else if !exhausted, let request = try next() {
                    let question = Question(request, number: arrived)
                    arrived += 1
                    if try accept(question, report) {
                        let caches = prefilled(question.number)
                        nodes.append(
                            root(of: question, lanes: Array(request.lanes.indices), caches))
                    }
                } else {
                    exhausted = true
                    break
                }
            }
            if nodes.isEmpty { return }
            let forLarge = nodes.filter(\.needsLarge)
            let forSmall = nodes.filter { !$0.needsLarge }
            let useLarge = largeIsNext(forLarge, before: forSmall, clock)
            let chosen = take(useLarge ? forLarge : forSmall, large: useLarge)
            do {
                try step(chosen, large: useLarge, into: &nodes, report)
                for node in chosen { node.waitingSince = clock }
            } catch GenerationError.memoryFull(let detail) {
                // Texts that ended in this very step give room without that.
                if !nodes.contains(where: \.lanes.isEmpty) {
                    putBack.append(try preempt(&nodes, detail))
                    memoryIsFull = true
                }
            }
            // What was put back waits until a text has ended: sooner, it would fill the memory again.
            let inFlight = nodes.count
            nodes.removeAll(where: \.lanes.isEmpty)
            if nodes.count < inFlight { memoryIsFull = false }
        }
    }

    // MARK: - Admission

    /// Whether there is something to do: a lane, and a prompt that leaves room for an answer; if it does not, all lanes fail.
    private func accept(
        _ question: Question, _ report: (Int, Int, Outcome) throws -> Void
    ) throws -> Bool {
        let context = min(small.contextLength, large.contextLength)
        let prompt = question.request.prompt
        if !prompt.isEmpty && prompt.count < context { return !question.request.lanes.isEmpty }
        let error = GenerationError.noRoom(prompt, context: context)
        for lane in question.request.lanes.indices {
            try report(question.number, lane, .failed(error))
        }
        return false
    }

    /// Lanes of a question that start again from its beginning.
    private typealias PutBack = (question: Question, lanes: [Int])

    /// The question from its beginning, for some of its lanes.
    private func root(
        of question: Question, lanes: [Int], _ caches: (Small.Sequence, Large.Sequence)?
    ) -> Prefix {
        Prefix(
            question: question, tokens: question.request.prompt, small: caches?.0,
            large: caches?.1,
            lanes: lanes.map { LaneState(lane: $0) })
    }

    /// Gives up the youngest question; of the last one left, all texts but one. A single text that does not fit can't be helped.
    private func preempt(_ nodes: inout [Prefix], _ detail: String) throws -> PutBack {
        guard nodes.count > 1,
            let youngest = nodes.map(\.question).max(by: { $0.number < $1.number })
        else { throw GenerationError.memoryFull(detail) }
        var given = nodes.filter { $0.question === youngest }
        if given.count == nodes.count { given.removeFirst() }
        nodes.removeAll { node in given.contains { $0 === node } }
        throughput.preemptions += 1
        return (youngest, given.flatMap { node in node.lanes.map(\.lane) }.sorted())
    }

    /// Whether the next pass is L's: that of the model with more to do, or of the one whose longest-waiting text has lost patience.
    private func largeIsNext(_ large: [Prefix], before small: [Prefix], _ clock: Int) -> Bool {
        guard let largeSince = large.lazy.map(\.waitingSince).min() else { return false }
        guard let smallSince = small.lazy.map(\.waitingSince).min() else { return true }
        if clock - min(largeSince, smallSince) > options.patience {
            return largeSince < smallSince
        }
        return large.count > small.count
    }

    /// The longest-waiting nodes whose unread tokens fit in one pass; at least one.
    private func take(_ nodes: [Prefix], large: Bool) -> [Prefix] {
        var tokens = 0
        var chosen: [Prefix] = []
        for node in nodes.sorted(by: { $0.waitingSince < $1.waitingSince }) {
            tokens += node.unread(large: large).count
            if !chosen.isEmpty && (tokens > options.passTokens || chosen.count == options.batch) {
                break
            }
            chosen.append(node)
        }
        return chosen
    }

    // MARK: - Steps

    /// One pass of a model over the nodes' unread tokens. Nodes that split off are added to `all`; those whose lanes all ended are left
    /// without lanes.
    private func step(
        _ nodes: [Prefix], large useLarge: Bool, into all: inout [Prefix],
        _ report: (Int, Int, Outcome) throws -> Void
    ) throws {
        let unread = nodes.map { $0.unread(large: useLarge) }
        let readings: [[Reading]]
        let clock = ContinuousClock()
        let start = clock.now
        do {
            readings = useLarge ? try readLarge(nodes, unread) : try readSmall(nodes, unread)
        } catch GenerationError.memoryFull(let detail) {
            throw GenerationError.memoryFull(detail)
        } catch  where nodes.count > 1 {
            // Something is wrong with one of them: find out which.
            for node in nodes { try step([node], large: useLarge, into: &all, report) }
            return
        } catch {
            for node in nodes {
                for state in node.lanes { try finish(state, of: node, .failed(error), report) }
                node.lanes = []
            }
            return
        }
        let seconds = (clock.now - start) / .seconds(1)
        let tokens = unread.reduce(0) { $0 + $1.count }
        let secondsPerToken = seconds / Double(tokens)
        let kind = PassKind(
            isLarge: useLarge, readsAhead: tokens > nodes.count, batch: nodes.count)
        throughput.add(kind, tokens: tokens, seconds: seconds)
        for (index, node) in nodes.enumerated() {
            guard let reading = readings[index].last else { continue }
            let candidate = Candidate(
                token: reading.argmax, logProbability: reading.logProbability)
            if useLarge {
                node.chargeLarge(secondsPerToken: secondsPerToken)
                all += try advance(node, llm: candidate, report)
            } else {
                node.chargeSmall(
                    tokens: unread[index].count, secondsPerToken: secondsPerToken)
                let asked = clock.now
                node.decide(candidate, signals: Signals(readings[index], last: reading, of: node))
                throughput.addRouting(seconds: (clock.now - asked) / .seconds(1))
                if !node.needsLarge { all += try advance(node, llm: nil, report) }
            }
        }
    }

    private func readSmall(_ nodes: [Prefix], _ unread: [[Int32]]) throws -> [[Reading]] {
        try small.read(
            zip(nodes, unread).map { node, tokens in
                let sequence = node.small ?? small.makeSequence()
                node.small = sequence
                let needs = node.needs
                let read = Read(
                    node.needsPromptMean ? .all : .last,
                    hidden: node.needsPromptMean || needs.hidden, layers: needs.layers,
                    top: needs.top)
                return Work(sequence, tokens, read: read)
            })
    }

    private func readLarge(_ nodes: [Prefix], _ unread: [[Int32]]) throws -> [[Reading]] {
        try large.read(
            zip(nodes, unread).map { node, tokens in
                let sequence = node.large ?? large.makeSequence()
                node.large = sequence
                return Work(sequence, tokens)
            })
    }

    // MARK: - Writing a token

    /// Writes the next token of every lane. Lanes that write S's token go one way, those that write L's another, if the two differ.
    private func advance(
        _ node: Prefix, llm: Candidate?, _ report: (Int, Int, Outcome) throws -> Void
    ) throws -> [Prefix] {
        let pending = node.pending
        node.pending = nil
        var written: [(token: Int32, lanes: [LaneState])] = []
        for (index, var state) in node.lanes.enumerated() {
            var route = pending?.routes[index] ?? .llm
            let asked = route == .llm ? llm : nil
            guard let chosen = route == .llm ? llm : pending?.slm else { continue }
            let runsSmall = node.runsSmall(state)
            if case .disagree = node.policy(of: state), chosen.token == pending?.slm.token {
                route = .slm
            }
            state.decisions.append(
                Decision(
                    token: chosen.token, route: route, score: pending?.scores[index],
                    slm: runsSmall ? pending?.slm : nil, llm: asked))
            if let at = written.firstIndex(where: { $0.token == chosen.token }) {
                written[at].lanes.append(state)
            } else {
                written.append((chosen.token, [state]))
            }
        }
        // All branches but the first fork the caches as they are, before this token.
        var branches: [Prefix] = [node]
        for _ in written.dropFirst() {
            branches.append(
                Prefix(
                    question: node.question, tokens: node.tokens, small: node.small?.fork(),
                    large: node.large?.fork(), lanes: []))
        }
        for (branch, (token, lanes)) in zip(branches, written) {
            branch.tokens.append(token)
            branch.lanes = lanes
            if let reason = finish(after: token, of: branch) {
                for state in lanes {
                    let trace = Trace(
                        promptTokens: node.question.request.prompt.count,
                        decisions: state.decisions, finish: reason, cost: state.cost,
                        observed: branch.observed(state))
                    try finish(state, of: branch, .finished(trace), report)
                }
                branch.lanes = []
            }
        }
        return branches.dropFirst().filter { !$0.lanes.isEmpty }
    }

    private func finish(after token: Int32, of node: Prefix) -> Finish? {
        if options.endTokens.contains(token) { return .stop }
        if node.tokens.count - node.question.request.answerStart >= options.maxTokens {
            return .length
        }
        return node.tokens.count >= min(small.contextLength, large.contextLength) ? .context : nil
    }

    private func finish(
        _ state: LaneState, of node: Prefix, _ outcome: Outcome,
        _ report: (Int, Int, Outcome) throws -> Void
    ) throws {
        try report(node.question.number, state.lane, outcome)
    }
}

extension Signals {
    /// Readings of all positions are those of a prompt, whose mean is wanted.
    fileprivate init<S, L>(_ all: [Reading], last reading: Reading, of node: Node<S, L>) {
        self.init(
            reading, of: node.question.request.question,
            at: node.tokens.count - node.question.request.answerStart, after: node.tokens.last,
            promptMean: node.needsPromptMean ? all.meanHidden : [])
    }
}
