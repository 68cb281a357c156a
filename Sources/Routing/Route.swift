/// Which model writes a token.
public enum Route: UInt8, Sendable, CaseIterable {
    case slm = 0
    case llm = 1
}
