import Foundation
package import Generation
package import Routing

/// What the passes of some answers should take, from the times of such passes by themselves (docs/speed.md).
///
/// Answers are decoded one by one, so that a pass is of one text: `tokens` read at `context` positions, `readings` of them with a distribution. A pass's time
/// is taken to be linear in its context; prompts, which are all different, are taken from their own measured seconds.
package struct PassAccount {
    /// A kind of pass.
    package struct Kind: Hashable, Sendable, Comparable {
        /// Whose passes.
        package let model: Route
        /// Tokens read, of all texts of a pass.
        package let tokens: Int
        /// Distributions computed.
        package let readings: Int

        /// S's passes first, then by tokens, then by distributions.
        package static func < (a: Kind, b: Kind) -> Bool {
            (a.model == .slm ? 0 : 1, a.tokens, a.readings)
                < (b.model == .slm ? 0 : 1, b.tokens, b.readings)
        }
    }

    /// Passes of a kind: how many, what they took, and what they should have taken.
    package struct Line: Sendable {
        package let kind: Kind
        /// How many there were.
        package var passes = 0
        /// Seconds that they took.
        package var measured = 0.0
        /// Seconds that such passes took by themselves.
        package var predicted = 0.0
    }

    /// The contexts at which passes are timed by themselves.
    package static let contexts = [128, 512]

    /// Seconds of a pass by itself, at each of `contexts`.
    private var alone: [Kind: [[Double]]] = [:]
    private let times: (Kind, _ context: Int) throws -> Double

    /// - Parameter times: seconds of one pass of a kind at a context.
    package init(times: @escaping (Kind, _ context: Int) throws -> Double) { self.times = times }

    /// Times some kinds of passes, each `rounds` times at each context. What was measured before counts on, so that a run can be bracketed.
    package mutating func time(_ kinds: Set<Kind>, rounds: Int) throws {
        for _ in 0..<rounds {
            for kind in kinds.sorted() {
                for (index, context) in Self.contexts.enumerated() {
                    alone[kind, default: Self.contexts.map { _ in [] }][index]
                        .append(try times(kind, context))
                }
            }
        }
    }

    /// A pass's expected seconds; nil for a kind that was not timed.
    package func seconds(_ kind: Kind, context: Int) -> Double? {
        guard let found = alone[kind]?.map({ $0.sorted()[$0.count / 2] }) else { return nil }
        let share =
            Double(context - Self.contexts[0]) / Double(Self.contexts[1] - Self.contexts[0])
        return max(0, found[0] + share * (found[1] - found[0]))
    }

    /// The passes of a run by kind.
    package func lines(_ passes: [PassTiming]) -> [Line] {
        var lines: [Kind: Line] = [:]
        for pass in passes {
            let kind = Kind(pass)
            var line = lines[kind] ?? Line(kind: kind)
            line.passes += 1
            line.measured += pass.seconds
            line.predicted += seconds(kind, context: pass.context) ?? pass.seconds
            lines[kind] = line
        }
        return lines.values.sorted { $0.kind < $1.kind }
    }
}

extension PassAccount.Kind {
    package init(_ pass: PassTiming) {
        self.init(model: pass.model, tokens: pass.tokens, readings: pass.readings)
    }

    /// Whether it is of an answer, not of a prompt.
    package var isOfAnswer: Bool { tokens <= 64 }
}
