import Inference
import Routing

/// When L checks, and what it does with a draft.
public enum DraftRule: Equatable, Sendable {
    /// After so many tokens; the text is L's own (Leviathan et al. 2023, greedy).
    case speculative(draft: Int)
    /// Where S's largest probability is below `fallback`; tokens whose -log P_L is above `rollback`, in nats, are taken back (Kim et
    /// al., "Speculative Decoding with Big Little Decoder", 2023). What S writes after L's last call is not checked.
    case bigLittle(fallback: Float, rollback: Float)
}

/// Answers questions by drafting with S and checking with L (METHOD.md, 2.8): the peers that do not route.
///
/// These have loops of their own and are not fused: what L reads depends on what was drafted. Several texts go side by side, round by round; what is
/// written does not depend on how many.
public final class DraftDecoder<Small: NextTokenModel, Large: NextTokenModel> {
    /// Drafted tokens and what became of them.
    public struct Statistics: Equatable, Sendable {
        /// Tokens that S drafted.
        public var drafted = 0
        /// Those that are in the text.
        public var accepted = 0
        /// Passes of L.
        public var llmPasses = 0
        /// Tokens written.
        public var tokens = 0
        /// Creates zero counts.
        public init() {}
    }

    private let small: Small
    private let large: Large
    private let rule: DraftRule
    private let options: Generator<Small, Large>.Options
    /// Sums over all answers so far.
    public private(set) var statistics = Statistics()

    /// A decoder over two models of one vocabulary.
    public init(
        small: Small, large: Large, rule: DraftRule, options: Generator<Small, Large>.Options
    ) throws(GenerationError) {
        guard small.vocabularyCount == large.vocabularyCount else {
            throw .vocabulariesDiffer(slm: small.vocabularyCount, llm: large.vocabularyCount)
        }
        self.small = small
        self.large = large
        self.rule = rule
        self.options = options
    }

    private var context: Int { min(small.contextLength, large.contextLength) }

    /// A question to be answered.
    public struct Request {
        /// The data set's own id.
        public let question: String
        /// As token ids.
        public let prompt: [Int32]

        /// A prompt.
        public init(question: String, prompt: [Int32]) {
            self.question = question
            self.prompt = prompt
        }
    }

    private typealias Text = DraftedText<Small, Large>

    /// Answers a prompt. Costs count what was drafted in vain, too.
    public func answer(question: String, prompt: [Int32]) throws -> Trace {
        var request: Request? = Request(question: question, prompt: prompt)
        var answer: Result<Trace, any Error>?
        try run(
            next: {
                defer { request = nil }
                return request
            }, report: { answer = $1 })
        guard let answer else { throw CancellationError() }
        return try answer.get()
    }

    /// Answers what `next` gives, at most `options.batch` texts side by side.
    ///
    /// - Parameters:
    ///   - next: the next question; nil at the end.
    ///   - isCancelled: asked before every round; what is under way is dropped then.
    ///   - report: gets each answer as it ends, with its place among the questions.
    public func run(
        next: () throws -> Request?, isCancelled: () -> Bool = { false },
        report: (Int, Result<Trace, any Error>) throws -> Void
    ) throws {
        var active: [Text] = []
        // Begun, and put back for lack of memory or to find out which text a pass failed for; their caches are given back.
        var held: [(number: Int, prompt: [Int32])] = []
        var limit = options.batch
        var count = 0
        var isOver = false
        while !isCancelled() {
            while active.count < limit {
                if let (number, prompt) = held.popLast() {
                    active.append(text(number, prompt))
                    continue
                }
                guard !isOver, let request = try next() else {
                    isOver = true
                    break
                }
                defer { count += 1 }
                guard !request.prompt.isEmpty, request.prompt.count < context else {
                    let error = GenerationError.noRoom(request.prompt, context: context)
                    try report(count, .failure(error))
                    continue
                }
                active.append(text(count, request.prompt))
            }
            if active.isEmpty { return }
            let lengths = active.map { ($0.small.length, $0.large.length) }
            let before = statistics
            var round = active
            do {
                switch rule {
                case .speculative(let draft): try verify(&round, draft: draft)
                case .bigLittle(let fallback, let rollback):
                    try advance(&round, fallback: fallback, rollback: rollback)
                }
            } catch {
                statistics = before
                guard active.count > 1 else {
                    try report(active[0].number, .failure(error))
                    active = []
                    limit = min(limit + 1, options.batch)
                    continue
                }
                // The round did not happen; without some of its texts it is tried again.
                for (text, (small, large)) in zip(active, lengths) {
                    text.small.rewind(to: small)
                    text.large.rewind(to: large)
                }
                let kept =
                    if case GenerationError.memoryFull = error { active.count - 1 } else { 1 }
                held += active[kept...].reversed().map { ($0.number, $0.prompt) }
                active = Array(active[..<kept])
                limit = kept
                continue
            }
            active = []
            for var text in round {
                guard let finish = end(of: &text) else {
                    active.append(text)
                    continue
                }
                statistics.tokens += text.decisions.count
                statistics.accepted += text.decisions.count { $0.route == .slm }
                let trace = Trace(
                    promptTokens: text.promptTokens, decisions: text.decisions, finish: finish,
                    cost: text.cost, passes: text.passes)
                try report(text.number, .success(trace))
                limit = min(limit + 1, options.batch)
            }
        }
    }

