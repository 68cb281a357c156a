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

    // Summed over all pairs and all bins, in Python.
    @Test func weightsCount() {
        let area = ROCCurve.area(
            scores: [0.1, 0.4, 0.35, 0.8, 0.8, 0.4, 0.4, 0.2, 0.9],
            labels: [false, false, true, true, false, true, false, false, true],
            weights: [1, 4, 0.5, 2, 3, 1, 2.5, 1, 4])
        #expect(agree(area, 0.8376811594202899))
        let calibration = Calibration(
            probabilities: [0.05, 0.1, 0.3, 0.35, 0.9],
            outcomes: [false, true, false, true, true], weights: [3, 1, 2, 4, 0.5], bins: 5)
        #expect(agree(calibration.expectedError, 0.26666666666666666))
        #expect(calibration.bins.map(\.count) == [2, 2, 0, 0, 1])
        #expect(calibration.bins.map(\.weight) == [4, 6, 0, 0, 0.5])
    }

    /// An item of weight 3 says what three items say, and one of weight 0 says nothing.
    @Test func weightsAreRepetitions() {
        let scores = [0.1, 0.7, 0.35, 0.35, 0.8, 0.4, 0.95]
        let labels = [false, true, true, false, false, true, false]
        let others = [false, true, false, false, true, true, true]
        let times = [3, 1, 2, 5, 1, 4, 0]
        func repeated<Value>(_ values: [Value]) -> [Value] {
            zip(values, times).flatMap { [Value](repeating: $0, count: $1) }
        }
        let weights = times.map(Double.init)
        #expect(
            agree(
                ROCCurve.area(scores: scores, labels: labels, weights: weights),
                ROCCurve.area(scores: repeated(scores), labels: repeated(labels))))
        #expect(
            agree(
                Calibration(probabilities: scores, outcomes: labels, weights: weights)
                    .expectedError,
                Calibration(probabilities: repeated(scores), outcomes: repeated(labels))
                    .expectedError))
        #expect(
            agree(
                CohenKappa.value(labels, others, weights: weights),
                CohenKappa.value(repeated(labels), repeated(others))))
    }

    @Test func whatWeighsNothingSaysNothing() {
        #expect(ROCCurve.area(scores: [1, 2], labels: [true, false], weights: [1, 0]) == nil)
        #expect(CohenKappa.value([1, 0], [1, 1], weights: [0, 0]) == nil)
        // The one that is left gives both the same label.
        #expect(CohenKappa.value([1, 0], [1, 1], weights: [1, 0]) == nil)
        let calibration = Calibration(probabilities: [0.2], outcomes: [true], weights: [0])
        #expect(calibration.expectedError == nil)
        #expect(calibration.bins.allSatisfy { $0.meanPrediction == nil && $0.shareTrue == nil })
    }
}
