import Foundation
import TestSupport
import Testing

@testable import Grading

struct RougeTests {
    struct Case: CustomTestStringConvertible {
        let text: String
        let reference: String
        let stemming: Bool
        /// The F1 of ROUGE-1, ROUGE-2 and ROUGE-L.
        let figures: [Double]

        init(_ text: String, _ reference: String, stemming: Bool, _ figures: [Double]) {
            (self.text, self.reference) = (text, reference)
            (self.stemming, self.figures) = (stemming, figures)
        }

        var testDescription: String { "\(text) | \(reference) | \(stemming)" }
    }

    // PyPI's rouge-score 0.1.2 with NLTK's stemmer.
    @Test(arguments: [
        Case(
            "The quick brown fox jumps over the lazy dog.",
            "A quick brown dog jumps over the lazy foxes.", stemming: false,
            [0.7777777777777778, 0.5, 0.6666666666666666]),
        Case(
            "The quick brown fox jumps over the lazy dog.",
            "A quick brown dog jumps over the lazy foxes.", stemming: true,
            [0.8888888888888888, 0.5, 0.6666666666666666]),
        Case(
            "Routing single tokens saves calls to the large model.",
            "We route single tokens, which saves large-model calls.", stemming: false,
            [0.6666666666666666, 0.25, 0.5555555555555556]),
        Case(
            "Routing single tokens saves calls to the large model.",
            "We route single tokens, which saves large-model calls.", stemming: true,
            [0.7777777777777778, 0.375, 0.6666666666666666]),
        Case("identical text", "identical text", stemming: false, [1.0, 1.0, 1.0]),
        Case("identical text", "identical text", stemming: true, [1.0, 1.0, 1.0]),
        Case("nothing shared here", "utterly different words", stemming: false, [0.0, 0.0, 0.0]),
        Case("nothing shared here", "utterly different words", stemming: true, [0.0, 0.0, 0.0]),
        Case("", "some reference", stemming: false, [0.0, 0.0, 0]),
        Case("", "some reference", stemming: true, [0.0, 0.0, 0]),
        Case("some text", "", stemming: false, [0.0, 0.0, 0]),
        Case("some text", "", stemming: true, [0.0, 0.0, 0]),
        Case("one", "one two three", stemming: false, [0.5, 0.0, 0.5]),
        Case("one", "one two three", stemming: true, [0.5, 0.0, 0.5]),
        Case("the the the the", "the cat the mat", stemming: false, [0.5, 0.0, 0.5]),
        Case("the the the the", "the cat the mat", stemming: true, [0.5, 0.0, 0.5]),
        Case(
            "Sweeps are resumed; results are stored.", "Stored results let a sweep resume.",
            stemming: false, [0.3333333333333333, 0.0, 0.16666666666666666]),
        Case(
            "Sweeps are resumed; results are stored.", "Stored results let a sweep resume.",
            stemming: true, [0.6666666666666666, 0.0, 0.3333333333333333]),
        Case("a b c d e f g", "g f e d c b a", stemming: false, [1.0, 0.0, 0.14285714285714285]),
        Case("a b c d e f g", "g f e d c b a", stemming: true, [1.0, 0.0, 0.14285714285714285]),
        Case(
            "Größe und naïve café 12,5%", "Grösse und naive cafe 12.5 %", stemming: false,
            [0.5333333333333333, 0.15384615384615383, 0.5333333333333333]),
        Case(
            "Größe und naïve café 12,5%", "Grösse und naive cafe 12.5 %", stemming: true,
            [0.5333333333333333, 0.15384615384615383, 0.5333333333333333]),
        Case("x1 y2 z3", "X1-Y2_Z3", stemming: false, [1.0, 1.0, 1.0]),
        Case("x1 y2 z3", "X1-Y2_Z3", stemming: true, [1.0, 1.0, 1.0]),
        Case(
            "skies were flying and dying happily", "the sky flies and dies happy", stemming: false,
            [0.16666666666666666, 0.0, 0.16666666666666666]),
        Case(
            "skies were flying and dying happily", "the sky flies and dies happy", stemming: true,
            [0.6666666666666666, 0.4000000000000001, 0.6666666666666666]),
    ])
    func agreesWithRougeScore(test: Case) {
        let scores = Rouge.scores(
            of: test.text, against: test.reference, stemming: test.stemming)
        let found = [scores.rouge1.f1, scores.rouge2.f1, scores.rougeL.f1]
        #expect(zip(found, test.figures).allSatisfy { agree($0, $1) }, "\(found)")
    }

