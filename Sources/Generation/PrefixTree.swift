import Inference
import Routing

/// All that the lanes of one question have written so far: each distinct prefix once, what both models said of it, and which of the models' caches
/// hold it (docs/design.md, section 3).
///
/// Prefixes are numbers; `root` is the prompt. Nothing is removed while the question lives, so a lane that comes to a prefix which another has been at
/// finds what was said there.
struct PrefixTree<Sequence: TokenSequence> {
    typealias Prefix = Int

    /// What a model said of the token after a prefix.
    struct Opinion {
        fileprivate(set) var reading: Reading
        /// What it was asked to show.
        fileprivate(set) var shows: SignalNeeds
        /// Wall-clock of the pass it is from, a token.
        let secondsPerToken: Double
    }

    /// A model's cache of one text, and how far it has been read.
    private struct Cache {
        let sequence: Sequence
        var end: Prefix
    }

    /// The prompt.
    static var root: Prefix { 0 }

    let prompt: [Int32]
    private var parents: [Int32] = [-1]
    private var tokens: [Int32] = [-1]
    private var lengths: [Int32]
    private var firstChildren: [Int32] = [-1]
    private var siblings: [Int32] = [-1]
    private var opinions: [Pair<Opinion?>] = [Pair(both: nil)]
    /// log p_L of a prefix's last token, where L has said it; NaN elsewhere.
    private var judgements: [Float] = [.nan]
    /// Where S's whole distribution is kept.
    private var distributions: Set<Prefix> = []
    /// A cache that holds the prefix; -1, or one that is gone: none.
    private var holders: [Pair<Int32>] = [Pair(both: -1)]
    private var caches = Pair<[Cache?]>(both: [])
    /// The mean of S's hidden states over the prompt, once it was asked for.
    var promptMean: [Float]?

    init(prompt: [Int32]) {
        self.prompt = prompt
        lengths = [Int32(prompt.count)]
    }

    // MARK: - Texts

    /// Tokens of the prefix, the prompt's included.
    func length(of prefix: Prefix) -> Int { Int(lengths[prefix]) }

    /// The prefix without its last token; the prompt has none.
    func parent(of prefix: Prefix) -> Prefix { Int(parents[prefix]) }

    /// The last token of a prefix; of the prompt its last one.
    func lastToken(of prefix: Prefix) -> Int32? {
        prefix == Self.root ? prompt.last : tokens[prefix]
    }

    /// The prefix that is longer by `token`.
    mutating func child(of prefix: Prefix, token: Int32) -> Prefix {
        var child = firstChildren[prefix]
        while child >= 0 {
            if tokens[Int(child)] == token { return Int(child) }
            child = siblings[Int(child)]
        }
        let new = Int32(parents.count)
        parents.append(Int32(prefix))
        tokens.append(token)
        lengths.append(lengths[prefix] + 1)
        firstChildren.append(-1)
        siblings.append(firstChildren[prefix])
        opinions.append(Pair(both: nil))
        judgements.append(.nan)
        holders.append(Pair(both: -1))
        firstChildren[prefix] = new
        return Int(new)
    }

    /// The prefix that is shorter by `count` tokens. O(count).
    func ancestor(of prefix: Prefix, up count: Int) -> Prefix {
        var prefix = prefix
        for _ in 0..<count { prefix = parent(of: prefix) }
        return prefix
    }

    /// Whether `prefix` is one of `other`'s, or the same. O(difference of their lengths).
    func holds(_ other: Prefix, _ prefix: Prefix) -> Bool {
        let difference = length(of: other) - length(of: prefix)
        return difference >= 0 && ancestor(of: other, up: difference) == prefix
    }

    /// The tokens of a prefix from number `start` on. O(their number).
    func text(of prefix: Prefix, from start: Int) -> [Int32] {
        var text: [Int32] = []
        text.reserveCapacity(length(of: prefix) - start)
        var at = prefix
        while at != Self.root, length(of: at) > start {
            text.append(tokens[at])
            at = parent(of: at)
        }
        text.reverse()
        return start < prompt.count ? prompt[start...] + text : text
    }

    // MARK: - What models said

