import Foundation
import Generation
import Hashing
import Inference
import Platform
import Routing

/// Walks L's answers, many side by side, each with one continuation on its way (docs/method.md, 2.10).
///
/// A walk needs one cache of each model: L's is taken back to the place where the next token is put in, so that a continuation reads nothing twice but the few
/// tokens between two places, and S's to where its text changed. Every continuation is stored when it ends, and every walk; what is stored is not made again.
/// A reading depends on its text alone, so a walk is the same whatever runs beside it, and after any interruption.
final class JudgeWalker {
    private let models: Pair<AnyModel>
    private let options: Generator<AnyModel>.Options
    private let store: any LabelStorage
    /// Names what decides L's continuations.
    private let series: (continuations: String, walks: String)
    private let context: Int
    /// Tokens that S reads ahead: places where it differs are about so far apart.
    private let stride = 16
    /// Made now, not found.
    private(set) var rollouts = 0
    private(set) var rolloutTokens = 0

    /// - Parameter writer: names what decides L's answers; `slmSha256` what decides S's.
    init(
        _ models: Pair<AnyModel>, options: Generator<AnyModel>.Options, store: any LabelStorage,
        substitution: JudgePlan.Substitution, writer: String, slmSha256: String
    ) {
        self.models = models
        self.options = options
        self.store = store
        series = (
            "continuation \(writer)",
            "judge walk \(substitution.rawValue) \(slmSha256) \(writer)"
        )
        context = min(models.slm.contextLength, models.llm.contextLength)
    }

    /// A walk on its way.
    private final class Course {
        let place: Int
        var walk: JudgeWalk
        /// S's first choice at each place of the text so far read.
        var said: [Int32] = []
        var caches: Pair<AnySequence?> = Pair(both: nil)
        /// Where S's token stands that L goes on from, and what it has written behind it.
        var branch: (position: Int, token: Int32)?
        var written: [Int32] = []
        var seconds = 0.0

        init(_ walk: JudgeWalk, place: Int) {
            self.walk = walk
            self.place = place
        }

        /// Prompt and text as far as L is to go on from it.
        var branched: [Int32] {
            guard let branch else { return [] }
            return walk.question.prompt + walk.branch(branch.token, at: branch.position) + written
        }
    }

    /// Walks to the end, in the order given.
    func run(_ walks: [JudgeWalk]) throws -> [JudgeWalk] {
        var walks = walks
        var open: [Int] = []
        for place in walks.indices {
            if let known = try stored(walks[place]) {
                walks[place] = known
            } else {
                open.append(place)
            }
        }
        let progress = WorkProgress("walked answers")
        progress.begin(answers: open.count)
        defer { progress.end() }
        var waiting = open[...]
        var room = max(options.batch, 1)
        var courses: [Course] = []
        while true {
            try Interruption.check()
            while courses.count < room, let place = waiting.popFirst() {
                courses.append(Course(walks[place], place: place))
            }
            guard !courses.isEmpty else { return walks }
            progress.writing(
                tokens: courses.reduce(0) { sum, course in
                    course.walk.changes.reduce(sum + course.written.count) {
                        $0 + $1.rolloutTokens
                    }
                })
            do {
                try search(courses)
                for course in courses where course.branch == nil {
                    try store.store(
                        JSONEncoder.sorted.encode(course.walk.changes),
                        as: course.walk.question.id, in: series.walks)
                    walks[course.place] = course.walk
                    progress.finished(
                        tokens: course.walk.changes.reduce(0) { $0 + $1.rolloutTokens })
                }
                courses.removeAll { $0.branch == nil }
                try goOn(courses)
            } catch GenerationError.memoryFull(let detail) {
                // The youngest gives its place up and begins again where its walk has come to.
                guard courses.count > 1, let youngest = courses.popLast() else {
                    throw GenerationError.memoryFull(detail)
                }
                walks[youngest.place] = youngest.walk
                waiting = [youngest.place] + waiting
                room = courses.count
            }
        }
    }

    // MARK: - S

    /// Lets S read on until every walk has a place for L to go on from, or is at its end: then it has no branch.
    private func search(_ courses: [Course]) throws {
        while true {
            var reading: [(course: Course, work: Work<AnySequence>)] = []
            for course in courses {
                if let work = try look(course) { reading.append((course, work)) }
            }
            guard !reading.isEmpty else { return }
            let read = try models.slm.read(reading.map(\.work))
            for ((course, _), readings) in zip(reading, read) {
                course.said += readings.map(\.argmax)
            }
        }
    }

    /// Goes on as far as it is known what S says; what it has to read where it is not.
    private func look(_ course: Course) throws -> Work<AnySequence>? {
        while course.branch == nil {
            let walk = course.walk
            guard walk.next < walk.text.count else { return nil }
            let known = walk.next..<max(min(course.said.count, walk.text.count), walk.next)
            if let position = known.first(where: { course.said[$0] != walk.text[$0] }) {
                let token = course.said[position]
                if let found = try stored(walk, token, at: position) {
                    change(course, to: token, at: position, found)
                } else if ends(after: token, count: position + 1, walk.question) {
                    try finish(course, position, token, [])
                } else {
                    course.branch = (position, token)
                }
            } else if known.upperBound == walk.text.count {
                course.walk.end()
            } else {
                return work(of: course)
            }
        }
        return nil
    }