    // NLTK's PorterStemmer in its default mode. (The whole vocabulary of the data sets, 54,931 words,
    // was compared once and agrees.)
    @Test(arguments: [
        ("sky", "sky"), ("skies", "sky"), ("dying", "die"), ("news", "news"),
        ("proceed", "proceed"), ("dies", "die"), ("flies", "fli"), ("ties", "tie"),
        ("died", "die"), ("spied", "spi"), ("caresses", "caress"), ("ponies", "poni"),
        ("cats", "cat"), ("caress", "caress"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"),
        ("conflated", "conflat"), ("troubled", "troubl"), ("sized", "size"), ("hopping", "hop"),
        ("tanned", "tan"), ("falling", "fall"), ("hissing", "hiss"), ("fizzed", "fizz"),
        ("failing", "fail"), ("filing", "file"), ("happy", "happi"), ("enjoy", "enjoy"),
        ("fly", "fli"), ("relational", "relat"), ("conditional", "condit"), ("rational", "ration"),
        ("valency", "valenc"), ("hesitancy", "hesit"), ("digitizer", "digit"),
        ("conformably", "conform"),
        ("radically", "radic"), ("differently", "differ"), ("vilely", "vile"),
        ("analogously", "analog"),
        ("vietnamization", "vietnam"), ("predication", "predic"), ("operator", "oper"),
        ("feudalism", "feudal"),
        ("decisiveness", "decis"), ("hopefulness", "hope"), ("callousness", "callous"),
        ("formality", "formal"),
        ("sensitivity", "sensit"), ("sensibility", "sensibl"), ("hopefully", "hope"),
        ("geology", "geolog"),
        ("triplicate", "triplic"), ("formative", "form"), ("formalize", "formal"),
        ("electricity", "electr"),
        ("electrical", "electr"), ("hopeful", "hope"), ("goodness", "good"), ("revival", "reviv"),
        ("allowance", "allow"), ("inference", "infer"), ("airliner", "airlin"),
        ("gyroscopic", "gyroscop"),
        ("adjustable", "adjust"), ("defensible", "defens"), ("irritant", "irrit"),
        ("replacement", "replac"),
        ("adjustment", "adjust"), ("dependent", "depend"), ("adoption", "adopt"),
        ("homologou", "homolog"),
        ("communism", "commun"), ("activate", "activ"), ("angularity", "angular"),
        ("homologous", "homolog"),
        ("effective", "effect"), ("bowdlerize", "bowdler"), ("probate", "probat"), ("rate", "rate"),
        ("cease", "ceas"), ("controlling", "control"), ("roll", "roll"), ("yyyy", "yyyi"),
        ("generously", "gener"), ("university", "univers"), ("routing", "rout"),
        ("tokens", "token"),
        ("quickly", "quickli"), ("is", "is"), ("as", "as"),
    ])
    func stemsAgreeWithNLTK(word: String, stem: String) {
        #expect(PorterStemmer.stem(of: word) == stem)
    }

    @Test func bestReferenceCountsAndNothingIsRightOrWrong() {
        let question = Question(
            id: "0", user: "", gold: "far off", key: .references(["far off", "near by here"]))
        let grade = TaskDefinition.sciTLDR.grade(" near by\n", for: question)
        #expect(grade.correct == nil)
        #expect(grade.rule == "whole")
        #expect(grade.extracted == "near by")
        #expect(agree(grade.score, 0.8))
        #expect(agree(grade.measures["rouge1"], 0.8))
        #expect(agree(grade.measures["rouge2"], 2.0 / 3))
        #expect(TaskDefinition.sciTLDR.grade(" \n", for: question).rule == "none")
        #expect(TaskDefinition.sciTLDR.grade(" \n", for: question).score == 0)
    }
}
