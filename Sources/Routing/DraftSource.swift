package import Hashing

/// Where S's tokens come from that L has not read, and how many there may be (docs/method.md, 2.11).
package struct DraftSource: Equatable, Sendable {
    /// The most tokens at the end of a text that L has not read: then it is asked, whatever the stop says. Where it keeps all, it just writes the next one.
    package var most: Int?
    /// Drafts that no model is asked for (prompt lookup decoding: Saxena 2023, github.com/apoorvumang/prompt-lookup-decoding): of the text's last `ngram`
    /// tokens, else of one less, down to the last one alone, what followed where they stood before, the latest time. S drafts where they never did.
    ///
    /// The stop is not asked about such a draft, and S has no word on it: rules that compare both models' distributions keep it only where it is L's favourite.
    package var ngram: Int?
    /// The tokens that S chooses among, its output matrix being trimmed to them (Zhao et al. 2025, "FR-Spec"); nil: all.
    package var rows: TokenRows?

    package init(most: Int? = nil, ngram: Int? = nil, rows: TokenRows? = nil) {
        precondition(most ?? 1 > 0 && ngram ?? 1 > 0, "lengths from 1 on")
        self.most = most
        self.ngram = ngram
        self.rows = rows
    }

    /// S over its whole vocabulary, until the stop says so.
    package static let plain = DraftSource()

    /// The most tokens in a stretch with n-grams that has no other limit: copied text may go on for ever.
    package static let longestCopy = 16

    /// The most tokens in a stretch; nil: there is no limit.
    package var longest: Int? { most ?? (ngram == nil ? nil : Self.longestCopy) }
}
