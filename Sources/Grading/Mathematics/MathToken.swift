/// The smallest piece of a LaTeX answer that has a meaning of its own.
enum MathToken: Hashable, Sendable {
    /// Digits with at most one decimal point, without grouping, such as `1000.5` or `0.`.
    case number(String)
    /// A single letter.
    case symbol(Character)
    /// A command without its backslash, under its commonest name (`frac` for `dfrac`).
    case command(String)
    /// The content of a text command, or a unit written as a plain word; in lower case.
    case text(String)
    /// Any other sign, such as `+` or `(`; `\{` is `⦃`, `\}` is `⦄`, `\\` is `⏎`.
    case sign(Character)
}
