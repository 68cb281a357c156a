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

/// Answers one question at a time by drafting with S and checking with L (METHOD.md, 2.8): the peers that do not route.
///
/// These have loops of their own and are not fused: what L reads depends on what was drafted.
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

    /// Answers a prompt. Costs count what was drafted in vain, too.
    public func answer(question: String, prompt: [Int32]) throws -> Trace {
        guard !prompt.isEmpty, prompt.count < context else {
            throw GenerationError.promptTooLong(tokens: prompt.count, context: context)
        }
        var text = DraftedText<Small, Large>(
            prompt: prompt, small: small.makeSequence(), large: large.makeSequence())
        var finish: Finish?
        while finish == nil {
            switch rule {
            case .speculative(let draft): try verify(&text, draft: draft)
            case .bigLittle(let fallback, let rollback):
                try advance(&text, fallback: fallback, rollback: rollback)
            }
            finish = end(of: &text)
        }
        statistics.tokens += text.decisions.count
        statistics.accepted += text.decisions.count { $0.route == .slm }
        return Trace(
            promptTokens: prompt.count, decisions: text.decisions, finish: finish ?? .stop,
            cost: text.cost, passes: text.passes)
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
    private func verify(_ text: inout DraftedText<Small, Large>, draft: Int) throws {
        let room = min(
            options.maxTokens - text.decisions.count, context - text.tokens.count)
        var drafts: [Candidate] = []
        while drafts.count < min(draft, room - 1) {
            let reading = try readSmall(&text, after: drafts.map(\.token))
            drafts.append(Candidate(reading))
            if options.endTokens.contains(reading.argmax) { break }
        }
        statistics.drafted += drafts.count
        let readings = try readLarge(&text, after: drafts.map(\.token), check: drafts.count)
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
    private func advance(
        _ text: inout DraftedText<Small, Large>, fallback: Float, rollback: Float
    ) throws {
        let reading = try readSmall(&text, after: [])
        let slm = Candidate(reading)
        let sure = Signals(
            question: "", position: 0, logProbability: reading.logProbability,
            secondLogProbability: reading.secondLogProbability, entropy: reading.entropy
        ).maxProbability
        guard sure < fallback else {
            statistics.drafted += 1
            return text.write(
                Decision(token: slm.token, route: .slm, score: sure, slm: slm, llm: nil))
        }
        let pending = text.unchecked
        let readings = try readLarge(&text, after: [], check: pending)
        let first = text.decisions.count - pending
        for index in 0..<pending {
            let said = readings[index]
            let probability = said.targetLogProbabilities.first ?? 0
            if -probability > rollback {
                let own = Candidate(said)
                let drafted = text.decisions[first + index].slm
                text.cut(to: first + index)
                text.write(
                    Decision(token: own.token, route: .llm, score: nil, slm: drafted, llm: own))
                return
            }
            text.decisions[first + index].llm = Candidate(said)
        }
        let own = Candidate(readings[pending])
        text.write(Decision(token: own.token, route: .llm, score: sure, slm: slm, llm: own))
    }

    // MARK: - Passes

    /// S's reading after the text and some drafted tokens.
    private func readSmall(
        _ text: inout DraftedText<Small, Large>, after drafts: [Int32]
    ) throws -> Reading {
        let all = text.tokens + drafts
        let unread = Array(all[text.small.length...])
        return try text.measured(isLarge: false, tokens: unread.count) {
            try small.read([Work($0.small, unread)])[0][0]
        }
    }

    /// L's readings before each of the last `check` tokens of text and drafts, and after all of them; each but the last with the log-probability of
    /// the token that stands there.
    private func readLarge(
        _ text: inout DraftedText<Small, Large>, after drafts: [Int32], check: Int
    ) throws -> [Reading] {
        let all = text.tokens + drafts
        let unread = Array(all[text.large.length...])
        let start = all.count - check - 1  // the token after which the first reading is
        let silent = start - text.large.length
        statistics.llmPasses += 1
        return try text.measured(isLarge: true, tokens: unread.count) { text in
            if silent > 0 {
                _ = try large.read([Work(text.large, Array(unread[..<silent]), read: .none)])
            }
            let read = Array(unread[silent...])
            // The last position's target is not looked at.
            let targets = Array(read.dropFirst()) + [0]
            return try large.read([Work(text.large, read, read: Read(.all, targets: targets))])[0]
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
    let promptTokens: Int
    let small: Small.Sequence
    let large: Large.Sequence
    private(set) var tokens: [Int32]
    var decisions: [Decision] = []
    private(set) var cost = Cost()
    private(set) var passes: [Pass] = []

    init(prompt: [Int32], small: Small.Sequence, large: Large.Sequence) {
        promptTokens = prompt.count
        tokens = prompt
        self.small = small
        self.large = large
    }

    /// Tokens that S wrote since L's last call. What L has not read begins with a token of its own, once it was called.
    var unchecked: Int {
        large.length < promptTokens ? decisions.count : tokens.count - large.length - 1
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

    /// Runs a pass and puts it on the account.
    mutating func measured<T>(
        isLarge: Bool, tokens count: Int, _ body: (Self) throws -> T
    ) throws -> T {
        let from = isLarge ? large.length : small.length
        let clock = ContinuousClock()
        let start = clock.now
        let result = try body(self)
        let seconds = (clock.now - start) / .seconds(1)
        passes.append(Pass(isLarge: isLarge, from: from, to: from + count))
        if isLarge {
            cost.llmTokens += count
            cost.llmPasses += 1
            cost.llmSeconds += seconds
        } else {
            cost.slmTokens += count
            cost.slmPasses += 1
            cost.slmSeconds += seconds
        }
        return result
    }
}
