/// Where labels go that must not cover each other: each as near to its place as the others let it.
enum LabelSpread {
    /// The middles of labels from below to above, in the order given.
    ///
    /// Labels that want the same room form a group about the mean of what they want, in the order of their places (equal places: as given);
    /// groups that touch are joined (the pooling of isotonic regression), so the weighted sum of squares of all displacements is the least. What sticks out of
    /// `range` is moved in. O(n log n + n²).
    ///
    /// - Parameters:
    ///   - wanted: each label's place.
    ///   - heights: the room it takes.
    ///   - weights: how much it matters that each is there.
    ///   - range: must hold the sum of the heights.
    static func middles(
        wanted: [Double], heights: [Double], weights: [Double]? = nil, in range: ClosedRange<Double>
    ) -> [Double] {
        let weights = weights ?? wanted.map { _ in 1 }
        precondition(
            wanted.count == heights.count && wanted.count == weights.count,
            "each label has a height and a weight")
        precondition(
            heights.reduce(0, +) <= range.upperBound - range.lowerBound + 1e-6,
            "the labels need more room than there is")
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var groups: [Group] = []
        for index in order {
            var group = Group(
                members: [index], weight: weights[index], height: heights[index],
                wanted: wanted[index])
            group.settle(in: range)
            while let below = groups.last, below.bottom + below.height > group.bottom {
                groups.removeLast()
                group = below.joined(with: group)
                group.settle(in: range)
            }
            groups.append(group)
        }
        var middles = wanted
        for group in groups {
            var bottom = group.bottom
            for member in group.members {
                middles[member] = bottom + heights[member] / 2
                bottom += heights[member]
            }
        }
        return middles
    }

    /// Labels one upon the other.
    private struct Group {
        var members: [Int]
        var weight: Double
        var height: Double
        /// The mean of where its middle would have to be for each member to be where it wants.
        var wanted: Double
        var bottom = 0.0

        mutating func settle(in range: ClosedRange<Double>) {
            bottom = min(max(wanted - height / 2, range.lowerBound), range.upperBound - height)
        }

        func joined(with above: Group) -> Group {
            let total = height + above.height
            let low = wanted - height / 2 + total / 2
            let high = above.wanted + above.height / 2 - total / 2
            return Group(
                members: members + above.members, weight: weight + above.weight, height: total,
                wanted: (weight * low + above.weight * high) / (weight + above.weight))
        }
    }
}
