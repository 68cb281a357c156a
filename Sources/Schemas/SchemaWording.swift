extension Schema {
    /// What is expected, in words: `a whole number of at least 1`.
    package var expectation: String {
        switch self {
        case .text(let kind): return kind
        case .choice(let words): return Self.enumeration(words)
        case .integer(let range):
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): return "a whole number"
            case (let low, .max): return "a whole number of at least \(low)"
            case (.min, let high): return "a whole number of at most \(high)"
            case (let low, let high): return "a whole number from \(low) to \(high)"
            }
        case .number(let range):
            switch (range.low.isFinite, range.high.isFinite) {
            case (false, false): return "a finite number"
            case (true, false): return "a number of at least \(Self.short(range.low))"
            case (false, true): return "a number of at most \(Self.short(range.high))"
            case (true, true):
                return "a number from \(Self.short(range.low)) to \(Self.short(range.high))"
            }
        case .flag: return "true or false"
        case .list(let element, let least):
            let length = least > 0 ? " of at least \(least)" : ""
            return "a list\(length), each \(element.expectation)"
        case .axis(let element): return "\(element.expectation), or a list of such"
        case .mapping(let all):
            let keys = all.filter { $0.refusal == nil }
            return "a mapping with the \(keys.count == 1 ? "key" : "keys") "
                + Self.enumeration(keys.map(\.name), last: "and")
        case .dictionary(_, let kind): return "a mapping from \(kind)"
        case .variant(let variants, let kind):
            return "a \(kind): \(Self.enumeration(variants.map(\.name)))"
        case .either(let first, let second):
            return "\(first.expectation), or \(second.expectation)"
        }
    }

    /// How it is written, in short: `{ ratio: … }`.
    var outline: String {
        switch self {
        case .mapping(let keys):
            let required = keys.filter(\.isRequired)
            let shown = required.isEmpty ? keys.filter { $0.refusal == nil } : required
            return "{ " + shown.map { "\($0.name): …" }.joined(separator: ", ") + " }"
        case .either(let first, _): return first.outline
        default: return expectation
        }
    }

    static func short(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
}
