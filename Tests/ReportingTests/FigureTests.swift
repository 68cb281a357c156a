import Foundation
import Platform
import ResultsStore
import Testing

@testable import Reporting

/// Figures as gnuplot draws them with the scripts in analysis/.
struct FigureTests {
    private static let scripts = AnalysisTests.folder.path + "/figures"

    private func draw(
        _ synthetic: Synthetic, scripts: String = Self.scripts, into output: String
    ) throws -> [String] {
        let report = try Report(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 20)
        return try Figures(scripts: scripts).draw(report, synthetic.reader, into: output)
    }

    private func names(_ files: [String]) -> [String] {
        files.map { URL(fileURLWithPath: $0).lastPathComponent }
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func drawsEveryFigure() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 12)
        let files = try draw(synthetic, into: folder.file("out"))
        let figures = [
            "accuracy-call-ratio", "accuracy-llm-passes", "accuracy-flops", "accuracy-bytes",
            "accuracy-seconds", "reliability", "roc", "training", "differences",
        ]
        #expect(
            names(files)
                == figures.flatMap { ["\($0).svg", "\($0).pdf", "\($0).tex"] } + ["captions.md"])
        let first = try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }
        // The labels, and what is below.
        let svg = String(decoding: first[0], as: UTF8.self)
        for name in ["slm", "llm", "random", "citer", "accuracy, %", "tokens written by llm, %"] {
            #expect(svg.contains(">\(name)<"), "\(name)")
        }
        let caption = String(decoding: first[2], as: UTF8.self)
        #expect(
            caption.contains(
                "n = 11 to 12 questions of sums test; slm: small-0.5b; llm: large-1.5b"))
        #expect(caption.contains("95 \\% intervals"))
        // The same bytes again.
        #expect(try draw(synthetic, into: folder.file("out")) == files)
        #expect(try files.map { try Data(contentsOf: URL(fileURLWithPath: $0)) } == first)
    }

    /// With `CITER_FIGURES=FOLDER` they stay there to be looked at.
    @Test(
        .enabled(if: hasGnuplot, "gnuplot is not installed"),
        .enabled(if: hasPDFText, "pdftotext (poppler-utils) is not installed"))
    func noTextInAPictureIsCoveredOrCutOff() throws {
        let folder = try TemporaryFolder()
        let kept = ProcessInfo.processInfo.environment["CITER_FIGURES"]
        let synthetic = try Synthetic.wide(folder: folder, questions: kept == nil ? 32 : 200)
        let output = kept ?? folder.file("out")
        let pictures = try draw(synthetic, into: output).filter { $0.hasSuffix(".pdf") }
        #expect(pictures.count == 10)
        for picture in pictures {
            let command = Command(["pdftotext", "-bbox-layout", picture, "-"], output: .result)
            guard case .exited(status: 0, let page, _) = SystemCommandRunner().run(command) else {
                Issue.record("pdftotext failed")
                return
            }
            let (size, lines) = try boxes(page)
            #expect(lines.count > 6, "\(picture)")
            for (index, line) in lines.enumerated() {
                #expect(
                    line.box.left >= 0 && line.box.bottom >= 0 && line.box.right <= size.right
                        && line.box.top <= size.top, "\(picture): \(line.text) is cut off")
                for other in lines[(index + 1)...] {
                    #expect(
                        !line.box.overlaps(other.box),
                        "\(picture): \(line.text) covers \(other.text)")
                }
            }
        }
    }

    /// The page and the words on it, without what a font keeps free above and below its letters.
    private func boxes(
        _ page: String
    ) throws -> (page: FigureBox, words: [(text: String, box: FigureBox)]) {
        var size: FigureBox?
        var words: [(text: String, box: FigureBox)] = []
        for line in page.split(separator: "\n") {
            if let match = line.firstMatch(of: /<page width="([0-9.]+)" height="([0-9.]+)"/) {
                size = FigureBox(
                    left: 0, bottom: 0, width: try #require(Double(match.1)),
                    height: try #require(Double(match.2)))
            }
            let word =
                /<word xMin="([-0-9.]+)" yMin="([-0-9.]+)" xMax="([-0-9.]+)" yMax="([-0-9.]+)">(.*)<\/word>/
            guard let match = line.firstMatch(of: word) else { continue }
            let ends = try [match.1, match.2, match.3, match.4].map { try #require(Double($0)) }
            let (width, height) = (ends[2] - ends[0], ends[3] - ends[1])
            // Upright words lie on their sides.
            let (dx, dy) =
                width > height || match.5.count < 3 ? (0, 0.12 * height) : (0.12 * width, 0)
            words.append(
                (
                    String(match.5),
                    FigureBox(
                        left: ends[0] + dx, bottom: ends[1] + dy, width: width - 2 * dx,
                        height: height - 2 * dy)
                ))
        }
        return (try #require(size), words)
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func deletesItsOwnFiguresThatAreNoLongerDrawn() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 2)
        let figures = folder.file("out/\(ExperimentName.stem(Synthetic.experimentName))/figures")
        try FileManager.default.createDirectory(atPath: figures, withIntermediateDirectories: true)
        let gnuplot = "<svg><desc>Produced by GNUPLOT 5.4 </desc></svg>"
        let put = { (name: String, text: String) in
            try text.write(toFile: "\(figures)/\(name)", atomically: true, encoding: .utf8)
        }
        try put("calibration.svg", gnuplot)
        try put("calibration.png", "picture")
        try put("accuracy-joules.svg", "<svg/>")
        try put("accuracy-joules.tex", FigureCaption(name: "x", text: "x").latex)
        // Of others, whatever they are called, and by whatever they were drawn.
        try put("time.svg", "<svg>mine</svg>")
        try put("time.png", "mine")
        try put("mine.svg", gnuplot)
        let drawn = Set(names(try draw(synthetic, into: folder.file("out"))))
        let left = Set(try FileManager.default.contentsOfDirectory(atPath: figures))
        #expect(left == drawn.union(["time.svg", "time.png", "mine.svg"]))
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func drawsWhatAUserAsksFor() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 2)
        let scripts = folder.file("scripts")
        try FileManager.default.copyItem(atPath: Self.scripts, toPath: scripts)
        let sql = """
            -- What it is.
            -- x: question
            -- y: words, it's said

            SELECT method AS series, sample.question, sample.tokens FROM sample
            JOIN curve ON curve.cell = sample.cell WHERE 1 OR :experiment = ''
            """.replacing("sample.question,", with: "CAST(sample.question AS INTEGER),")
        try sql.write(toFile: scripts + "/mine.sql", atomically: true, encoding: .utf8)
        let files = try draw(synthetic, scripts: scripts, into: folder.file("out"))
        let svg = try #require(files.first { $0.hasSuffix("mine.svg") })
        let picture = try String(contentsOfFile: svg, encoding: .utf8)
        #expect(
            picture.contains("words, it's said") || picture.contains("words, it&apos;s said")
                || picture.contains("words, it&#39;s said"))
        let tex = try String(contentsOfFile: svg.dropLast(3) + "tex", encoding: .utf8)
        #expect(tex.contains("What it is. n = 2 questions"))
    }

    @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
    func saysWhatIsWrongWithAScript() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 2)
        #expect(throws: FigureError.noScripts(folder: folder.path)) {
            try Figures(scripts: folder.path)
        }
        let write = { (text: String, name: String) in
            try text.write(toFile: folder.file(name), atomically: true, encoding: .utf8)
        }
        let draw = { () throws -> [String] in
            try self.draw(synthetic, scripts: folder.path, into: folder.file("out"))
        }
        try write("plot \"\"x", "panel.gp")
        let script = #expect(throws: FigureError.self) { try draw() }
        #expect(script?.description.hasPrefix("panel.gp: gnuplot says: ") == true)
        for (sql, message) in [
            ("SELECT 1, 2, 3", "no line \"-- x: TITLE\" at its start"),
            ("-- x: a\nSELECT 1, 2, 3", "no line \"-- y: TITLE\" at its start"),
            ("-- x: a\n-- y: b\nSELECT 1, 2", "2 columns, and a figure needs series, x and y"),
            (
                "-- x: a\n-- y: b\n-- x range: 7 3\nSELECT 'a', 2, 3",
                "\"x range: 7 3\" is not two numbers, the lower one first"
            ),
        ] {
            try write(sql, "a.sql")
            let error = #expect(throws: FigureError.self) { try draw() }
            #expect(error?.description == "a.sql: \(message)")
        }
        for sql in ["SELEC", "DELETE FROM sample"] {
            try write("-- x: a\n-- y: b\n" + sql, "a.sql")
            #expect(throws: StoreError.self) { try draw() }
        }
    }

    private func figures(
        _ questions: Int, methods: [Synthetic.Method] = Synthetic.Method.usual
    ) throws -> (panels: [FigurePanel], differences: DifferenceFigure?) {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(
            folder: folder, name: "some", questions: Array(0..<questions), methods: methods)
        let results = try Report(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 20
        ).results
        let choice = FigureChoice(results)
        return (
            AccuracyFigures(results: results, choice: choice).panels,
            DifferenceFigure(results, choice)
        )
    }

    /// One question of one cell fails.
    @Test(arguments: [(31, true, true), (29, false, true), (9, false, false)])
    func fewQuestionsHaveNoCurvesAndFewerNoIntervals(
        questions: Int, hasCurves: Bool, hasIntervals: Bool
    ) throws {
        let (panels, differences) = try figures(questions)
        #expect(panels.count == 5)
        for panel in panels {
            #expect(panel.named.map(\.name) == ["random", "citer"])
            #expect(panel.named.allSatisfy { $0.isJoined == hasCurves })
            #expect(panel.singles.allSatisfy { ($0.points[0].low != nil) == hasIntervals })
            let large = try #require(panel.singles.last?.points[0].y)
            #expect(panel.band == (large - 2)...large)
        }
        #expect((differences != nil) == hasIntervals)
        #expect(differences?.rows.last?.name == (hasIntervals ? "slm" : nil))
    }

    @Test func theAxisEndsWhereNothingIs() throws {
        let far = try #require(figures(12).panels.first)
        #expect(far.levels.map(\.name) == ["llm", "slm"] && far.x.high > 100)
        let near = try #require(
            figures(12, methods: [.init(policy: "citer", skill: 0.5, shares: [0.05, 0.2])])
                .panels.first)
        #expect(near.levels.map(\.name) == ["llm (at 100 % →)", "slm"])
        #expect(near.x.high < 40 && near.singles.map(\.name) == ["slm"])
        #expect(near.caption.contains("so the axis ends before it"))
        // The line between the single models ends with the axis, on its way.
        let end = try #require(near.reference.last)
        let (start, goal) = (near.reference[0], near.levels[0].y)
        #expect(end.x == near.x.high)
        #expect(abs(end.y - (start.y + (goal - start.y) * end.x / 100)) < 1e-9)
    }

    @Test func callsAreShownAgainstThoseAskedFor() throws {
        let folder = try TemporaryFolder()
        // The setting of the router at 0.3 is asked for 2.5 %.
        let synthetic = try Synthetic(
            folder: folder, name: "asked", questions: Array(0..<12), named: "threshold=0.3")
        let results = try Report(
            synthetic.reader, experiment: Synthetic.experimentName, resamples: 2
        ).results
        let panel = try #require(AskedFigure.panel(results, FigureChoice(results)))
        #expect(panel.named.map(\.name) == ["citer"] && panel.others.isEmpty)
        let cell = try #require(results.data.cells.first { $0.record.asked != nil })
        let ratio = try #require(results.data.curve[cell.id]?.callRatio)
        #expect(panel.named[0].points == [FigurePanel.Point(x: 2.5, y: 100 * ratio)])
        #expect(panel.caption.contains("on the dashed line both are equal"))
        #expect(PanelLayout(panel).labels.count == 1)
        // Nobody said how many.
        let older = try Report(
            Synthetic(folder: folder, questions: 2).reader,
            experiment: Synthetic.experimentName, resamples: 2
        ).results
        #expect(AskedFigure.panel(older, FigureChoice(older)) == nil)
    }
}

private let hasGnuplot = FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")
private let hasPDFText = FileManager.default.isExecutableFile(atPath: "/usr/bin/pdftotext")
