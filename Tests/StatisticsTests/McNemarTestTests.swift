import Testing

@testable import Statistics

struct McNemarTestTests {
    // statsmodels 0.14 mcnemar(exact=True) and SciPy 1.17 binomtest, which agree.
    @Test(arguments: [
        (1, 0, 1.0),
        (3, 9, 0.14599609375),
        (9, 3, 0.14599609375),
        (10, 25, 0.016673847800120715),
        (6, 6, 1.0),
        (0, 20, 1.9073486328125e-06),
        (120, 170, 0.00393333651282517),
        (700, 600, 0.0060157938610449395),
        (2000, 2300, 5.079935568924055e-06),
    ])
    func agreesWithStatsmodels(onlyFirst: Int, onlySecond: Int, p: Double) {
        let found = McNemarTest(onlyFirst: onlyFirst, onlySecond: onlySecond).pValue
        #expect(abs(found - p) <= 1e-11 * p, "\(found)")
    }

    @Test func runsThatNeverDifferShowNothing() {
        #expect(McNemarTest(onlyFirst: 0, onlySecond: 0).pValue == 1)
        #expect(McNemarTest([], []).pValue == 1)
    }

    @Test func countsDifferingQuestions() {
        let test = McNemarTest(
            [true, true, false, false, true], [true, false, true, false, false])
        #expect(test == McNemarTest(onlyFirst: 2, onlySecond: 1))
    }
}
