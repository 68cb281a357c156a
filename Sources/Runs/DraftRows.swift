package import Hashing
import Platform
import Routing
import Tokenization

/// The tokens that S drafts from when its output matrix is trimmed: the most frequent ones of training references (docs/method.md, 2.11).
package enum DraftRows {
    /// Why there is no list of so many tokens.
    package enum Problem: ReportableError, Equatable {
        case tooMany(Int, vocabulary: Int)
        case tooFew(Int, least: Int)
        /// Each model of a joint pair has an output matrix of its own tokens.
        case joint

        package var isBadInput: Bool { true }

        /// What was found and what to do.
        package var description: String {
            switch self {
            case .tooMany(let count, let vocabulary):
                "\(count) rows of an output matrix that has \(vocabulary), a token each"
            case .tooFew(let count, let least):
                "\(count) rows of an output matrix; expected at least \(least): the tokens of one byte and those that"
                    + " end a text are always among them"
            case .joint:
                "an output matrix can be trimmed for a pair of one vocabulary; this pair's were joined"
            }
        }
    }

    /// Exactly `count` tokens: those of `always`, then the most frequent ones, of equally frequent ones those of the lowest ids, then the lowest ids that are
    /// left, which merging made first.
    package static func list(
        of count: Int, in texts: some Sequence<[Int32]>, always: Set<Int32>, vocabulary: Int
    ) throws(Problem) -> TokenRows {
        guard count <= vocabulary else { throw .tooMany(count, vocabulary: vocabulary) }
        let least = max(always.count, 2)
        guard count >= least else { throw .tooFew(count, least: least) }
        var times = [Int](repeating: 0, count: vocabulary)
        for text in texts {
            for token in text { times[Int(token)] += 1 }
        }
        let rest = (0..<Int32(vocabulary)).filter { !always.contains($0) }
            .sorted { (times[Int($1)], $0) < (times[Int($0)], $1) }
        return TokenRows(always + rest.prefix(count - always.count))
    }

    /// The share of the texts' tokens that are in a list; nil if there are none.
    package static func coverage(
        of texts: some Sequence<[Int32]>, by rows: TokenRows
    ) -> Double? {
        let listed = Set(rows.ids)
        var (found, all) = (0, 0)
        for text in texts {
            all += text.count
            found += text.count { listed.contains($0) }
        }
        return all == 0 ? nil : Double(found) / Double(all)
    }
}

extension ModelPair {
    /// A list for this pair, from texts in its own tokens (`draftTokens`).
    package func draftRows(
        _ count: Int, of texts: some Sequence<[Int32]>
    ) throws(DraftRows.Problem) -> TokenRows {
        guard case .shared(let tokenizer) = vocabulary else { throw .joint }
        let bytes = (0..<Int32(vocabulary.count)).filter {
            tokenizer.bytes(of: $0).count == 1 && !tokenizer.isControl($0)
        }
        return try DraftRows.list(
            of: count, in: texts, always: endTokens.union(bytes), vocabulary: vocabulary.count)
    }

    /// The tokens of texts as an answer would have them: commands that are written in them are text.
    package func draftTokens(of texts: some Sequence<String>) -> [[Int32]] {
        texts.map { self[.llm].tokenizer.encode(continuing: $0) }
    }
}
