import GGUF

/// Reads the keys that GGUF prefixes with the architecture, such as `qwen2.block_count`.
///
/// Strict in both directions: a value of another type than its key has is an error, never a default,
/// and so is a key that nobody asked for, since it may change the model's arithmetic.
struct ModelKeys {
    private let metadata: GGUFMetadata
    private let prefix: String
    private var asked: Set<String> = []

    init(_ metadata: GGUFMetadata, architecture: Architecture) {
        self.metadata = metadata
        prefix = "\(architecture.rawValue)."
    }

    /// The whole key.
    func name(_ suffix: String) -> String { prefix + suffix }

    /// An integer in a range, stored as an integer of any width.
    mutating func integer(
        _ suffix: String, in range: ClosedRange<Int>, multipleOf step: Int = 1
    ) throws(ModelError) -> Int? {
        guard let value = value(suffix) else { return nil }
        guard let number = metadata.integer(name(suffix)) else {
            throw .invalid(key: name(suffix), found: "\(value)", expected: "an integer")
        }
        return try check(suffix, number, in: range, multipleOf: step)
    }

    /// An integer that must be there, or else has a default.
    mutating func integer(
        _ suffix: String, in range: ClosedRange<Int>, multipleOf step: Int = 1,
        default fallback: Int?
    ) throws(ModelError) -> Int {
        if let found = try integer(suffix, in: range, multipleOf: step) { return found }
        guard let fallback else { throw .missing(key: name(suffix)) }
        return try check(suffix, fallback, in: range, multipleOf: step)
    }

    /// An integer that some files give once for each layer; the layers must agree.
    mutating func uniform(
        _ suffix: String, layers: Int, in range: ClosedRange<Int>, multipleOf step: Int = 1,
        default fallback: Int? = nil
    ) throws(ModelError) -> Int {
        guard case .numbers(let array)? = value(suffix) else {
            return try integer(suffix, in: range, multipleOf: step, default: fallback)
        }
        guard let numbers = array.integers, let first = numbers.first, numbers.count == layers,
            numbers.allSatisfy({ $0 == first })
        else {
            throw .unsupported(
                key: name(suffix), found: Self.list(array),
                expected: "one integer, or the same one for each of the \(layers) layers")
        }
        return try check(suffix, first, in: range, multipleOf: step)
    }

    /// A finite number in a range, stored as a float or an integer.
    mutating func number(
        _ suffix: String, in range: ClosedRange<Double>
    ) throws(ModelError) -> Double? {
        guard let value = value(suffix) else { return nil }
        guard let number = metadata.double(name(suffix)) else {
            throw .invalid(key: name(suffix), found: "\(value)", expected: "a number")
        }
        guard range.contains(number) else {
            throw .invalid(
                key: name(suffix), found: "\(number)",
                expected: "\(Self.short(range.lowerBound)) to \(Self.short(range.upperBound))")
        }
        return number
    }

    mutating func text(_ suffix: String) throws(ModelError) -> String? {
        guard let value = value(suffix) else { return nil }
        guard let text = metadata.string(name(suffix)) else {
            throw .invalid(key: name(suffix), found: "\(value)", expected: "a text")
        }
        return text
    }

    /// One truth value a layer, or nil where the key holds something else.
    mutating func truths(_ suffix: String) -> [Bool]? {
        guard case .numbers(let array)? = value(suffix) else { return nil }
        return array.bools
    }

    /// A key that must be absent or say that nothing of its kind is asked for.
    ///
    /// - Parameter neutral: the numbers, or for a truth value 0 or 1, that mean so.
    mutating func expectNeutral(
        _ suffix: String, _ neutral: [Double]
    ) throws(ModelError) {
        guard let value = value(suffix) else { return }
        let found: Double? =
            if case .bool(let truth) = value { truth ? 1 : 0 } else {
                metadata.double(name(suffix))
            }
        guard let found, neutral.contains(found) else {
            let isTruth = if case .bool = value { true } else { false }
            throw .unsupported(
                key: name(suffix), found: "\(value)",
                expected: neutral.map { isTruth ? "\($0 != 0)" : Self.short($0) }
                    .joined(separator: " or ") + ", or no such key")
        }
    }

    /// A key whose value says nothing about arithmetic.
    mutating func ignore(_ suffix: String) { asked.insert(suffix) }

    /// That every key of the architecture was asked for.
    func expectNoMore() throws(ModelError) {
        for key in metadata.keys where key.hasPrefix(prefix) {
            guard asked.contains(String(key.dropFirst(prefix.count))) else {
                throw .unknownKey(key, found: metadata[key].map { "\($0)" } ?? "")
            }
        }
    }

    private mutating func value(_ suffix: String) -> GGUFValue? {
        asked.insert(suffix)
        return metadata[name(suffix)]
    }

    private func check(
        _ suffix: String, _ value: Int, in range: ClosedRange<Int>, multipleOf step: Int
    ) throws(ModelError) -> Int {
        guard range.contains(value), value.isMultiple(of: step) else {
            let steps = step > 1 ? ", a multiple of \(step)" : ""
            throw .invalid(
                key: name(suffix), found: "\(value)",
                expected: "\(range.lowerBound) to \(range.upperBound)\(steps)")
        }
        return value
    }

    /// The first values of an array, for a message.
    private static func list(_ array: GGUFNumberArray) -> String {
        guard let numbers = array.doubles else { return "an array of truth values" }
        let shown = numbers.prefix(8).map(short).joined(separator: ", ")
        return numbers.count > 8 ? "[\(shown), ...] (\(numbers.count) values)" : "[\(shown)]"
    }

    /// A whole number without ".0".
    private static func short(_ number: Double) -> String {
        Int(exactly: number).map { "\($0)" } ?? "\(number)"
    }
}