    private func text(_ number: Int, _ prompt: [Int32]) -> Text {
        Text(
            number: number, prompt: prompt, small: small.makeSequence(),
            large: large.makeSequence())
    }

    /// Why the text ends, if it does; what stands after an end token or beyond the limit is dropped.
    private func end(of text: inout DraftedText<Small, Large>) -> Finish? {
        for (index, decision) in text.decisions.enumerated() {
            let count = index + 1
            let reason: Finish? =
                if options.endTokens.contains(decision.token) {
                    .stop
                } else if count >= options.maxTokens {
                    .length
                } else if text.promptTokens + count >= context { .context } else { nil }
            if let reason {
                text.cut(to: count)
                return reason
            }
        }
        return nil
    }

    // MARK: - Speculative decoding

    /// S drafts, L checks all of it in one pass and adds a token of its own.
    private func verify(_ texts: inout [Text], draft: Int) throws {
        let most = texts.map { text in
            min(
                draft,
                min(options.maxTokens - text.decisions.count, context - text.tokens.count) - 1)
        }
        var drafts = [[Candidate]](repeating: [], count: texts.count)
        var open = texts.indices.filter { most[$0] > 0 }
        while !open.isEmpty {
            let readings = try readSmall(&texts, open, after: drafts)
            for (index, reading) in zip(open, readings) {
                drafts[index].append(Candidate(reading))
            }
            open = zip(open, readings).compactMap { index, reading in
                drafts[index].count < most[index] && !options.endTokens.contains(reading.argmax)
                    ? index : nil
            }
        }
        statistics.drafted += drafts.reduce(0) { $0 + $1.count }
        let said = try readLarge(
            &texts, Array(texts.indices), after: drafts, check: drafts.map(\.count))
        for index in texts.indices {
            write(drafts[index], said[index], into: &texts[index])
        }
    }

    /// As many drafts as L agrees with, and L's own token after them.
    private func write(_ drafts: [Candidate], _ readings: [Reading], into text: inout Text) {
        let base = text.tokens.count
        var agreed = 0
        while agreed < drafts.count, readings[agreed].argmax == drafts[agreed].token {
            let llm = Candidate(readings[agreed])
            text.write(
                Decision(
                    token: llm.token, route: .slm, score: nil, slm: drafts[agreed], llm: llm))
            agreed += 1
        }
        let own = Candidate(readings[agreed])
        text.write(
            Decision(
                token: own.token, route: .llm, score: nil,
                slm: agreed < drafts.count ? drafts[agreed] : nil, llm: own))
        text.rewind(to: base + agreed)
    }

    // MARK: - Big Little Decoder

    /// One token of S; or where S is unsure L's word on all that it has not read, and its own token there.
    private func advance(_ texts: inout [Text], fallback: Float, rollback: Float) throws {
        let none = [[Candidate]](repeating: [], count: texts.count)
        let readings = try readSmall(&texts, Array(texts.indices), after: none)
        var unsure: [(index: Int, slm: Candidate, score: Float)] = []
        for (index, reading) in readings.enumerated() {
            let slm = Candidate(reading)
            let sure = Signals(
                question: "", position: 0, logProbability: reading.logProbability,
                secondLogProbability: reading.secondLogProbability, entropy: reading.entropy
            ).maxProbability
            guard sure >= fallback else {
                unsure.append((index, slm, sure))
                continue
            }
            statistics.drafted += 1
            texts[index].write(
                Decision(token: slm.token, route: .slm, score: sure, slm: slm, llm: nil))
        }
        let pending = texts.map(\.unchecked)
        let said = try readLarge(&texts, unsure.map(\.index), after: none, check: pending)
        for ((index, slm, score), readings) in zip(unsure, said) {
            check(&texts[index], pending[index], readings, slm, score, rollback: rollback)
        }
    }

    /// Takes back what L thinks unlikely, from the first such token on, and writes L's own there; else L's own at the end.
    private func check(
        _ text: inout Text, _ pending: Int, _ readings: [Reading], _ slm: Candidate,
        _ score: Float, rollback: Float
    ) {
        let first = text.decisions.count - pending
        for index in 0..<pending {
            let said = readings[index]
            let probability = said.targetLogProbabilities.first ?? 0
            if -probability > rollback {
                let own = Candidate(said)
                let drafted = text.decisions[first + index].slm
                text.cut(to: first + index)
                return text.write(
                    Decision(token: own.token, route: .llm, score: nil, slm: drafted, llm: own))
            }
            text.decisions[first + index].llm = Candidate(said)
        }
        let own = Candidate(readings[pending])
        text.write(Decision(token: own.token, route: .llm, score: score, slm: slm, llm: own))
    }

