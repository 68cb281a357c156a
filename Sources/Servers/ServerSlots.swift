/// Which of a server's caches each request goes to: the free one that holds most of its prompt, and among equals the one that was used longest ago.
struct ServerSlots {
    private struct Slot {
        var tokens: [Int32] = []
        var isFree = true
        var used = 0
    }

    private var slots: [Slot]
    private var clock = 0

    init(count: Int) { slots = (0..<count).map { _ in Slot() } }

    /// Takes a free slot for a prompt; nil if there is none. O(slots x tokens).
    mutating func take(for prompt: [Int32]) -> Int? {
        func held(_ slot: Slot) -> Int { zip(slot.tokens, prompt).prefix { $0 == $1 }.count }
        let free = slots.indices.filter { slots[$0].isFree }
        let best = free.max { a, b in
            let (left, right) = (held(slots[a]), held(slots[b]))
            return left == right ? slots[a].used > slots[b].used : left < right
        }
        guard let best else { return nil }
        clock += 1
        slots[best] = Slot(tokens: prompt, isFree: false, used: clock)
        return best
    }

    mutating func free(_ slot: Int) { slots[slot].isFree = true }

    mutating func freeAll() {
        for slot in slots.indices { slots[slot].isFree = true }
    }
}