    /// The next tokens of prompt and text that S has not read; of the last of all nothing is asked.
    private func work(of course: Course) -> Work<AnySequence> {
        let sequence = course.caches.slm ?? models.slm.makeSequence()
        course.caches.slm = sequence
        let prompt = course.walk.question.prompt
        let whole = prompt + course.walk.text.dropLast()
        // The reading before the first unknown place is that of the token before it.
        let start = prompt.count - 1 + course.said.count
        sequence.rewind(to: min(sequence.length, start))
        let end = min(max(start, prompt.count - 1) + stride, whole.count)
        return Work(
            sequence, Array(whole[sequence.length..<end]),
            read: Read(.from(start - sequence.length)))
    }

    // MARK: - L

    /// One pass of L: every walk's continuation grows by a token.
    private func goOn(_ courses: [Course]) throws {
        guard !courses.isEmpty else { return }
        let work = courses.map { course in
            let sequence = course.caches.llm ?? models.llm.makeSequence()
            course.caches.llm = sequence
            if let branch = course.branch, course.written.isEmpty {
                let before = course.walk.question.prompt.count + branch.position
                sequence.rewind(to: min(sequence.length, before))
            }
            return Work(sequence, Array(course.branched[sequence.length...]))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let readings = try models.llm.read(work)
        let tokens = work.reduce(0) { $0 + $1.tokens.count }
        let seconds = (clock.now - start) / .seconds(1) / Double(tokens)
        for (course, (work, readings)) in zip(courses, zip(work, readings)) {
            guard let token = readings.last?.argmax, let (position, own) = course.branch else {
                continue
            }
            course.seconds += seconds * Double(work.tokens.count)
            course.written.append(token)
            let count = position + 1 + course.written.count
            if ends(after: token, count: count, course.walk.question) {
                try finish(course, position, own, course.written)
            }
        }
    }

    /// Whether an answer ends with its token number `count`.
    private func ends(
        after token: Int32, count: Int, _ question: TrainingQuestion
    ) -> Bool {
        options.endTokens.contains(token) || count >= options.maxTokens
            || question.prompt.count + count >= context
    }

    // MARK: - Outcomes

    private func finish(
        _ course: Course, _ position: Int, _ token: Int32, _ tokens: [Int32]
    ) throws {
        let made = Continuation(tokens: tokens, seconds: course.seconds)
        try store.store(
            JSONEncoder.sorted.encode(made), as: item(course.walk, token, at: position),
            in: series.continuations)
        rollouts += 1
        rolloutTokens += tokens.count
        course.branch = nil
        course.written = []
        course.seconds = 0
        change(course, to: token, at: position, made, isRead: true)
    }

    /// The walk goes on behind a place; caches keep what is still the text.
    /// - Parameter isRead: whether L's cache holds the changed text, rather than the one before.
    private func change(
        _ course: Course, to token: Int32, at position: Int, _ continuation: Continuation,
        isRead: Bool = false
    ) {
        let prompt = course.walk.question.prompt.count
        let isKept = course.walk.change(to: token, at: position, continuation)
        if isKept != isRead, let llm = course.caches.llm {
            llm.rewind(to: min(llm.length, prompt + position))
        }
        guard isKept else { return }
        course.said.removeSubrange((position + 1)...)
        if let slm = course.caches.slm { slm.rewind(to: min(slm.length, prompt + position)) }
    }

    // MARK: - What is stored

    /// Names a branch of a question by all tokens up to it.
    private func item(_ walk: JudgeWalk, _ token: Int32, at position: Int) -> String {
        var hash = KeyedHash(seed: 0)
        for token in walk.branch(token, at: position) {
            hash.mix(UInt64(UInt32(bitPattern: token)))
        }
        let number = String(hash.value, radix: 16)
        return "\(walk.question.id)/\(position)/\(token)/\(number)"
    }

    private func stored(
        _ walk: JudgeWalk, _ token: Int32, at position: Int
    ) throws -> Continuation? {
        try store.item(item(walk, token, at: position), in: series.continuations).map {
            try JSONDecoder().decode(Continuation.self, from: $0)
        }
    }

    /// The walk to its end, as it was stored; nil where it was not, or where the grader has changed since so that it would go another way.
    private func stored(_ begun: JudgeWalk) throws -> JudgeWalk? {
        guard let data = try store.item(begun.question.id, in: series.walks) else { return nil }
        var walk = begun
        for change in try JSONDecoder().decode([JudgedChange].self, from: data) {
            guard walk.text.indices.contains(change.position),
                let found = try stored(walk, change.slmToken, at: change.position)
            else { return nil }
            _ = walk.change(to: change.slmToken, at: change.position, found)
            guard walk.changes.last == change else { return nil }
        }
        walk.end()
        return walk
    }
}

extension JSONEncoder {
    /// Equal values have equal bytes.
    static var sorted: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return encoder
    }
}