    // MARK: - Passes

    /// S's readings after some of the texts and their drafted tokens.
    private func readSmall(
        _ texts: inout [Text], _ which: [Int], after drafts: [[Candidate]]
    ) throws -> [Reading] {
        let unread = which.map { texts[$0].unread(isLarge: false, after: drafts[$0]) }
        let clock = ContinuousClock()
        let start = clock.now
        let readings = try small.read(
            zip(which, unread).map { Work(texts[$0].small, $1) }
        ).map { $0[0] }
        account(&texts, which, unread.map(\.count), isLarge: false, since: start)
        return readings
    }

    /// L's readings, for some of the texts, before each of the last `check` tokens of text and drafts, and after all of them; each but the last with
    /// the log-probability of the token that stands there.
    private func readLarge(
        _ texts: inout [Text], _ which: [Int], after drafts: [[Candidate]], check: [Int]
    ) throws -> [[Reading]] {
        guard !which.isEmpty else { return [] }
        let unread = which.map { texts[$0].unread(isLarge: true, after: drafts[$0]) }
        // What comes before the token after which the first reading is.
        let silent = zip(which, unread).map { $1.count - check[$0] - 1 }
        statistics.llmPasses += which.count
        let clock = ContinuousClock()
        let start = clock.now
        let ahead = zip(which, zip(unread, silent)).compactMap { index, part in
            part.1 > 0
                ? Work(texts[index].large, Array(part.0[..<part.1]), read: .none) : nil
        }
        if !ahead.isEmpty { _ = try large.read(ahead) }
        let readings = try large.read(
            zip(which, zip(unread, silent)).map { index, part in
                let read = Array(part.0[part.1...])
                // The last position's target is not looked at.
                let targets = Array(read.dropFirst()) + [0]
                return Work(texts[index].large, read, read: Read(.all, targets: targets))
            })
        account(&texts, which, unread.map(\.count), isLarge: true, since: start)
        return readings
    }

    /// Puts a pass on the texts' accounts, its time by their tokens.
    private func account(
        _ texts: inout [Text], _ which: [Int], _ counts: [Int], isLarge: Bool,
        since start: ContinuousClock.Instant
    ) {
        let seconds = (ContinuousClock().now - start) / .seconds(1)
        let all = Double(counts.reduce(0, +))
        for (index, count) in zip(which, counts) {
            texts[index].add(
                count, isLarge: isLarge, seconds: all > 0 ? seconds * Double(count) / all : 0)
        }
    }
}

extension Candidate {
    fileprivate init(_ reading: Reading) {
        self.init(token: reading.argmax, logProbability: reading.logProbability)
    }
}

/// A text on its way, both models' caches of it, and what it has cost.
private struct DraftedText<Small: NextTokenModel, Large: NextTokenModel> {
    /// Its place among the questions.
    let number: Int
    let promptTokens: Int
    let small: Small.Sequence
    let large: Large.Sequence
    private(set) var tokens: [Int32]
    var decisions: [Decision] = []
    private(set) var cost = Cost()
    private(set) var passes: [Pass] = []

    init(number: Int, prompt: [Int32], small: Small.Sequence, large: Large.Sequence) {
        self.number = number
        promptTokens = prompt.count
        tokens = prompt
        self.small = small
        self.large = large
    }

    var prompt: [Int32] { Array(tokens[..<promptTokens]) }

    /// Tokens that S wrote since L's last call. What L has not read begins with a token of its own, once it was called.
    var unchecked: Int {
        large.length < promptTokens ? decisions.count : tokens.count - large.length - 1
    }

    /// What a model has not read of the text and of tokens drafted after it.
    func unread(isLarge: Bool, after drafts: [Candidate]) -> [Int32] {
        let read = isLarge ? large.length : small.length
        return Array((tokens + drafts.map(\.token))[read...])
    }

    mutating func write(_ decision: Decision) {
        tokens.append(decision.token)
        decisions.append(decision)
    }

    /// Drops all but the first `count` tokens of the answer.
    mutating func cut(to count: Int) {
        decisions.removeLast(decisions.count - count)
        tokens.removeLast(tokens.count - promptTokens - count)
        rewind(to: tokens.count)
    }

    /// Both caches forget what is not among the first `length` tokens.
    func rewind(to length: Int) {
        if small.length > length { small.rewind(to: length) }
        if large.length > length { large.rewind(to: length) }
    }

    /// Puts a pass over the last `count` tokens that were read on the account.
    mutating func add(_ count: Int, isLarge: Bool, seconds: Double) {
        let to = isLarge ? large.length : small.length
        passes.append(Pass(isLarge: isLarge, from: to - count, to: to))
        if isLarge {
            cost.llmTokens += count
            cost.llmPasses += 1
            cost.llmSeconds += seconds
        } else {
            cost.slmTokens += count
            cost.slmPasses += 1
            cost.slmSeconds += seconds
        }
    }
}
