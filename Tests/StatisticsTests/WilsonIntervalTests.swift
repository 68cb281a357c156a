import TestSupport
import Testing

@testable import Statistics

struct WilsonIntervalTests {
    // statsmodels 0.14 proportion_confint(method="wilson"), which SciPy 1.17's
    // binomtest(...).proportion_ci(method="wilson") confirms to 1e-15.
    @Test(arguments: [
        (0, 10, 0.0, 0.27753279986288926),
        (10, 10, 0.7224672001371109, 1.0),
        (1, 10, 0.017876213095072924, 0.40415002679523854),
        (27, 100, 0.19269584149576344, 0.36432116767945),
        (60, 100, 0.5020025867910618, 0.6905987135675411),
        (792, 1319, 0.5737668282872266, 0.6265595209007147),
        (1, 1319, 0.00013384465011300741, 0.004281997310193979),
        (5, 7, 0.3589344518326193, 0.9177810759959432),
    ])
    func agreesWithStatsmodels(successes: Int, count: Int, low: Double, high: Double) {
        let interval = WilsonInterval.around(successes: Double(successes), of: count)
        #expect(agree(interval.low, low))
        #expect(agree(interval.high, high))
    }

    @Test func nothingAskedSaysNothing() {
        #expect(WilsonInterval.around(successes: 0, of: 0) == Interval(low: 0, high: 1))
    }

    @Test func moreSuccessesThanTrialsTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = WilsonInterval.around(successes: 3, of: 2)
        }
    }
}
