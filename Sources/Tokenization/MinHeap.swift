/// A binary heap of integers, the smallest on top.
struct MinHeap {
    private var items: [UInt64] = []

    /// Adds an item. O(log n).
    mutating func push(_ item: UInt64) {
        items.append(item)
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard item < items[parent] else { break }
            items[child] = items[parent]
            child = parent
        }
        items[child] = item
    }

    /// Removes the smallest item. O(log n).
    mutating func pop() -> UInt64? {
        guard let top = items.first, let item = items.popLast() else { return nil }
        guard !items.isEmpty else { return top }
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { break }
            if child + 1 < items.count, items[child + 1] < items[child] { child += 1 }
            guard items[child] < item else { break }
            items[parent] = items[child]
            parent = child
        }
        items[parent] = item
        return top
    }
}
