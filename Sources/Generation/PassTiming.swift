package import Routing

/// One forward pass of a run, as it was: for an account of where the time of answers goes.
package struct PassTiming: Sendable {
    /// Whose pass it was.
    package let model: Route
    /// Tokens that were read, of all texts of the pass.
    package let tokens: Int
    /// Distributions that were computed.
    package let readings: Int
    /// Tokens that the texts held before, on average.
    package let context: Int
    /// Wall-clock.
    package let seconds: Double
}
