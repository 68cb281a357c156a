/// Versions that results carry.
package enum ProgramVersion {
    /// Of the command.
    package static let text = "0.1.0"
    /// Of everything between a prompt and a text: tokenizer, chat format, kernels, policies. Part of every cell's key; raised,
    /// with a line in CHANGELOG.md, by a change that alters any token.
    static let decoder = 2
}
