/// Which of a pair's two models: the one that writes a token, or the one that makes a pass.
package enum Route: UInt8, Sendable, CaseIterable {
    case slm = 0
    case llm = 1

    /// What specs call it.
    package var name: String { self == .slm ? "slm" : "llm" }
}
