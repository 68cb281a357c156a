import Foundation
import Generation
import Inference
import ModelSupport
import Routing
import Testing

@testable import Training

/// Walks along L's answers, over models without weights, whose every reading is known beforehand.
struct JudgeWalkTests {
    private static let small = FakeModel.Character(seed: 1)
    private static let large = FakeModel.Character(seed: 2)
    private static let end: Int32 = 7
    private static let most = 24

    /// In memory; fails at a chosen item, as a process does that is killed.
    private final class Shelf: LabelStorage {
        struct Cut: Error {}
        private(set) var items: [String: Data] = [:]
        private(set) var stored: [String] = []
        var left = Int.max

        func item(_ name: String, in series: String) -> Data? { items["\(series)|\(name)"] }
        func store(_ data: Data, as name: String, in series: String) throws {
            guard left > 0 else { throw Cut() }
            left -= 1
            items["\(series)|\(name)"] = data
            stored.append("\(series)|\(name)")
        }
    }

    private static func sum(_ tokens: [Int32]) -> Int { tokens.reduce(0) { $0 + Int($1) } }

    /// Answers whose tokens have an even sum are right; what they come out as is the sum's rest by 6.
    private func questions(_ count: Int32 = 10) -> [TrainingQuestion] {
        (0..<count).map { number in
            TrainingQuestion(
                id: "q\(number)", prompt: [number, 3, 11], solution: nil,
                isRight: { Self.sum($0).isMultiple(of: 2) },
                extracted: { "\(Self.sum($0) % 6)" })
        }
    }

    /// L alone behind some tokens of an answer.
    private func goesOn(_ prompt: [Int32], _ answer: [Int32]) -> [Int32] {
        var answer = answer
        while answer.count < Self.most, answer.last != Self.end {
            answer.append(Self.large.reading(after: prompt + answer).argmax)
        }
        return answer
    }

    /// The walk by the plainest loop.
    private func expected(
        _ question: TrainingQuestion, _ substitution: JudgePlan.Substitution
    ) -> (changes: [JudgedChange], text: [Int32]) {
        var text = goesOn(question.prompt, [])
        let own = question.extracted(text)
        var changes: [JudgedChange] = []
        var position = 0
        while position < text.count {
            let before = Array(text[..<position])
            let token = Self.small.reading(after: question.prompt + before).argmax
            if token != text[position] {
                let changed = goesOn(question.prompt, before + [token])
                let change = JudgedChange(
                    position: position, slmToken: token, llmToken: text[position],
                    rightBefore: question.isRight(text), rightAfter: question.isRight(changed),
                    sameBefore: question.extracted(text) == own,
                    sameAfter: question.extracted(changed) == own,
                    rolloutTokens: changed.count - position - 1)
                changes.append(change)
                let isHarmful = change.rightBefore && !change.rightAfter
                if substitution == .sequence, !isHarmful { text = changed }
            }
            position += 1
        }
        return (changes, text)
    }

    private func walker(
        _ shelf: Shelf, _ substitution: JudgePlan.Substitution, batch: Int = 4,
        memory: Int = .max
    ) -> JudgeWalker {
        JudgeWalker(
            Pair(
                slm: AnyModel(FakeModel(Self.small)),
                llm: AnyModel(FakeModel(Self.large, memory: memory))),
            options: .init(maxTokens: Self.most, endTokens: [Self.end], batch: batch),
            store: shelf, substitution: substitution, writer: "llm", slmSha256: "s")
    }

    private func begun(
        _ questions: [TrainingQuestion], _ substitution: JudgePlan.Substitution
    ) -> [JudgeWalk] {
        questions.map {
            JudgeWalk($0, along: goesOn($0.prompt, []), substitution: substitution)
        }
    }

    private func check(
        _ walks: [JudgeWalk], _ substitution: JudgePlan.Substitution
    ) {
        for walk in walks {
            let expected = expected(walk.question, substitution)
            #expect(walk.changes == expected.changes, "\(walk.question.id)")
            #expect(walk.text == expected.text)
        }
    }