    /// What a model said of the next token.
    func opinion(of model: Route, at prefix: Prefix) -> Opinion? { opinions[prefix][model] }

    /// log p_L of the prefix's last token; nil where L has not said it.
    func judgement(of prefix: Prefix) -> Float? {
        judgements[prefix].isNaN ? nil : judgements[prefix]
    }

    /// The tokens that some text goes on with.
    func continuations(of prefix: Prefix) -> [Int32] {
        var found: [Int32] = []
        var child = firstChildren[prefix]
        while child >= 0 {
            found.append(tokens[Int(child)])
            child = siblings[Int(child)]
        }
        return found
    }

    /// Stores readings that end with that of `prefix`, one a token, oldest first.
    /// - Parameter targets: for each reading, the next tokens that it was asked to judge; empty: none.
    mutating func store(
        _ readings: [Reading], of model: Route, endingAt prefix: Prefix, targets: [[Int32]] = [],
        showing needs: SignalNeeds = .none, secondsPerToken: Double
    ) {
        var at = prefix
        for (place, reading) in readings.enumerated().reversed() {
            // Who is ahead may still look at what a later reading was not asked for.
            var reading = reading
            let before = opinions[at][model]?.reading
            reading.logits = reading.logits ?? before?.logits
            reading.divergence = reading.divergence ?? before?.divergence
            var shows = needs
            if let before, reading.hidden.isEmpty, !before.hidden.isEmpty {
                reading.hidden = before.hidden
                shows.hidden = true
            }
            shows.divergence = reading.logits != nil || reading.divergence != nil
            opinions[at][model] = Opinion(
                reading: reading, shows: shows, secondsPerToken: secondsPerToken)
            if reading.logits != nil { distributions.insert(at) }
            if !targets.isEmpty {
                for (token, judgement) in zip(targets[place], reading.targetLogProbabilities) {
                    judgements[child(of: at, token: token)] = judgement
                }
            }
            at = parent(of: at)
        }
    }

    /// The whole distributions of S at the last `count` prefixes of a text, the longest last; nil where they are not kept.
    func distributions(endingAt prefix: Prefix, count: Int) -> [LogitRow?] {
        var rows = [LogitRow?](repeating: nil, count: count)
        var at = prefix
        for place in rows.indices.reversed() {
            rows[place] = opinions[at].slm?.reading.logits
            if at == Self.root { break }
            at = parent(of: at)
        }
        return rows
    }

    /// Whether any whole distribution is kept.
    var keepsDistributions: Bool { !distributions.isEmpty }

    /// Gives up the whole distributions but those at some prefixes. S is asked again where one is missing.
    mutating func dropDistributions(keeping kept: Set<Prefix>) {
        for prefix in distributions where !kept.contains(prefix) {
            opinions[prefix].slm?.reading.logits = nil
            opinions[prefix].slm?.shows.divergence = false
            distributions.remove(prefix)
        }
    }

    // MARK: - Caches

    /// Caches of a model.
    func cacheCount(of model: Route) -> Int { caches[model].count { $0 != nil } }

    /// A cache that was filled elsewhere with the first tokens of the prompt.
    mutating func add(_ sequence: Sequence, of model: Route) {
        hold(Self.root, model, append(sequence, of: model, at: Self.root).cache)
    }

    /// The longest part of `prefix`, of at most `most` tokens, that some cache of a model holds. O(what is left to read).
    private func held(_ prefix: Prefix, _ model: Route, most: Int) -> (at: Prefix, cache: Int)? {
        var at = ancestor(
            of: prefix,
            up: max(0, length(of: prefix) - max(most, prompt.count)))
        while true {
            if isHeld(at, model) { return (at, Int(holders[at][model])) }
            if at == Self.root { return nil }
            at = parent(of: at)
        }
    }

    /// Tokens that a pass has to read for the reading of `prefix` and those before it from a length of `first` on.
    func unread(_ prefix: Prefix, of model: Route, from first: Int) -> Int {
        guard let (at, cache) = held(prefix, model, most: first - 1),
            let sequence = caches[model][cache]?.sequence
        else { return length(of: prefix) }
        return length(of: prefix) - min(length(of: at), sequence.length, first - 1)
    }

