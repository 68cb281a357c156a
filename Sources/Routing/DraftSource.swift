/// Where S's drafts come from, and how many may wait for L (docs/method.md, 2.11).
package struct DraftSource: Equatable, Sendable {
    /// The most tokens of S that L has not read; nil: as many as the stop lets pass.
    package var most: Int?
    /// Tokens of the longest suffix that is looked up in the text so far; nil: S drafts alone.
    package var ngram: Int?

    package init(most: Int? = nil, ngram: Int? = nil) {
        self.most = most
        self.ngram = ngram
    }

    package static let plain = DraftSource()
}
