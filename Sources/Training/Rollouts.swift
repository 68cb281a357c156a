package import Generation
import Hashing
package import Routing

/// A token put in a reference's place, from which a policy goes on alone.
package struct Branch: Hashable, Sendable {
    /// Of the reference's token that it replaces.
    package let position: Int
    /// What stands there instead.
    package let token: Int32

    /// A token at a position of the answer, from 0.
    package init(position: Int, token: Int32) {
        self.position = position
        self.token = token
    }

    /// At most `most` of the branches, drawn with a seed, in the order of their positions; each stands for `weight` of them
    /// (docs/method.md, 1.5).
    ///
    /// A larger `most` keeps the branches of a smaller one.
    package static func drawn(
        _ most: Int, of branches: [Branch], question: String, seed: UInt64
    ) -> (branches: [Branch], weight: Double) {
        guard branches.count > most, most > 0 else { return (most > 0 ? branches : [], 1) }
        let keyed = branches.map { branch in
            var hash = KeyedHash(seed: seed)
            hash.mix(question)
            hash.mix(UInt64(branch.position))
            hash.mix(UInt64(UInt32(bitPattern: branch.token)))
            return (key: hash.value, branch: branch)
        }
        let chosen = keyed.sorted { ($0.key, $0.branch.position) < ($1.key, $1.branch.position) }
            .prefix(most).map(\.branch).sorted { $0.position < $1.position }
        return (chosen, Double(branches.count) / Double(most))
    }
}

/// Continues references from other tokens to the end, in one continuous batch over questions (docs/method.md, 1.3, case 3).
///
/// A reference is read once for all of its branches: every continuation forks its caches where it leaves the reference.
package struct RolloutRunner<Model: NextTokenModel> {
    /// A question's reference, and where to leave it.
    package struct Work {
        let prefix: ReferenceWalker<Model>.Prefix
        let branches: [Branch]

        /// Branches of one question; the prefix must reach to the last of them.
        package init(_ prefix: ReferenceWalker<Model>.Prefix, _ branches: [Branch]) {
            self.prefix = prefix
            self.branches = branches
        }
    }

    /// A branch on its way.
    private struct Begun {
        let work: Work
        let branch: Branch
    }

    private let models: Pair<Model>
    private let options: Generator<Model>.Options
    private let policy: RoutingPolicy

    /// Continues under `policy`; `options.maxTokens` counts whole answers.
    package init(
        _ models: Pair<Model>, options: Generator<Model>.Options, policy: RoutingPolicy
    ) {
        self.models = models
        self.options = options
        self.policy = policy
    }

    /// Runs all branches of all work, and reports each one's whole answer: the reference up to the branch, its token, and what followed.
    /// - Returns: the passes that were made.
    package func run(
        next: () throws -> Work?, isCancelled: () -> Bool = { false },
        report: (_ question: String, Branch, Generator<Model>.Outcome, [Int32]) throws ->
            Void
    ) throws -> Throughput {
        let generator = try Generator(models, options: options)
        var waiting: [Begun] = []
        // By request; nil once reported, so that finished questions' caches go.
        var begun: [Begun?] = []
        try generator.run(
            next: {
                while waiting.isEmpty {
                    guard let work = try next() else { return nil }
                    waiting = work.branches.reversed().map { Begun(work: work, branch: $0) }
                }
                guard let item = waiting.popLast() else { return nil }
                begun.append(item)
                return request(for: item)
            },
            prefilled: { number in
                // All of the reference that stands before the branch's token.
                guard let item = begun[number] else { return nil }
                let prefix = item.work.prefix
                let known = known(to: item)
                return Pair { model in
                    let fork = prefix.caches[model].fork()
                    fork.rewind(to: known[model])
                    return fork
                }
            },
            isCancelled: isCancelled,
            report: { number, _, outcome in
                guard let item = begun[number] else { return }
                begun[number] = nil
                let prefix = item.work.prefix
                var answer = prefix.reference.prefix(item.branch.position) + [item.branch.token]
                if case .finished(let trace) = outcome { answer += trace.tokens }
                try report(prefix.question, item.branch, outcome, Array(answer))
            })
        return generator.throughput
    }

    /// Tokens that both models have read before the branch's own.
    private func known(to item: Begun) -> Pair<Int> {
        let prefix = item.work.prefix
        let length = prefix.prompt.count + item.branch.position
        return prefix.caches.map { min(length, $0.length) }
    }

    private func request(for item: Begun) -> Request {
        let prefix = item.work.prefix
        let answered = prefix.reference.prefix(item.branch.position) + [item.branch.token]
        return Request(
            question: prefix.question, prompt: prefix.prompt + answered, answered: answered.count,
            known: known(to: item), lanes: [Lane(policy)])
    }
}
