import TestSupport
import Testing

@testable import Statistics

/// ROC area, Cohen's kappa and calibration.
struct AgreementTests {
    // scikit-learn's roc_auc_score.
    @Test func areaWithTies() {
        let area = ROCCurve.area(
            scores: [0.1, 0.4, 0.35, 0.8, 0.8, 0.4, 0.4, 0.2, 0.9],
            labels: [false, false, true, true, false, true, false, false, true])
        #expect(agree(area, 0.725))
    }

    @Test func areaAtItsLimits() {
        #expect(ROCCurve.area(scores: [1, 2, 3], labels: [false, true, true]) == 1)
        #expect(ROCCurve.area(scores: [1, 2, 3], labels: [true, false, false]) == 0)
        #expect(ROCCurve.area(scores: [5, 5, 5], labels: [true, false, false]) == 0.5)
        #expect(ROCCurve.area(scores: [1, 2], labels: [true, true]) == nil)
        #expect(ROCCurve.area(scores: [], labels: []) == nil)
        #expect(ROCCurve.area(scores: [.nan, 2], labels: [true, false]) == nil)
    }

    // scikit-learn's cohen_kappa_score; statsmodels' cohens_kappa confirms the first.
    @Test func kappa() {
        let first = [1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0]
        let second = [1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1]
        #expect(agree(CohenKappa.value(first, second), 0.47058823529411764))
        let three = CohenKappa.value(Array("aabbccabca"), Array("abbbccacca"))
        #expect(agree(three, 0.7014925373134329))
    }

    @Test func kappaAtItsLimits() {
        #expect(CohenKappa.value([1, 0, 1], [1, 0, 1]) == 1)
        #expect(CohenKappa.value([1, 0], [0, 1]) == -1)
        #expect(CohenKappa.value([1, 1], [1, 1]) == nil)
        #expect(CohenKappa.value([1, 1], [0, 0]) == 0)
        #expect(CohenKappa.value([Int](), []) == nil)
    }

    // By hand (and NumPy): five bins over twelve predictions.
    @Test func calibration() {
        let calibration = Calibration(
            probabilities: [0.05, 0.1, 0.15, 0.3, 0.35, 0.55, 0.6, 0.62, 0.9, 0.95, 1, 0],
            outcomes: [
                false, false, true, false, true, true, false, true, true, true, true, false,
            ],
            bins: 5)
        #expect(agree(calibration.expectedError, 0.1558333333333333))
        #expect(calibration.bins.map(\.count) == [4, 2, 1, 2, 3])
        #expect(calibration.bins[1].shareTrue == 0.5)
        #expect(agree(calibration.bins[4].meanPrediction, 0.95))
    }

    @Test func emptyBinsHaveNoFigures() {
        let calibration = Calibration(probabilities: [0.95], outcomes: [true], bins: 2)
        #expect(calibration.bins[0].meanPrediction == nil)
        #expect(calibration.bins[0].shareTrue == nil)
        #expect(agree(calibration.expectedError, 0.05))
        #expect(Calibration(probabilities: [], outcomes: []).expectedError == nil)
    }
}
