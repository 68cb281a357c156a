import Inference
import Testing

@testable import Servers

/// What a server lists at one place: a distribution's largest probabilities, or nothing that is used.
struct ListedTokensTests {
    private func reading(
        _ listed: [(Int, Double)], own: (Int, Double)? = nil, isWritten: Bool = false
    ) throws -> Reading {
        try ListedTokens(
            listed: listed.map { (id: $0.0, logProbability: $0.1) },
            own: own.map { (id: $0.0, logProbability: $0.1) }
        ).reading(vocabulary: 10, isWritten: isWritten)
    }

    @Test(
        arguments: [
            // Two certainties.
            ([(1, 0), (2, 0)], nil), ([(1, -0.5), (2, -0.5), (3, -0.5)], nil),
            // The own token, which is none of those that are listed, is too much.
            ([(1, -0.1), (2, -3)], (3, -0.5)),
        ] as [([(Int, Double)], (Int, Double)?)])
    func moreThanAllIsRefused(listed: [(Int, Double)], own: (Int, Double)?) {
        let fault = #expect(throws: ShapeFault.self) { try reading(listed, own: own) }
        #expect(fault?.reason.contains("add up to") == true)
    }

    @Test func anOwnTokenAboveTheListIsRefused() {
        let fault = #expect(throws: ShapeFault.self) {
            try reading([(1, -2), (2, -3)], own: (3, -0.5))
        }
        #expect(fault?.reason.contains("token 3 is more probable than 1") == true)
    }

    @Test(arguments: [false, true])
    func twoProbabilitiesOfOneTokenAreRefused(isWritten: Bool) {
        let fault = #expect(throws: ShapeFault.self) {
            try reading([(4, -0.9), (2, -2.5)], own: (2, -0.9), isWritten: isWritten)
        }
        #expect(fault?.reason.contains("by itself and -2.5 in the list") == true)
    }

    /// Numbers as servers round them, and the own token twice.
    @Test func whatIsRoundedIsRead() throws {
        #expect(try reading([(1, -0.0001), (2, -5)]).argmax == 1)
        #expect(try reading([(1, -0.693), (2, -0.6935)], own: (2, -0.6935)).argmax == 1)
        #expect(try reading([(1, -0.1), (2, -3)], own: (1, -0.1), isWritten: true).argmax == 1)
        #expect(try reading([(1, -0.1), (2, -3)], own: (7, -8)).argmax == 1)
    }
}
