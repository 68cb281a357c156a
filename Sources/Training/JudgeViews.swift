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
    /// What is looked at, of S after the draft and of L before and after it, where it is not stored: what any of the judges sees that are trained together,
    /// so that the models are asked once for all of them.
    let needs: Pair<SignalNeeds>
    let store: any LabelStorage
    /// Name what decides the readings: what this judge sees and no more, and what is made.
    private let own: String
    private let series: String

    /// Walks that are looked at side by side; readings depend on their text alone.
    private static let walksAtOnce = 8

    init(
        _ models: Pair<AnyModel>, options: Generator<AnyModel>.Options, needs: Pair<SignalNeeds>,
        together: Pair<SignalNeeds>? = nil, store: any LabelStorage, writer: String,
        slmSha256: String
    ) {
        self.models = models
        self.options = options
        self.store = store
        let all =
            together.map {
                Pair(slm: $0.slm.union(needs.slm), llm: $0.llm.union(needs.llm))
            } ?? needs
        self.needs = all
        own = Self.series(needs, writer, slmSha256)
        series = Self.series(all, writer, slmSha256)
    }

    private static func series(
        _ needs: Pair<SignalNeeds>, _ writer: String, _ slmSha256: String
    ) -> String {
        var name = "judge view \(slmSha256) \(writer)"
        if needs.llm.divergence { name += " divergence" }
        if needs.slm.hidden { name += " slm hidden" }
        if needs.llm.hidden { name += " llm hidden" }
        if !needs.llm.layers.isEmpty { name += " llm layers \(needs.llm.layers.sorted())" }
        return name
    }

    /// One a change, of each walk; states in half precision, whether they were stored or just made.
    func places(of walks: [JudgeWalk]) throws -> [[JudgedPlace]] {
        var stored = try walks.map { walk in
            let data =
                try store.item(name(of: walk), in: own) ?? store.item(name(of: walk), in: series)
            return try data.map { try JSONDecoder().decode([StoredPlace].self, from: $0) }
        }
        let missing = walks.indices.filter { stored[$0] == nil }
        let progress = WorkProgress("what a judge sees")
        progress.begin(answers: missing.count)
        defer { progress.end() }
        for start in stride(from: 0, to: missing.count, by: Self.walksAtOnce) {
            try Interruption.check()
            let group = Array(missing[start..<min(start + Self.walksAtOnce, missing.count)])
            for (index, places) in zip(group, try looked(at: group.map { walks[$0] })) {
                let made = places.map(StoredPlace.init)
                try store.store(
                    JSONEncoder.sorted.encode(made), as: name(of: walks[index]), in: series)
                stored[index] = made
                progress.finished(tokens: walks[index].text.count)
            }
        }
        return stored.map { ($0 ?? []).map(\.place) }
    }

    /// The places of walks side by side, or of one after the other where memory does not hold them all.
    private func looked(at walks: [JudgeWalk]) throws -> [[JudgedPlace]] {
        do {
            return try places(ofAll: walks)
        } catch GenerationError.memoryFull where walks.count > 1 {
            return try walks.flatMap { try places(ofAll: [$0]) }
        }
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

    /// Both models' readings at the places of walks, the first of each walk together, then the second, and of what S drafts behind them.
    private func places(ofAll walks: [JudgeWalk]) throws -> [[JudgedPlace]] {
        let texts = walks.map { _ in models.map { $0.makeSequence() } }
        var seen: [(walk: Int, place: JudgedPlace)] = []
        var forks: [Pair<AnySequence>] = []
        for number in 0..<(walks.map(\.changes.count).max() ?? 0) {
            let next: [Next] = walks.indices.compactMap { index in
                let walk = walks[index]
                guard walk.changes.indices.contains(number) else { return nil }
                let change = walk.changes[number]
                let whole = walk.question.prompt + walk.text
                let end = walk.question.prompt.count + change.position
                let tokens = Array(whole[texts[index].slm.length..<end])
                return tokens.isEmpty ? nil : Next(walk: index, change: change, tokens: tokens)
            }
            let slm = try models.slm.read(
                next.map {
                    Work(
                        texts[$0.walk].slm, $0.tokens,
                        read: Read(.last, logits: needs.llm.divergence))
                })
            let llm = try models.llm.read(
                zip(next, slm).map { next, slm in
                    let last = next.tokens.count - 1
                    var targets = [Int32](repeating: 0, count: next.tokens.count)
                    targets[last] = next.change.slmToken
                    var others: [LogitRow?] = []
                    if needs.llm.divergence {
                        others = [LogitRow?](repeating: nil, count: next.tokens.count)
                        others[last] = slm.last?.logits
                    }
                    return Work(
                        texts[next.walk].llm, next.tokens,
                        read: Read(.last, targets: targets, others: others))
                })
            for (next, (slm, llm)) in zip(next, zip(slm, llm)) {
                guard let slm = slm.last, let llm = llm.last,
                    let logProbability = llm.targetLogProbabilities.first,
                    let previous = next.tokens.last
                else { continue }
                precondition(
                    slm.argmax == next.change.slmToken, "a reading depends on its text alone")
                seen.append(
                    (
                        next.walk,
                        JudgedPlace(
                            at: next.change.position, after: previous, slm: slm, llm: llm,
                            logProbability: logProbability)
                    ))
                forks.append(texts[next.walk].map { $0.fork() })
            }
        }
        var places = seen.map(\.place)
        try look(behind: &places, forks)
        var ofWalks = walks.map { _ in [JudgedPlace]() }
        for (seen, place) in zip(seen, places) { ofWalks[seen.walk].append(place) }
        return ofWalks
    }

    /// What is read of a walk up to its next place.
    private struct Next {
        let walk: Int
        let change: JudgedChange
        let tokens: [Int32]
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
