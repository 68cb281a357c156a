import Hashing
import Inference
import Routing

/// A request on its way: its lanes, what they have written and what they wait for.
final class Question<Sequence: TokenSequence> {
    typealias Tree = PrefixTree<Sequence>

    /// What some lanes wait for: a model's reading of one prefix, and of those before it from a length of `from` on.
    struct Item {
        let model: Route
        let prefix: Tree.Prefix
        var from: Int
        var lanes: [Int]
        /// The pass after which it was first waited for.
        let since: Int
    }

    let request: Request
    /// In order of arrival.
    let number: Int
    /// Which of the arrived request's lanes those of `request` are: all whose S chooses among the same tokens.
    let lanes: [Int]
    /// The tokens that S chooses among; nil: all.
    let rows: TokenRows?
    var tree: Tree
    private(set) var writers: [Writer<Sequence>]
    /// Lanes that have not ended.
    private(set) var open: [Int]
    private(set) var items: [Item] = []
    /// Open lanes that wait for memory.
    var parked: Set<Int> = []

    /// A request, in as many parts as there are kinds of S's readings among its lanes: what S says over some tokens is none of the others' business.
    static func parts(of request: Request, number: Int) -> [Question] {
        var kinds: [TokenRows?] = []
        for lane in request.lanes where !kinds.contains(lane.policy.drafts.rows) {
            kinds.append(lane.policy.drafts.rows)
        }
        return kinds.map { rows in
            let lanes = request.lanes.indices.filter {
                request.lanes[$0].policy.drafts.rows == rows
            }
            return Question(request, lanes: lanes, over: rows, number: number)
        }
    }

    private init(_ whole: Request, lanes: [Int], over rows: TokenRows?, number: Int) {
        let request = Request(
            question: whole.question, prompt: whole.prompt, openings: whole.openings,
            answered: whole.answered, known: whole.known, lanes: lanes.map { whole.lanes[$0] })
        self.request = request
        self.number = number
        self.lanes = lanes
        self.rows = rows
        tree = Tree(prompt: request.prompt)
        writers = request.lanes.indices.map { Writer(request, lane: $0) }
        open = Array(request.lanes.indices)
    }

    /// Tokens of the lanes that have not ended.
    var tokensWritten: Int { open.reduce(0) { $0 + writers[$1].decisions.count } }

    // MARK: - Lanes

    /// Lets the lanes that stand at some prefixes write as far as it is known what the models say, and all that they meet on the way.
    ///
    /// Lanes at one prefix go on together, when none of them has to wait any more: else one that is ahead would have a model read past
    /// places where another still wants to know what it says.
    /// - Parameter ended: called with each lane that has come to its end.
    func advance(
        at prefixes: [Tree.Prefix], _ limits: Writer<Sequence>.Limits, clock: Int,
        ended: (Int, Trace) throws -> Void
    ) rethrows {
        var places = prefixes
        while let place = places.popLast() {
            let here = open.filter { writers[$0].end == place && !parked.contains($0) }
            var moves: [(lane: Int, move: Writer<Sequence>.Move)] = []
            var waits = false
            for lane in here {
                let move = writers[lane].next(tree, limits)
                if case .wait(let want) = move {
                    waits = true
                    add(want, of: lane, clock)
                }
                moves.append((lane, move))
            }
            if waits { continue }
            for (lane, move) in moves {
                writers[lane].make(move, &tree, limits)
                if let trace = writers[lane].trace {
                    end(lane)
                    try ended(lane, trace)
                } else if !places.contains(writers[lane].end) {
                    places.append(writers[lane].end)
                }
            }
        }
    }

    /// Where the lanes stand that have not ended.
    var places: [Tree.Prefix] { Array(Set(open.map { writers[$0].end })) }

    /// A lane waits.
    private func add(_ want: Writer<Sequence>.Want, of lane: Int, _ clock: Int) {
        guard
            let at = items.firstIndex(where: {
                $0.model == want.model && $0.prefix == want.prefix
            })
        else {
            return items.append(
                Item(
                    model: want.model, prefix: want.prefix, from: want.from, lanes: [lane],
                    since: clock))
        }
        if !items[at].lanes.contains(lane) { items[at].lanes.append(lane) }
        items[at].from = min(items[at].from, want.from)
    }

    /// A lane has ended.
    private func end(_ lane: Int) {
        open.removeAll { $0 == lane }
        parked.remove(lane)
    }

    /// Ends the lanes that wait for what can't be read.
    func fail(_ item: Item) -> [Int] {
        remove(item)
        for lane in item.lanes { end(lane) }
        return item.lanes
    }

    /// The item with those that wait for it now; nil once nobody does.
    func current(_ item: Item) -> Item? {
        items.first { $0.model == item.model && $0.prefix == item.prefix }
    }

    private func remove(_ item: Item) {
        items.removeAll { $0.model == item.model && $0.prefix == item.prefix }
    }

