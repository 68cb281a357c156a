import Foundation
import Generation
import Hashing
import Inference
import Platform
import Routing

/// What a judge would have seen at the places of walks: the readings that the engine would have made there, made again (docs/method.md, 2.10).
///
/// Behind each place S drafts as many tokens as a judge looks at; in use there may be fewer, if S's stretch ends sooner.
struct JudgeViews {
    let models: Pair<AnyModel>
    let options: Generator<AnyModel>.Options
    /// What is looked at, of S after the draft and of L before and after it.
    let needs: Pair<SignalNeeds>
    let store: any LabelStorage
    /// Names what decides the readings.
    let series: String

    init(
        _ models: Pair<AnyModel>, options: Generator<AnyModel>.Options, needs: Pair<SignalNeeds>,
        store: any LabelStorage, writer: String, slmSha256: String
    ) {
        self.models = models
        self.options = options
        self.needs = needs
        self.store = store
        var name = "judge view \(slmSha256) \(writer)"
        if needs.llm.divergence { name += " divergence" }
        if needs.slm.hidden { name += " slm hidden" }
        if needs.llm.hidden { name += " llm hidden" }
        if !needs.llm.layers.isEmpty { name += " llm layers \(needs.llm.layers.sorted())" }
        series = name
    }

    /// One a change, of each walk; states in half precision, whether they were stored or just made.
    func places(of walks: [JudgeWalk]) throws -> [[JudgedPlace]] {
        var stored = try walks.map { walk in
            try store.item(name(of: walk), in: series).map {
                try JSONDecoder().decode([StoredPlace].self, from: $0)
            }
        }
        let progress = WorkProgress("what a judge sees")
        progress.begin(answers: stored.count { $0 == nil })
        defer { progress.end() }
        for (index, walk) in walks.enumerated() where stored[index] == nil {
            try Interruption.check()
            let made = try places(of: walk).map(StoredPlace.init)
            try store.store(JSONEncoder.sorted.encode(made), as: name(of: walk), in: series)
            stored[index] = made
            progress.finished(tokens: walk.text.count)
        }
        return stored.map { ($0 ?? []).map(\.place) }
    }

    /// Names a walk's text and places.
    private func name(of walk: JudgeWalk) -> String {
        var hash = KeyedHash(seed: 0)
        for token in walk.text { hash.mix(UInt64(UInt32(bitPattern: token))) }
        for change in walk.changes {
            hash.mix(UInt64(change.position))
            hash.mix(UInt64(UInt32(bitPattern: change.slmToken)))
        }
        return "\(walk.question.id)/\(String(hash.value, radix: 16))"
    }

    /// Both models' readings at the places of one walk, and of what S drafts behind them.
    private func places(of walk: JudgeWalk) throws -> [JudgedPlace] {
        let whole = walk.question.prompt + walk.text
        let start = walk.question.prompt.count
        let texts = models.map { $0.makeSequence() }
        var places: [JudgedPlace] = []
        var forks: [Pair<AnySequence>] = []
        for change in walk.changes {
            let tokens = Array(whole[texts.slm.length..<start + change.position])
            let last = tokens.count - 1
            guard last >= 0 else { continue }
            let slm = try models.slm.read([
                Work(texts.slm, tokens, read: Read(.last, logits: needs.llm.divergence))
            ])[0]
            var targets = [Int32](repeating: 0, count: tokens.count)
            targets[last] = change.slmToken
            var others: [LogitRow?] = []
            if needs.llm.divergence {
                others = [LogitRow?](repeating: nil, count: tokens.count)
                others[last] = slm.last?.logits
            }
            let llm = try models.llm.read([
                Work(texts.llm, tokens, read: Read(.last, targets: targets, others: others))
            ])[0]
            guard let slm = slm.last, let llm = llm.last,
                let logProbability = llm.targetLogProbabilities.first
            else { continue }
            precondition(slm.argmax == change.slmToken, "a reading depends on its text alone")
            places.append(
                JudgedPlace(
                    at: change.position, after: tokens[last], slm: slm, llm: llm,
                    logProbability: logProbability))
            forks.append(texts.map { $0.fork() })
        }
        try look(behind: &places, forks)
        return places
    }