    @Test(arguments: JudgePlan.Substitution.allCases, [1, 3, 32])
    func aWalkIsThatOfThePlainestLoop(
        substitution: JudgePlan.Substitution, batch: Int
    ) throws {
        let walks = begun(questions(), substitution)
        let shelf = Shelf()
        let walked = try walker(shelf, substitution, batch: batch).run(walks)
        check(walked, substitution)
        let all = walked.flatMap(\.changes)
        for kind in ChangeClass.allCases {
            #expect(all.contains { $0.changeClass == kind }, "\(kind) never occurs: a weak test")
        }
        // Nothing twice, neither in one run nor in the next.
        #expect(Set(shelf.stored).count == shelf.stored.count)
        let again = walker(shelf, substitution)
        #expect(try again.run(walks).map(\.changes) == walked.map(\.changes))
        #expect(again.rollouts == 0)
    }

    /// Where memory holds only some texts, the rest wait.
    @Test(arguments: [60, 90, 150])
    func littleMemoryChangesNothing(memory: Int) throws {
        let walks = begun(questions(), .sequence)
        check(try walker(Shelf(), .sequence, batch: 8, memory: memory).run(walks), .sequence)
    }

    /// The first change of a question is the same in both kinds of walk, and made once.
    @Test func bothWalksShareTheirContinuations() throws {
        let shelf = Shelf()
        _ = try walker(shelf, .sequence).run(begun(questions(), .sequence))
        let isolated = walker(shelf, .isolated)
        let walked = try isolated.run(begun(questions(), .isolated))
        check(walked, .isolated)
        #expect(isolated.rollouts < walked.reduce(0) { $0 + $1.changes.count })
    }

