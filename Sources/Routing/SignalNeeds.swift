/// What a policy looks at beside the summary of the small model's next-token distribution.
public struct SignalNeeds: Equatable, Sendable {
    /// `Signals.hidden`.
    public var hidden: Bool
    /// `Signals.layers`: after how many layers the residual stream is looked at.
    public var layers: Set<Int>
    /// How many of `Signals.top`.
    public var top: Int

    /// Nothing unless told otherwise.
    public init(hidden: Bool = false, layers: Set<Int> = [], top: Int = 0) {
        self.hidden = hidden
        self.layers = layers
        self.top = top
    }

    /// Nothing.
    public static let none = SignalNeeds()

    /// What either needs.
    public func union(_ other: SignalNeeds) -> SignalNeeds {
        SignalNeeds(
            hidden: hidden || other.hidden, layers: layers.union(other.layers),
            top: max(top, other.top))
    }

    /// Whether what others need is among this.
    public func holds(_ other: SignalNeeds) -> Bool { union(other) == self }
}