    /// Lets S draft behind every place, all of them side by side, and L read it.
    private func look(
        behind places: inout [JudgedPlace], _ forks: [Pair<AnySequence>]
    ) throws {
        guard !places.isEmpty else { return }
        var drafts = places.map { [$0.draft] }
        for step in 0..<JudgedPlace.lookahead {
            let open = drafts.indices.filter { place in
                drafts[place].count == step + 1 && !ends(places[place], drafts[place])
            }
            // The state after the draft is wanted even of a draft that ends the answer.
            let read = step == 0 && needs.slm.hidden ? Array(drafts.indices) : open
            guard !read.isEmpty else { break }
            let readings = try models.slm.read(
                read.map { place in
                    Work(
                        forks[place].slm, [drafts[place][step]],
                        read: Read(.last, hidden: step == 0 && needs.slm.hidden))
                })
            for (place, reading) in zip(read, readings.compactMap(\.last)) {
                if step == 0 { places[place].slmHidden = reading.hidden }
                if open.contains(place) { drafts[place].append(reading.argmax) }
            }
        }
        let readings = try models.llm.read(
            zip(forks, drafts).map { fork, drafts in
                // What L says behind the last draft nobody asks.
                Work(
                    fork.llm, Array(drafts.prefix(max(drafts.count - 1, 1))),
                    read: Read(.all, hidden: needs.llm.hidden, layers: needs.llm.layers))
            })
        for (place, readings) in readings.enumerated() {
            places[place].llmHidden = readings.first?.hidden ?? []
            places[place].llmLayers = readings.first?.layers ?? [:]
            places[place].agreements = zip(readings, drafts[place].dropFirst())
                .map { $0.argmax == $1 }
        }
    }

    /// Whether S's stretch ends with the last of its drafts.
    private func ends(_ place: JudgedPlace, _ drafts: [Int32]) -> Bool {
        drafts.last.map(options.endTokens.contains) ?? true
            || place.position + drafts.count >= options.maxTokens - 1
    }
}

/// A place as it is stored: numbers by their bits, states in half precision.
private struct StoredPlace: Codable {
    let position: Int
    let tokens: [Int32]
    let numbers: [UInt32]
    /// Absent where distributions were not compared.
    let divergence: [UInt32]?
    let agreements: [Bool]
    let slmHidden: Data
    let llmHidden: Data
    let llmLayers: [Int: Data]

    init(_ place: JudgedPlace) {
        position = place.position
        tokens = [place.draft, place.favourite, place.previous]
        numbers = [
            place.logProbability, place.favouriteLogProbability, place.llmEntropy,
            place.slmEntropy, place.slmLogProbability, place.slmSecondLogProbability,
        ].map(\.bitPattern)
        divergence = place.kl.flatMap { kl in
            place.js.map { [kl.bitPattern, $0.bitPattern] }
        }
        agreements = place.agreements
        slmHidden = Self.halves(place.slmHidden)
        llmHidden = Self.halves(place.llmHidden)
        llmLayers = place.llmLayers.mapValues(Self.halves)
    }

    var place: JudgedPlace {
        func number(_ index: Int) -> Float {
            numbers.indices.contains(index) ? Float(bitPattern: numbers[index]) : .nan
        }
        func token(_ index: Int) -> Int32 { tokens.indices.contains(index) ? tokens[index] : -1 }
        return JudgedPlace(
            position: position, draft: token(0), favourite: token(1), previous: token(2),
            logProbability: number(0), favouriteLogProbability: number(1), llmEntropy: number(2),
            slmEntropy: number(3), slmLogProbability: number(4),
            slmSecondLogProbability: number(5),
            kl: (divergence?.first).map { Float(bitPattern: $0) },
            js: (divergence?.last).map { Float(bitPattern: $0) },
            slmHidden: Self.floats(slmHidden), llmHidden: Self.floats(llmHidden),
            llmLayers: llmLayers.mapValues(Self.floats), agreements: agreements)
    }

    private static func halves(_ values: [Float]) -> Data {
        var data = Data()
        for value in values {
            withUnsafeBytes(of: Float16(value).bitPattern.littleEndian) {
                data.append(contentsOf: $0)
            }
        }
        return data
    }

    private static func floats(_ data: Data) -> [Float] {
        let bytes = [UInt8](data)
        return Swift.stride(from: 0, to: bytes.count - 1, by: 2).map {
            Float(Float16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))
        }
    }
}