    /// Killed at any item that is stored, and run again: the same labels, and no continuation twice.
    @Test(arguments: JudgePlan.Substitution.allCases)
    func goesOnWhereItWasCut(substitution: JudgePlan.Substitution) throws {
        let questions = questions(4)
        let whole = Shelf()
        _ = try walker(whole, substitution).run(begun(questions, substitution))
        #expect(whole.stored.count > 12)
        for count in 0..<whole.stored.count {
            let shelf = Shelf()
            shelf.left = count
            #expect(throws: Shelf.Cut.self) {
                try walker(shelf, substitution).run(begun(questions, substitution))
            }
            shelf.left = .max
            check(try walker(shelf, substitution).run(begun(questions, substitution)), substitution)
            #expect(shelf.stored.count == whole.stored.count)
            #expect(Set(shelf.stored) == Set(whole.stored))
        }
    }

    /// A grader that has changed sends a stored walk another way, along stored continuations as far as they go.
    @Test func storedWalksAreGradedAnew() throws {
        let shelf = Shelf()
        _ = try walker(shelf, .sequence).run(begun(questions(), .sequence))
        let others = questions().map {
            TrainingQuestion(
                id: $0.id, prompt: $0.prompt, solution: nil,
                isRight: { Self.sum($0).isMultiple(of: 3) }, extracted: $0.extracted)
        }
        check(try walker(shelf, .sequence).run(begun(others, .sequence)), .sequence)
    }

    // MARK: - What a judge sees

    /// Places as the engine shows them to a judge, which lets all of them stay.
    private final class Seen: @unchecked Sendable {
        // One thread.
        var places: [JudgedPlace] = []
    }

    /// What training sees of a place is what the engine sees there, but for drafts that it has not made.
    @Test(arguments: [1, 2, 4, 9])
    func viewsAreWhatTheEngineSees(draft: Int) throws {
        let needs = Pair(
            slm: SignalNeeds(hidden: true), llm: SignalNeeds(hidden: true, divergence: true))
        let models = Pair(
            slm: AnyModel(FakeModel(Self.small)), llm: AnyModel(FakeModel(Self.large)))
        let options = Generator<AnyModel>.Options(
            maxTokens: Self.most, endTokens: [Self.end], batch: 4)
        for question in questions(6) {
            let seen = Seen()
            let judge = JudgeScore(sha256: "j", needs: needs) { place in
                seen.places.append(place)
                return 0
            }
            let policy = RoutingPolicy(
                stop: .never, keep: KeepRule(.judge(judge, below: 0.5)),
                drafts: DraftSource(most: draft))
            var text: [Int32] = []
            var waiting = [
                Request(question: question.id, prompt: question.prompt, lanes: [Lane(policy)])
            ][...]
            try Generator(models, options: options).run(
                next: { waiting.popFirst() },
                report: { _, _, outcome in
                    if case .finished(let trace) = outcome { text = trace.tokens }
                })
            #expect(!seen.places.isEmpty)
            var walk = JudgeWalk(question, along: text, substitution: .isolated)
            for place in seen.places {
                _ = walk.change(
                    to: place.draft, at: place.position, Continuation(tokens: [], seconds: 0))
            }
            let views = try JudgeViews(
                models, options: options, needs: needs, store: Shelf(), writer: "w",
                slmSha256: "s"
            ).places(of: [walk])[0]
            #expect(views.count == seen.places.count)
            for (view, place) in zip(views, seen.places) {
                #expect(place.agreements.count < draft)
                var view = view
                view.agreements = Array(view.agreements.prefix(place.agreements.count))
                #expect(view == place)
            }
        }
    }

    /// Walks side by side, and in little memory, are seen as they are one by one.
    @Test func viewsOfManyWalksAreThoseOfEach() throws {
        let walks = try walker(Shelf(), .sequence).run(begun(questions(20), .sequence))
        let needs = Pair(
            slm: SignalNeeds(hidden: true), llm: SignalNeeds(hidden: true, divergence: true))
        let options = Generator<AnyModel>.Options(
            maxTokens: Self.most, endTokens: [Self.end], batch: 4)
        func views(_ walks: [JudgeWalk], memory: Int) throws -> [[JudgedPlace]] {
            try JudgeViews(
                Pair(
                    slm: AnyModel(FakeModel(Self.small)),
                    llm: AnyModel(FakeModel(Self.large, memory: memory))),
                options: options, needs: needs, store: Shelf(), writer: "w", slmSha256: "s"
            ).places(of: walks)
        }
        let alone = try walks.flatMap { try views([$0], memory: .max) }
        #expect(alone.map(\.count) == walks.map(\.changes.count))
        #expect(try views(walks, memory: .max) == alone)
        // As much as the walk that wants most; eight want more.
        let least = try #require(
            stride(from: 50, to: 20_000, by: 50).first { memory in
                walks.allSatisfy { (try? views([$0], memory: memory)) != nil }
            })
        #expect(try views(walks, memory: least) == alone)
    }

    /// Judges that are trained together ask the models once, whatever each of them sees.
    @Test func judgesTrainedTogetherShareTheirViews() throws {
        let groups: [[RouterInput]] = [
            JudgePlan.defaultInputs, [.slmHidden], [.llmHidden], [.entropies],
        ]
        let together = Pair(
            slm: SignalNeeds(hidden: true), llm: SignalNeeds(hidden: true, divergence: true))
        let shelf = Shelf()
        var series: Set<String> = []
        for inputs in groups {
            let shared = try training(shelf, inputs: inputs, together: together).run().router
            let alone = try training(Shelf(), inputs: inputs).run().router
            #expect(RouterFile.data(of: shared) == RouterFile.data(of: alone))
            series.formUnion(
                shelf.stored.filter { $0.hasPrefix("judge view") }
                    .compactMap { $0.split(separator: "|").first.map(String.init) })
        }
        #expect(series.count == 1)
    }

    // MARK: - From labels to a judge

    private func training(
        _ shelf: Shelf, question: JudgePlan.Question = .right, inputs: [RouterInput]? = nil,
        substitution: JudgePlan.Substitution = .sequence, count: Int32 = 20,
        questions: [TrainingQuestion]? = nil, together: Pair<SignalNeeds>? = nil
    ) -> JudgeTraining {
        let plan = JudgePlan(
            name: "j", question: question, substitution: substitution,
            inputs: inputs ?? JudgePlan.defaultInputs, limit: Int(count), seed: 3)
        let sources = LabelSources(
            models: Pair(
                slm: AnyModel(FakeModel(Self.small)), llm: AnyModel(FakeModel(Self.large))),
            options: .init(maxTokens: Self.most, endTokens: [Self.end], batch: 8),
            questions: questions ?? self.questions(count), store: shelf, slmSha256: "s",
            needs: .none,
            canonical: { $0.policy.name })
        let costs = ModelCosts(
            bodyParameters: 100, outputParameters: 10, attentionPerPosition: 0, weightBytes: 1000,
            kvBytesPerToken: 2)
        return JudgeTraining(
            plan: plan, sources: sources, costs: Pair(both: costs),
            hashes: Pair(slm: "s", llm: "l"),
            data: TrainedOn(dataSet: "sums", sha256: "d", questions: Int(count)),
            features: RouterFeatures(inputs: plan.inputs, widths: Pair(both: 1), llmLayer: nil),
            together: together, classes: { [TokenClass](repeating: .word, count: 20) })
    }

    @Test(arguments: JudgePlan.Question.allCases, JudgePlan.Substitution.allCases)
    func labelsSayWhatTheWalksSay(
        question: JudgePlan.Question, substitution: JudgePlan.Substitution
    ) throws {
        let trained = try training(Shelf(), question: question, substitution: substitution).run()
        var changes: [String: JudgedChange] = [:]
        for item in questions(20) {
            for change in expected(item, substitution).changes {
                changes["\(item.id) \(change.position)"] = change
            }
        }
        for label in trained.labels {
            let change = try #require(changes["\(label.question) \(label.position)"])
            let isHarmful =
                question == .right
                ? change.rightBefore && !change.rightAfter : !change.sameAfter
            #expect(label.label == (isHarmful ? 0 : 1))
            #expect(label.slmRight == change.rightAfter && label.llmRight == change.rightBefore)
            #expect(question == .right || change.sameBefore)
        }
        let known = changes.values.filter { question == .right || $0.sameBefore }
        #expect(trained.labels.count == known.count)
        #expect(trained.rounds[0].rollouts == changes.count)
        // The harmful ones of the held-out questions, by the router as it is saved.
        let lost = trained.labels.filter { $0.isHeldOut && $0.label == 0 }.map(\.score).sorted()
        #expect(trained.router.quantiles.map(Double.init) == lost)
        let held = Set(trained.labels.filter(\.isHeldOut).map(\.question))
        #expect(held.isDisjoint(with: trained.labels.filter { !$0.isHeldOut }.map(\.question)))
    }

    @Test func theSameBytesAgainAndWithEveryInput() throws {
        let inputs: [RouterInput] = JudgePlan.defaultInputs + [.slmHidden, .llmHidden]
        let shelf = Shelf()
        let first = try training(shelf, inputs: inputs).run().router
        let stored = shelf.stored.count
        let second = try training(shelf, inputs: inputs).run().router
        #expect(shelf.stored.count == stored)
        let data = RouterFile.data(of: first)
        #expect(RouterFile.data(of: second) == data)
        #expect(try RouterFile.router(from: data) == first)
        #expect(first.isJudge && first.features.llmWidth == 1 && first.features.hiddenWidth == 1)
        // A group alone.
        for input in inputs {
            let alone = try training(shelf, inputs: [input]).run().router
            #expect(alone.features.inputs == [input])
        }
        // Answers and continuations are asked for once; views once a choice of states.
        let again = shelf.stored.dropFirst(stored)
        #expect(again.allSatisfy { $0.hasPrefix("judge view") })
    }

    /// A grader that finds nothing right has nothing to lose.
    @Test func nothingHarmfulTeachesNothing() {
        let wrong = questions().map {
            TrainingQuestion(
                id: $0.id, prompt: $0.prompt, solution: nil, isRight: { _ in false })
        }
        #expect(throws: NoLabels.self) { try training(Shelf(), questions: wrong).run() }
    }
}
