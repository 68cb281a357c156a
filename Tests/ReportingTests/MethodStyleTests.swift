import Foundation
import Routing
import Testing

@testable import Reporting

struct MethodStyleTests {
    private static let policies = PolicyDefinition.all.filter { policy in
        if case .single = policy.role { false } else { true }
    }.map(\.name)

    @Test func policiesLookTheSameInEveryCompany() throws {
        let all = MethodStyle.styles(of: Self.policies)
        for name in Self.policies {
            let alone = try #require(MethodStyle.styles(of: [name])[name])
            #expect(all[name] == alone)
            #expect(
                MethodStyle.styles(of: ["no-long-term", "x, keep strict", name])[name] == alone)
        }
        #expect(Set(all.values.map(\.colour)).count == Self.policies.count + 2)
    }

    @Test func aSpecsOwnMethodsTakeWhatIsFree() throws {
        let names =
            ["citer", "margin"] + (0..<40).map { "ablation-\($0)" }
            + ["strict", "ratio", "kl"].map { "max-prob, keep \($0), most 7" }
        let styles = MethodStyle.styles(of: names)
        #expect(
            Set(names.compactMap { styles[$0] }.map { "\($0.colour) \($0.marker)" }).count
                == names.count)
        // As many as there are colours have different ones.
        let few = Array(names[0..<MethodStyle.palette.count])
        #expect(
            Set(MethodStyle.styles(of: few).filter { few.contains($0.key) }.map(\.value.colour))
                .count == few.count)
        #expect(styles["citer"] == MethodStyle.styles(of: ["citer"])["citer"])
        #expect(styles["citer"]?.dash == .solid)
        #expect(styles["ablation-0"]?.dash == .dotted)
        #expect(styles["max-prob, keep kl, most 7"]?.dash == .dashed)
        #expect(MethodStyle.styles(of: ["speculative"])["speculative"]?.dash == .dashed)
        #expect(styles["slm"] == .slm && styles["llm"] == .llm)
    }

    /// Distances in OKLab (Ottosson 2020), as people with full colour vision and with either kind of red-green blindness see the colours
    /// (Machado, Oliveira and Fernandes 2009, severity 1).
    @Test(arguments: [
        [1, 0, 0, 0, 1, 0, 0, 0, 1],
        [
            0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116,
            1.051998,
        ],
        [
            0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940,
            0.968881,
        ],
    ])
    func coloursAreToldApart(vision: [Double]) throws {
        let seen = try MethodStyle.palette.map { try oklab($0, vision) }
        for (index, first) in seen.enumerated() {
            for second in seen[(index + 1)...] {
                let distance = zip(first, second).map { ($0 - $1) * ($0 - $1) }.reduce(0, +)
                    .squareRoot()
                // A just noticeable difference is about 0.02.
                #expect(distance > 0.1)
            }
            // Dark enough for white paper, and no black.
            #expect(first[0] > 0.2 && first[0] < 0.82)
        }
    }

    private func oklab(_ colour: String, _ vision: [Double]) throws -> [Double] {
        let value = try #require(Int(colour.dropFirst(), radix: 16))
        let linear = [value >> 16, value >> 8 & 255, value & 255].map { byte -> Double in
            let share = Double(byte) / 255
            return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
        }
        let rgb = product(vision, linear).map { min(max($0, 0), 1) }
        let cones = product(
            [
                0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566,
                0.0883024619, 0.2817188376, 0.6299787005,
            ], rgb
        ).map { cbrt($0) }
        return product(
            [
                0.2104542553, 0.7936177850, -0.0040720468, 1.9779984951, -2.4285922050,
                0.4505937099,
                0.0259040371, 0.7827717662, -0.8086757660,
            ], cones)
    }

    private func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
        (0..<3).map { row in (0..<3).reduce(0) { $0 + matrix[3 * row + $1] * vector[$1] } }
    }
}
