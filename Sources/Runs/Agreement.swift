import Foundation
import Generation
import Inference
import Platform
package import Servers
package import Tokenization

/// Where two ways of decoding greedily part: a server and our decoder, two servers, or one server asked so many and so many requests at a time.
///
/// Users of every engine ask this: does my server's greedy decoding equal itself in other batches, with its speculative decoding on, on other machines?
package struct Agreement {
    /// Who writes.
    package enum Side {
        case server(ServerConnection, atOnce: Int)
        /// A model that runs here.
        case here(LoadedModel)

        /// What a report calls it.
        package var name: String {
            switch self {
            case .server(let connection, let count):
                "\(connection.settings.address) (\(count) at a time)"
            case .here(let loaded): "citer, \(loaded.participant.identity.name)"
            }
        }
    }

    /// The first token of a text where both part.
    package struct Parting: Equatable {
        /// Its number among the tokens written, from 0.
        package let place: Int
        /// What each wrote there, and what it was chosen against; nil where a text had ended.
        package let first: WrittenToken?
        package let second: WrittenToken?

        /// The smaller of the two margins: how near to a tie the nearer side was; nil where nobody tells.
        package var margin: Float? {
            [first?.margin, second?.margin].compactMap(\.self).min()
        }
    }

    /// What came of one prompt.
    package struct Text: Equatable {
        /// Tokens that both wrote, up to the parting.
        package let equal: Int
        package let parting: Parting?
    }

    private let sides: (Side, Side)
    private let tokenizer: Tokenizer
    private let endTokens: Set<Int32>
    private let tokens: Int

    /// - Parameters:
    ///   - tokenizer: of both sides.
    ///   - tokens: how many each writes at most.
    package init(_ first: Side, _ second: Side, _ tokenizer: Tokenizer, tokens: Int) {
        sides = (first, second)
        self.tokenizer = tokenizer
        endTokens = tokenizer.endIDs
        self.tokens = tokens
    }

    /// Lets both write after all prompts.
    package func run(_ prompts: [[Int32]]) throws -> [Text] {
        let first = try texts(sides.0, prompts)
        let second = try texts(sides.1, prompts)
        return zip(first, second).map(Self.compare)
    }

    static func compare(_ first: [WrittenToken], _ second: [WrittenToken]) -> Text {
        let equal = zip(first, second).prefix { $0.token == $1.token }.count
        guard equal < max(first.count, second.count) else {
            return Text(equal: equal, parting: nil)
        }
        return Text(
            equal: equal,
            parting: Parting(
                place: equal, first: equal < first.count ? first[equal] : nil,
                second: equal < second.count ? second[equal] : nil))
    }

    private func texts(_ side: Side, _ prompts: [[Int32]]) throws -> [[WrittenToken]] {
        switch side {
        case .server(let connection, let count):
            return try connection.write(
                prompts, tokens: tokens, atOnce: count, vocabulary: tokenizer.vocabularyCount
            ).map(ended)
        case .here(let loaded):
            return try prompts.map { try Self.text(after: $0, by: loaded, tokens, endTokens) }
        }
    }

    /// Without what stands behind an end token, the end token itself included: some servers list it, some do not.
    private func ended(_ text: [WrittenToken]) -> [WrittenToken] {
        Array(text.prefix { !endTokens.contains($0.token) })
    }

    private static func text(
        after prompt: [Int32], by loaded: LoadedModel, _ most: Int, _ endTokens: Set<Int32>
    ) throws -> [WrittenToken] {
        let sequence = loaded.model.makeSequence()
        var text: [WrittenToken] = []
        var unread = prompt
        while text.count < most, sequence.length + unread.count < loaded.model.contextLength {
            try Interruption.check()
            let readings = try loaded.model.forward([Segment(sequence, unread)])
            guard let reading = readings.first?.first, !endTokens.contains(reading.argmax) else {
                break
            }
            text.append(WrittenToken(reading))
            unread = [reading.argmax]
        }
        return text
    }
}
