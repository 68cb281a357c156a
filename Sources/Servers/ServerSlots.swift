/// Which of a server's caches each request goes to: the free one that holds most of its prompt, and among equals the one that was used longest ago.
struct ServerSlots {
    private struct Slot {
        var tokens: [Int32] = []
        var isFree = true
        var used = 0

        /// Tokens of a prompt that it has.
        func held(of prompt: [Int32]) -> Int { zip(tokens, prompt).prefix { $0 == $1 }.count }
    }

    private var slots: [Slot]
    private var clock = 0

    init(count: Int) { slots = (0..<count).map { _ in Slot() } }

    /// Takes a free slot for a prompt; nil if there is none. O(slots x tokens).
    mutating func take(for prompt: [Int32]) -> Int? {
        let free = slots.indices.filter { slots[$0].isFree }
        let best = free.max { a, b in
            let (left, right) = (slots[a].held(of: prompt), slots[b].held(of: prompt))
            return left == right ? slots[a].used > slots[b].used : left < right
        }
        guard let best else { return nil }
        clock += 1
        slots[best] = Slot(tokens: prompt, isFree: false, used: clock)
        return best
    }

    /// Tokens of a prompt that none of the free slots has.
    func unread(_ prompt: [Int32]) -> Int {
        prompt.count - (slots.lazy.filter(\.isFree).map { $0.held(of: prompt) }.max() ?? 0)
    }

    mutating func free(_ slot: Int) { slots[slot].isFree = true }

    mutating func freeAll() {
        for slot in slots.indices { slots[slot].isFree = true }
    }
}
