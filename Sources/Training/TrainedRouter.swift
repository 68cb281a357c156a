import Platform
package import Routing

/// A router and how it came about.
package struct TrainedRouter {
    /// As specs name it.
    package let name: String
    /// What is written to its file.
    package let router: Router
    /// In order; one where nothing is rolled out.
    package let rounds: [RoundResult]
    /// Of the last round.
    package let labels: [KeptLabel]
    /// For people.
    package let summary: String
}

/// What questions a router learned from.
package struct TrainedOn {
    package let dataSet: String
    /// Of the data set's split.
    package let sha256: String
    /// How many.
    package let questions: Int

    package init(dataSet: String, sha256: String, questions: Int) {
        self.dataSet = dataSet
        self.sha256 = sha256
        self.questions = questions
    }
}

/// What a round of training cost and gave.
package struct RoundResult {
    /// From 1.
    package let round: Int
    /// Tokens of the references.
    package let tokens: Int
    /// Of these, by the cases of docs/method.md, 1.3.
    package let case1: Int
    package let case2: Int
    package let case3: Int
    /// Texts that were continued to their ends.
    package let rollouts: Int
    /// The share of rolled-out labels that changed since the round before; nil in the first.
    package let churn: Double?
    /// Mean loss a label, in nats, on the questions that it learned from.
    package let trainingLoss: Double
    /// The same on those held out.
    package let validationLoss: Double
    /// The share of held-out labels that it is right about, 0...1.
    package let accuracy: Double
    /// Of answers, walks, rollouts and optimisation; of bytes no optimisation, of seconds no walks.
    package let flops: Int
    package let bytes: Int
    package let seconds: Double
}

/// A label that is kept with the router: one that was held out, for the router's quality, or rolled out, for the labels'.
package struct KeptLabel {
    package let question: String
    package let position: Int
    /// nil for a whole question.
    package let shortcut: Shortcut?
    /// The share of trials in which S's token was right, 0...1.
    package let label: Double
    /// How many tokens it stands for.
    package let weight: Double
    /// The router's.
    package let score: Double
    package let isHeldOut: Bool
    /// Whether the answers that go on from S's and from L's token are right; nil where they were not rolled out.
    package let slmRight: Bool?
    package let llmRight: Bool?
    /// Of a judge's label: what was put in, and what came of it.
    package var change: Change?

    /// What is known of a judge's label beside the grades.
    package struct Change {
        package let slmToken: Int32
        package let llmToken: Int32
        /// Whether the answer stayed L's own.
        package let isSame: Bool
        /// Tokens that L wrote behind S's.
        package let rolloutTokens: Int
    }
}

/// There is nothing to learn from.
package struct NoLabels: ReportableError, Equatable {
    package let router: String
    package let reason: String

    package var isBadInput: Bool { true }
    package var description: String { "router \(router) has nothing to learn: \(reason)" }
}
