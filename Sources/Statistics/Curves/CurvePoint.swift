/// One setting of a routing policy: what it costs and how often it is right.
package struct CurvePoint: Equatable, Sendable {
    /// The cost in any one currency of docs/method.md, section 3, such as the call ratio or bytes.
    package let cost: Double
    /// The share of questions answered rightly, or the mean score, 0...1.
    package let accuracy: Double

    /// A point from its cost and accuracy.
    package init(cost: Double, accuracy: Double) {
        self.cost = cost
        self.accuracy = accuracy
    }
}
