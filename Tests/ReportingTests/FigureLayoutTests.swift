import Foundation
import Hashing
import Testing

@testable import Reporting

/// Where things stand in figures: nothing covered, nothing cut off.
struct FigureLayoutTests {
    @Test func labelsStayWhereTheyWantWhereTheyCan() {
        let heights = [10.0, 10, 10]
        #expect(
            LabelSpread.middles(wanted: [50, 20, 80], heights: heights, in: 0...100) == [
                50, 20, 80,
            ])
        // Three at one place: one upon the other about it, in the order given.
        #expect(
            LabelSpread.middles(wanted: [50, 50, 50], heights: heights, in: 0...100) == [
                40, 50, 60,
            ])
        // At the edge they are moved in.
        #expect(LabelSpread.middles(wanted: [0, 1], heights: [10, 10], in: 0...100) == [5, 15])
        #expect(
            LabelSpread.middles(wanted: [100, 99], heights: [10, 20], in: 0...100) == [95, 80])
        // What matters more moves less.
        #expect(
            LabelSpread.middles(
                wanted: [50, 50], heights: [10, 10], weights: [9, 1], in: 0...100) == [49, 59])
        #expect(LabelSpread.middles(wanted: [], heights: [], in: 0...1) == [])
    }

    @Test(arguments: 0..<20)
    func labelsNeverOverlap(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let count = 1 + seed % 9
        let heights = (0..<count).map { _ in Double.random(in: 5...20, using: &generator) }
        let wanted = (0..<count).map { _ in Double.random(in: -20...220, using: &generator) }
        let middles = LabelSpread.middles(wanted: wanted, heights: heights, in: 0...200)
        let spans = zip(middles, heights).map { ($0 - $1 / 2, $0 + $1 / 2) }.sorted { $0.0 < $1.0 }
        #expect(spans[0].0 >= -1e-9 && spans[count - 1].1 <= 200 + 1e-9)
        for (below, above) in zip(spans, spans.dropFirst()) { #expect(below.1 <= above.0 + 1e-9) }
        // Whoever wants to be higher is.
        let order = wanted.indices.sorted { wanted[$0] < wanted[$1] }
        for (lower, higher) in zip(order, order.dropFirst()) {
            #expect(middles[lower] < middles[higher])
        }
    }

    @Test func namesAreBrokenAfterCommas() {
        let lines = FigureText.lines(
            of: "max-prob, keep strict, most 7, ngram 6, rows 32768", width: 80, count: 3)
        #expect(lines == ["max-prob, keep strict,", "most 7, ngram 6,", "rows 32768"])
        #expect(FigureText.lines(of: "citer", width: 80, count: 3) == ["citer"])
        #expect(
            FigureText.short("max-prob, keep ratio, most 7, rows 32768")
                == "max-prob, ratio, most 7, rows 32k")
        #expect(FigureText.short("rows 1000, a") == "rows 1000, a")
        let long = FigureText.lines(of: String(repeating: "x", count: 90), width: 80, count: 3)
        #expect(long.count == 3 && long[2].hasSuffix("…"))
        #expect(long.allSatisfy { FigureText.width(of: $0) <= 80 })
        #expect(FigureText.lines(of: "", width: 80, count: 3).isEmpty)
        #expect(FigureText.lines(of: "a\tb\n'", width: 80, count: 3) == ["a b '"])
    }

    @Test func axesHaveRoundNumbers() {
        let share = FigureAxis("x", values: [0, 100], count: 5)
        #expect(share.ticks.map(\.text) == ["0", "50", "100"])
        #expect(share.low == -6 && share.high == 106)
        #expect(
            FigureAxis("x", values: [0.31, 0.34], count: 5).ticks.map(\.text) == [
                "0.31", "0.32", "0.33", "0.34",
            ])
        #expect(FigureAxis("x", values: [], count: 5).ticks.count > 1)
        // One value only, or hardly more than one.
        #expect(FigureAxis("x", values: [5, 5], count: 5).ticks.contains { $0.value == 5 })
        #expect(FigureAxis("x", values: [1e12, 1e12 + 1e-3], count: 5).ticks.count > 1)
        // Small differences do not look large.
        #expect(FigureAxis("y", values: [70, 70.5], least: 20).high - 70 > 9)
        #expect(FigureAxis("y", values: [99, 12], limits: 0...100).high == 100)
        #expect(
            FigureAxis("y", values: [3], bounds: 0...100, count: 6).ticks.map(\.text) == [
                "0", "20", "40", "60", "80", "100",
            ])
    }

    @Test func noTextOfAFigureIsCoveredOrCutOff() throws {
        let folder = try TemporaryFolder()
        let wide = try Synthetic.wide(folder: folder, questions: 32)
        for synthetic in [wide, try Synthetic(folder: folder, questions: 12)] {
            let results = try Report(
                synthetic.reader, experiment: Synthetic.experimentName, resamples: 20
            ).results
            let choice = FigureChoice(results)
            let panels = AccuracyFigures(results: results, choice: choice).panels
            #expect(panels.count == 5)
            for panel in panels {
                #expect(panel.named.count <= FigureChoice.most)
                #expect(Set(panel.named.map(\.style.colour)).count == panel.named.count)
                let layout = PanelLayout(panel)
                try check(layout.texts, height: layout.height, panel.name)
                for label in layout.labels {
                    #expect(label.signX > layout.plot.right + 4)
                    let sign = FigureBox(
                        left: label.signX - 3, bottom: label.y - 3, width: 6, height: 6)
                    #expect(!layout.texts.contains { $0.box.overlaps(sign) })
                }
                #expect(layout.plot.width > 90)
            }
            let figure = try #require(DifferenceFigure(results, choice))
            let layout = DifferenceLayout(figure)
            try check(layout.texts, height: layout.height, "differences")
            #expect(layout.plot.width > 90)
        }
    }

    private func check(_ texts: [FigureText], height: Double, _ name: String) throws {
        #expect(texts.count > 5)
        for (index, text) in texts.enumerated() {
            let box = text.box
            #expect(
                box.left >= 0 && box.right <= PanelLayout.width && box.bottom >= 0
                    && box.top <= height, "\(name): \(text.text) is cut off")
            for other in texts[(index + 1)...] {
                #expect(!box.overlaps(other.box), "\(name): \(text.text) covers \(other.text)")
            }
        }
    }
}
