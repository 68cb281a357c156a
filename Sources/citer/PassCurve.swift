import Foundation

/// How long passes over several tokens of one text take, beside one step of decoding and what memory and arithmetic allow.
struct PassCurve {
    struct Point: Encodable, Equatable {
        let tokens: Int
        /// With the last position's logits, as catching up needs, and with all positions', as verifying a draft does.
        let seconds: Double
        let verifySeconds: Double
        /// Over the seconds of one decode step.
        let steps: Double
        let verifySteps: Double
        let tokensPerSecond: Double
        /// The longer of reading every weight once and of multiplying; nil where neither limit is known.
        let boundSeconds: Double?
        enum CodingKeys: String, CodingKey {
            case tokens, seconds, steps
            case verifySeconds = "verify_seconds"
            case verifySteps = "verify_steps"
            case tokensPerSecond = "tokens_per_second"
            case boundSeconds = "bound_seconds"
        }
    }

    /// What a model's passes read and multiply, and how fast the machine does both.
    struct Bound {
        let bytes: Double
        /// Multiply-adds of one token up to the output matrix, and of one position's logits.
        let bodyProducts: Double
        let outputProducts: Double
        /// 0 where they are not known.
        let bytesPerSecond: Double
        let productsPerSecond: Double

        /// Seconds that a pass over `tokens` tokens with the last one's logits takes at least.
        func seconds(tokens: Int) -> Double? {
            let reading = bytesPerSecond > 0 ? bytes / bytesPerSecond : 0
            let products = bodyProducts * Double(tokens) + outputProducts
            let multiplying = productsPerSecond > 0 ? products / productsPerSecond : 0
            let longer = max(reading, multiplying)
            return longer > 0 ? longer : nil
        }
    }

    let stepSeconds: Double
    let points: [Point]

    /// - Parameter seconds: of a pass and of a verifying one, by the number of tokens, in the order to show.
    init(
        stepSeconds: Double, seconds: [(tokens: Int, pass: Double, verify: Double)], bound: Bound
    ) {
        self.stepSeconds = stepSeconds
        points = seconds.map {
            Point(
                tokens: $0.tokens, seconds: $0.pass, verifySeconds: $0.verify,
                steps: $0.pass / stepSeconds, verifySteps: $0.verify / stepSeconds,
                tokensPerSecond: Double($0.tokens) / $0.pass,
                boundSeconds: bound.seconds(tokens: $0.tokens))
        }
    }

    /// A table's lines.
    var lines: [String] {
        func number(_ value: Double, _ digits: Int, _ width: Int) -> String {
            let text = String(format: "%.\(digits)f", value)
            return String(repeating: " ", count: max(width - text.count, 0)) + text
        }
        let header = [
            "One decode step takes \(number(stepSeconds * 1e3, 2, 0)) ms.", "",
            "| tokens | pass, ms | steps | tokens/s | bound, ms | pass / bound | verify, ms | steps |",
            "|-------:|---------:|------:|---------:|----------:|-------------:|-----------:|------:|",
        ]
        return header
            + points.map { point in
                let bound = point.boundSeconds
                let cells = [
                    number(Double(point.tokens), 0, 6), number(point.seconds * 1e3, 2, 8),
                    number(point.steps, 2, 5), number(point.tokensPerSecond, 1, 8),
                    bound.map { number($0 * 1e3, 2, 9) } ?? "        -",
                    bound.map { number(point.seconds / $0, 2, 12) } ?? "           -",
                    number(point.verifySeconds * 1e3, 2, 10), number(point.verifySteps, 2, 5),
                ]
                return "| \(cells.joined(separator: " | ")) |"
            }
    }
}

/// Sizes of 1 to 512 as they were written: `1,8`, `1...40`, or both; nil where that is not what it says.
func parseSizes(_ list: String) -> [Int]? {
    var sizes: [Int] = []
    for part in list.split(separator: ",") {
        if let dots = part.range(of: "...") {
            guard let first = Int(part[..<dots.lowerBound]),
                let last = Int(part[dots.upperBound...]), 1 <= first, first <= last, last <= 512
            else { return nil }
            sizes += first...last
        } else {
            guard let size = Int(part), (1...512).contains(size) else { return nil }
            sizes.append(size)
        }
    }
    return sizes
}
