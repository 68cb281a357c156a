enum MathComparison {
    /// Whether an answer so read is the same as a gold answer so read.
    static func isSame(_ answer: MathReading, _ gold: MathReading) -> Bool {
        if let a = answer.meridiem, let b = gold.meridiem, a != b { return false }
        if !answer.tokens.isEmpty, answer.tokens == gold.tokens { return true }
        if answer.isWords || gold.isWords, !gold.words.isEmpty, answer.words == gold.words {
            return true
        }
        guard let a = answer.expression, let b = gold.expression else { return false }
        return isSame(a, b)
    }

    private static func isSame(_ answer: MathExpression, _ gold: MathExpression) -> Bool {
        if isSameForm(answer, gold) { return true }
        switch (answer.assignments, gold.assignments) {
        case (let a?, let b?): return isSamePairs(a, b)
        // "x = 2, y = 3" answers what "(2, 3)" does.
        case (let a?, nil) where isSameForm(tuple(a), gold): return true
        case (nil, let b?) where isSameForm(answer, tuple(b)): return true
        default: break
        }
        // "x = 5" answers what "5" does, but not what "y = 5" does.
        switch (answer.assignment, gold.assignment) {
        case (let assigned?, nil): return isSameForm(assigned.value, gold) || isAsked(answer, gold)
        case (nil, let assigned?): return isSameForm(answer, assigned.value)
        case (nil, nil): return isAsked(answer, gold)
        case (.some, .some): return false
        }
    }

    private static func isSameForm(_ a: MathExpression, _ b: MathExpression) -> Bool {
        guard let a = MathForm(a), let b = MathForm(b) else { return false }
        return a == b
    }

    /// "a + b = 12" answers what "12" does, unless the gold answer is an equation itself.
    private static func isAsked(_ answer: MathExpression, _ gold: MathExpression) -> Bool {
        if case .relation = gold { return false }
        return answer.askedValue.map { isSameForm($0, gold) } ?? false
    }

    private typealias Pair = (name: MathExpression, value: MathExpression)

    private static func tuple(_ pairs: [Pair]) -> MathExpression {
        .ordered(open: "(", pairs.map(\.value), close: ")")
    }

    /// Whether the same names have the same values, in any order.
    private static func isSamePairs(_ a: [Pair], _ b: [Pair]) -> Bool {
        let forms = { (pairs: [Pair]) in
            MathForm(.unordered(pairs.map { .relation([$0.name, $0.value], ["="]) }))
        }
        guard let a = forms(a), let b = forms(b) else { return false }
        return a == b
    }
}