    /// A cache for the next pass over `prefix`, with at most `first` - 1 tokens of it: one that ends there, else one that went on and is taken back, or
    /// its fork where others need it, else an empty one.
    /// - Parameters:
    ///   - taken: caches of this model that take part in the pass already.
    ///   - others: where the texts stand that are not to be read now.
    mutating func cache(
        for prefix: Prefix, of model: Route, from first: Int, taken: Set<Int>,
        others: [Prefix], make: () -> Sequence
    ) -> (cache: Int, sequence: Sequence, isNew: Bool) {
        let most = first - 1
        guard let (at, holder) = held(prefix, model, most: most),
            let found = caches[model][holder]
        else { return append(make(), of: model, at: Self.root) }
        let length = min(self.length(of: at), found.sequence.length, most)
        guard !taken.contains(holder) else { return fork(found.sequence, model, at, length) }
        if found.end == at, found.sequence.length == length {
            return (holder, found.sequence, false)
        }
        let isShared = others.contains { other in
            guard let (place, cache) = held(other, model, most: .max) else { return false }
            return cache == holder && self.length(of: place) > length
        }
        if isShared { return fork(found.sequence, model, at, length) }
        drop(model) { $0 == holder }
        found.sequence.rewind(to: length)
        let moved = append(found.sequence, of: model, at: at)
        hold(at, model, moved.cache)
        return moved
    }

    private mutating func fork(
        _ sequence: Sequence, _ model: Route, _ prefix: Prefix, _ length: Int
    ) -> (cache: Int, sequence: Sequence, isNew: Bool) {
        let fork = sequence.fork()
        fork.rewind(to: length)
        return append(fork, of: model, at: prefix)
    }

    private mutating func append(
        _ sequence: Sequence, of model: Route, at prefix: Prefix
    ) -> (cache: Int, sequence: Sequence, isNew: Bool) {
        caches[model].append(Cache(sequence: sequence, end: prefix))
        return (caches[model].count - 1, sequence, true)
    }

    /// A pass has brought a cache to `prefix`.
    mutating func extend(_ cache: Int, of model: Route, to prefix: Prefix) {
        caches[model][cache]?.end = prefix
        hold(prefix, model, cache)
    }

    /// Says of all parts of `prefix` that this cache holds them. Whoever holds a part holds what comes before it, so that is where it ends.
    private mutating func hold(_ prefix: Prefix, _ model: Route, _ cache: Int) {
        var at = prefix
        while at >= 0, !isHeld(at, model) {
            holders[at][model] = Int32(cache)
            at = parent(of: at)
        }
    }

    private func isHeld(_ prefix: Prefix, _ model: Route) -> Bool {
        let holder = Int(holders[prefix][model])
        return holder >= 0 && caches[model][holder] != nil
    }

    /// Gives up caches that no text's next reading would go on from; `ends` are where the texts stand whose next readings may be of the model.
    mutating func prune(_ model: Route, keeping ends: [Prefix]) {
        guard cacheCount(of: model) > (ends.isEmpty ? 0 : 1) else { return }
        var needed: Set<Int> = []
        for end in ends {
            if let (_, cache) = held(end, model, most: .max) { needed.insert(cache) }
        }
        drop(model) { !needed.contains($0) }
    }

    /// Gives up the caches of a model; what they held is read again when it is needed.
    mutating func dropCaches(of model: Route) { drop(model) { _ in true } }

    /// Gives up caches that a pass was to extend and did not.
    mutating func drop(_ given: Set<Int>, of model: Route) { drop(model, given.contains) }

    private mutating func drop(_ model: Route, _ isGiven: (Int) -> Bool) {
        var dropped = false
        for index in caches[model].indices where caches[model][index] != nil && isGiven(index) {
            caches[model][index] = nil
            dropped = true
        }
        guard dropped else { return }
        // What a dropped cache held, others may hold, too; between their parts there may be gaps.
        for (index, cache) in caches[model].enumerated() {
            var at = cache?.end ?? -1
            while at >= 0 {
                if !isHeld(at, model) { holders[at][model] = Int32(index) }
                at = parent(of: at)
            }
        }
    }
}
