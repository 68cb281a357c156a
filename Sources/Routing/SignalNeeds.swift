/// What a policy looks at beside the summary of the small model's next-token distribution.
package struct SignalNeeds: Equatable, Sendable {
    /// `Signals.hidden`.
    package var hidden: Bool
    /// `Signals.layers`: after how many layers the residual stream is looked at.
    package var layers: Set<Int>
    /// How many of `Signals.top`.
    package var top: Int
    /// Both models' whole distributions, to be compared.
    package var divergence: Bool

    /// Nothing unless told otherwise.
    package init(
        hidden: Bool = false, layers: Set<Int> = [], top: Int = 0, divergence: Bool = false
    ) {
        self.hidden = hidden
        self.layers = layers
        self.top = top
        self.divergence = divergence
    }

    /// Nothing.
    package static let none = SignalNeeds()

    /// What either needs.
    package func union(_ other: SignalNeeds) -> SignalNeeds {
        SignalNeeds(
            hidden: hidden || other.hidden, layers: layers.union(other.layers),
            top: max(top, other.top), divergence: divergence || other.divergence)
    }

    /// Whether what others need is among this.
    package func holds(_ other: SignalNeeds) -> Bool { union(other) == self }
}