    /// Seconds of scores and routes since the last call.
    func takeScoring() -> Double {
        var sum = 0.0
        for lane in writers.indices {
            sum += writers[lane].scoring
            writers[lane].scoring = 0
        }
        return sum
    }

    // MARK: - Readings

    /// What is to be shown of S's reading of a prefix: what the lanes there look at, and those that may come there.
    func needs(at prefix: Tree.Prefix) -> SignalNeeds {
        open.reduce(.none) { needs, lane in
            let own = writers[lane].needs
            guard !needs.holds(own), tree.holds(prefix, writers[lane].end) else { return needs }
            return needs.union(own)
        }
    }

    /// What L's readings are to show for those who judge drafts.
    var keepNeeds: SignalNeeds {
        open.reduce(.none) { $0.union(writers[$1].policy.keep.needs) }
    }

    /// What to read of a text's tokens that follow the first `read`.
    func read(_ item: Item, _ text: [Int32], after read: Int, _ needs: SignalNeeds) -> Read {
        let length = tree.length(of: item.prefix)
        if item.model == .slm {
            let wantsMean = wantsPromptMean(item)
            return Read(
                wantsMean ? .all : .last, hidden: wantsMean || needs.hidden,
                layers: needs.layers, top: needs.top, logits: needs.divergence, rows: rows)
        }
        guard open.contains(where: { writers[$0].policy.verifies }) else { return .last }
        // All that may be judged, for lanes that come later, too: an output matrix more costs less than a second pass.
        let first = min(item.from, max(read + 1, request.prompt.count))
        let needs = keepNeeds
        var shown = Read(
            .from(min(first, length) - read - 1), hidden: needs.hidden, layers: needs.layers,
            top: needs.top,
            others: needs.divergence
                ? tree.distributions(endingAt: item.prefix, count: text.count) : [])
        shown.targets = drafts(upTo: item.prefix, count: text.count)
        return shown
    }

    /// At the last `count` places of a text, the tokens that lanes have drafted there; behind it also what S would write, who has spoken.
    private func drafts(upTo prefix: Tree.Prefix, count: Int) -> [[Int32]] {
        var drafts = [[Int32]](repeating: [], count: count)
        var at = prefix
        for place in drafts.indices.reversed() {
            drafts[place] = tree.continuations(of: at)
            if at == Tree.root { break }
            at = tree.parent(of: at)
        }
        if let next = tree.opinion(of: .slm, at: prefix)?.reading.argmax,
            !drafts[count - 1].contains(next)
        {
            drafts[count - 1].append(next)
        }
        return drafts
    }

    /// Whether S reads the prompt for a lane that looks at the mean of its states there.
    private func wantsPromptMean(_ item: Item) -> Bool {
        item.model == .slm && item.prefix == Tree.root
            && item.lanes.contains { writers[$0].needsPromptMean }
    }

    /// What a pass has read, and the tokens that it was asked to judge at each of its places.
    func store(
        _ readings: [Reading], of item: Item, judging targets: [[Int32]], cache: Int,
        showing needs: SignalNeeds, secondsPerToken: Double
    ) {
        remove(item)
        tree.extend(cache, of: item.model, to: item.prefix)
        var readings = readings
        if wantsPromptMean(item) {
            tree.promptMean = readings.meanHidden
            readings = Array(readings.suffix(1))
        }
        tree.store(
            readings, of: item.model, endingAt: item.prefix,
            targets: targets.suffix(readings.count), showing: needs,
            secondsPerToken: secondsPerToken)
    }

    // MARK: - Memory

    /// Where the lanes stand that may ask a model and are not to be read now.
    func ends(of model: Route, but item: Item? = nil) -> [Tree.Prefix] {
        var ends: Set<Tree.Prefix> = []
        for lane in open where item?.lanes.contains(lane) != true {
            if writers[lane].models.contains(model) { ends.insert(writers[lane].end) }
        }
        return Array(ends)
    }

    /// Gives up caches that no lane will go on from, and distributions that none will compare.
    func prune() {
        for model in Route.allCases { tree.prune(model, keeping: ends(of: model)) }
        guard tree.keepsDistributions else { return }
        var compared: Set<Tree.Prefix> = []
        for lane in open where writers[lane].policy.keep.needs.divergence {
            var at = writers[lane].end
            compared.insert(at)
            for _ in 0..<writers[lane].pending {
                at = tree.parent(of: at)
                compared.insert(at)
            }
        }
        tree.dropDistributions(keeping: compared)
    }

    /// Whether any model's cache of its texts is kept.
    var hasCaches: Bool { Route.allCases.contains { tree.cacheCount(of: $0) > 0 } }

    /// Gives up all caches.
    func dropCaches() {
        for model in Route.allCases { tree.dropCaches(of: model) }
    }

    /// Gives up all caches; only the lanes that wait for `kept` go on before a text has ended.
    func park(keeping kept: Item?) {
        dropCaches()
        parked = Set(open).subtracting(kept?.lanes ?? [])
        items = kept.map { [$0] } ?? []
    }
}
