import Inference
import Routing

/// A text's part in a pass, or the whole of a read elsewhere.
struct PassPart<Sequence: TokenSequence> {
    let question: Question<Sequence>
    let item: Question<Sequence>.Item
    /// The number of the tree's cache that it extends.
    let cache: Int
    /// Whether that was made for this pass.
    let isNew: Bool
    let work: Work<Sequence>
    let needs: SignalNeeds

    /// Notes what was read, in the question's tree.
    func store(_ readings: [Reading], secondsPerToken: Double) {
        question.store(
            readings, of: item, judging: work.read.targets, cache: cache, showing: needs,
            secondsPerToken: secondsPerToken)
    }
}

/// The reads of a model elsewhere that are on their way.
struct ReadsUnderWay<Sequence: TokenSequence> {
    private var parts: [Int: PassPart<Sequence>] = [:]

    var count: Int { parts.count }
    var isEmpty: Bool { parts.isEmpty }

    mutating func add(_ part: PassPart<Sequence>, as number: Int) { parts[number] = part }

    /// The part of an answer that has come; nil if nobody waits for it.
    mutating func take(_ number: Int) -> PassPart<Sequence>? { parts.removeValue(forKey: number) }

    /// Whether what the item waits for is under way.
    func holds(_ item: Question<Sequence>.Item, of question: Question<Sequence>) -> Bool {
        parts.values.contains { $0.question === question && $0.item.prefix == item.prefix }
    }

    /// Caches of a question that must not be changed before their answers have come.
    func caches(of question: Question<Sequence>) -> Set<Int> {
        Set(parts.values.filter { $0.question === question }.map(\.cache))
    }
}
