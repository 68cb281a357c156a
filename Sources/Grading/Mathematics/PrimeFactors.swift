/// The prime factors of a positive integer, as far as trial division up to 100,000 finds them.
enum PrimeFactors {
    /// Each factor and how often it divides, ascending; what remains counts as one factor, which is
    /// prime if it is below 10^10. None for 1. At most 100,000 divisions.
    static func of(_ integer: Int) -> [(prime: Int, count: Int)] {
        var factors: [(prime: Int, count: Int)] = []
        var rest = integer
        var divisor = 2
        while divisor <= 100_000, divisor * divisor <= rest {
            var count = 0
            while rest.isMultiple(of: divisor) {
                rest /= divisor
                count += 1
            }
            if count > 0 { factors.append((divisor, count)) }
            divisor += 1
        }
        if rest > 1 { factors.append((rest, 1)) }
        return factors
    }
}
