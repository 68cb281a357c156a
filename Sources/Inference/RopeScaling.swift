import CKernels

/// How rotary angles are stretched for contexts longer than those that a model was first trained on.
enum RopeScaling: Equatable, Sendable {
    case none
    /// All frequencies are divided by the factor (Chen et al., arXiv:2306.15595).
    case linear(factor: Double)
    case yarn(Yarn)

    /// Slow frequencies are divided by the factor, fast ones are kept, those between are mixed, and attention becomes sharper
    /// (Peng et al., arXiv:2309.00071, sections 3.2 and 3.4; between fast and slow, linear in the pair's number, as in the authors' code).
    struct Yarn: Equatable, Sendable {
        let factor: Double
        /// Positions of the first training, L.
        let context: Int
        /// Turns within L above which a frequency is fast, and below which it is slow.
        let fast: Double, slow: Double
    }

    /// What each pair's frequency is divided by, (headSize / 2); nil: nothing.
    func divisors(headSize: Int, base: Double) -> [Float]? {
        switch self {
        case .none: return nil
        case .linear(let factor): return [Float](repeating: Float(factor), count: headSize / 2)
        case .yarn(let yarn):
            // The pair that turns so many times within L positions (equation 17 solved for the pair).
            func pair(turning turns: Double) -> Double {
                Double(headSize) * ck_log(Double(yarn.context) / (turns * 2 * Double.pi))
                    / (2 * ck_log(base))
            }
            let low = max(pair(turning: yarn.fast).rounded(.down), 0)
            let high = min(pair(turning: yarn.slow).rounded(.up), Double(headSize - 1))
            return (0..<headSize / 2).map { i in
                let slowness = min(max((Double(i) - low) / max(high - low, 0.001), 0), 1)
                return Float(1 / (slowness / yarn.factor + (1 - slowness)))
            }
        }
    }

    /// What queries and keys are multiplied by; attention's scores by its square.
    var magnitude: Float {
        guard case .yarn(let yarn) = self else { return 1 }
        return Float(0.1 * ck_log(yarn.factor) + 1)
    }

    /// Reads the keys of rotary scaling.
    ///
    /// - Parameter hasFactors: whether the file brings divisors of its own, Llama 3's, beside which no other scaling is defined.
    init(_ keys: inout ModelKeys, hasFactors: Bool) throws(ModelError) {
        let factorKey = keys.name("rope.scaling.factor")
        let typeKey = keys.name("rope.scaling.type")
        let oldKey = keys.name("rope.scale_linear")
        let sizes = 1.0...65_536.0
        let type = try keys.text("rope.scaling.type")
        let factor = try keys.number("rope.scaling.factor", in: sizes)
        // Its name before there were types.
        let old = try keys.number("rope.scale_linear", in: sizes)
        let fast = try keys.number("rope.scaling.yarn_beta_fast", in: 1e-3...1e6) ?? 32
        let slow = try keys.number("rope.scaling.yarn_beta_slow", in: 1e-3...1e6) ?? 1
        let context = try keys.integer("rope.scaling.original_context_length", in: 1...16_777_216)
        let asks = type ?? "none" != "none" || old ?? 1 != 1
        guard !hasFactors || !asks || factor ?? old == 1 else {
            throw .unsupported(
                key: type == nil ? oldKey : typeKey,
                found: "\(type ?? "\(old ?? 1)") beside the tensor rope_freqs.weight",
                expected: "one way of scaling, not two")
        }
        switch type {
        case nil:
            // Readers disagree about a factor alone: some divide by it, some ignore it. No converter writes that.
            guard factor ?? 1 == 1 else {
                throw .invalid(
                    key: factorKey, found: "\(factor ?? 1) without a \(typeKey)",
                    expected: "the type (linear or yarn) beside it, which says what is divided")
            }
            self = old.map { .linear(factor: $0) } ?? .none
        case "none":
            for (key, value) in [(factorKey, factor), (oldKey, old)] where value ?? 1 != 1 {
                throw .invalid(
                    key: key, found: "\(value ?? 1) beside the type none", expected: "1")
            }
            self = .none
        case "linear":
            guard let found = factor ?? old else { throw .missing(key: factorKey) }
            guard old ?? found == found else {
                throw .invalid(
                    key: oldKey, found: "\(old ?? 1)", expected: "\(found), as \(factorKey)")
            }
            self = .linear(factor: found)
        case "yarn":
            guard let factor else { throw .missing(key: factorKey) }
            guard old == nil else {
                throw .invalid(
                    key: oldKey, found: "\(old ?? 1) beside the type yarn",
                    expected: "no such key")
            }
            guard let context else {
                throw .missing(key: keys.name("rope.scaling.original_context_length"))
            }
            guard slow < fast else {
                throw .invalid(
                    key: keys.name("rope.scaling.yarn_beta_slow"), found: "\(slow)",
                    expected: "less than yarn_beta_fast, \(fast)")
            }
            self = .yarn(Yarn(factor: factor, context: context, fast: fast, slow: slow))
        case .some(let other):
            throw .unsupported(key: typeKey, found: other, expected: "none, linear or yarn")
        }
        if isNeutral { self = .none }
    }

    private var isNeutral: Bool {
        switch self {
        case .none: true
        case .linear(let factor): factor == 1
        case .yarn(let yarn): yarn.factor == 1
        }
    }
}
