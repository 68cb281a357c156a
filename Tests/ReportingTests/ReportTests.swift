import Foundation
import Reporting
import ResultsStore
import Testing

struct ReportTests {
    @Test func sortsAndAlignsAndMarksWhatIsSignificant() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 120)
        let text = try report(synthetic, resamples: 1500).text(as: .markdown)
        let tables = text.components(separatedBy: "\n## ").dropFirst()
        #expect(tables.count == 13)
        for table in tables {
            let rows = table.split(separator: "\n").filter { $0.hasPrefix("|") }
            #expect(Set(rows.map(\.count)).count == 1, "\(rows.first ?? "")")
        }
        let rows = text.split(separator: "\n").map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        let cells = rows.drop { $0.first != "Policy" || $0[1] != "Setting" }.dropFirst(2).prefix {
            !$0.isEmpty
        }.prefix(
            10)
        #expect(
            cells.map { $0[0] + " " + $0[1] } == [
                "slm –", "llm –", "random ratio=0.1", "random ratio=0.3", "random ratio=0.5",
                "random ratio=0.8", "citer threshold=0.1", "citer threshold=0.3",
                "citer threshold=0.5", "citer threshold=0.8",
            ])
        // Bold where the interval of the distance from the line lies above 0, which the made-up
        // router's does.
        let file = try report(synthetic).files(as: .csv).first {
            $0.name.hasSuffix("/differences.csv")
        }
        let differences = parseCSV(try #require(file).text)
        let low = try #require(differences[0].firstIndex(of: "above_line_low"))
        let isAbove = differences.dropFirst().map { (Double($0[low]) ?? 0) > 0 }
        // Corrected for eight comparisons, fewer are marked than intervals exclude 0.
        let isMarked = cells.map { $0[3].hasPrefix("**") }
        #expect(zip(isMarked, [false, false] + isAbove).allSatisfy { !$0 || $1 })
        #expect(isMarked.suffix(4).count { $0 } >= 2)
        #expect(
            cells.map { $0[2] } == ["120", "120", "120", "119"] + Array(repeating: "120", count: 6))
        #expect(cells.map { $0.last } == ["0", "0", "0", "1"] + Array(repeating: "0", count: 6))
        #expect(
            text.contains("n = 119 to 120 questions a cell of sums test; seed 7; slm small-0.5b"))
        #expect(text.contains("citer 0.1.0 commit 0123456789ab (modified)"))
        #expect(text.hasPrefix("# sums \\<\\&> 100%_\\\\\\|\n"))
    }

    /// Every seventeenth answer was cut: of 60 these are 4, more than one in twenty.
    @Test func warnsOfCutAnswers() throws {
        let folder = try TemporaryFolder()
        let report = try report(Synthetic(folder: folder, questions: 60))
        #expect(report.warnings.count == 1)
        let markdown = report.text(as: .markdown)
        #expect(
            markdown.contains(
                "**Warning.** More than 5.0 % of the answers were cut at the limit of tokens in 10 of 10 cells"
            ))
        #expect(markdown.contains("| Cut % |") && report.text(as: .latex).contains("Warning: More"))
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(report.text(as: .json).utf8))
                as? [String: Any])
        #expect((json["warnings"] as? [String])?.count == 1)
        // All answers are counted, not those alone that methods are compared on: 2 of 18 questions in ten cells, one of which lacks an answer.
        let some = try self.report(
            Synthetic(folder: folder, name: "some", questions: Array(0..<18)))
        #expect(some.finding?.contains("Of all answers 11.2 % were cut") == true)
        let few = try self.report(Synthetic(folder: folder, name: "few", questions: [1, 2, 3]))
        #expect(few.warnings.isEmpty)
    }

    /// Shards merged in any order give the same bytes as one machine.
    @Test(arguments: ReportFormat.allCases)
    func mergedShardsGiveTheSameBytes(format: ReportFormat) throws {
        let folder = try TemporaryFolder()
        let whole = try Synthetic(folder: folder, name: "whole", questions: Array(0..<24))
        let odd = try Synthetic(
            folder: folder, name: "odd", questions: [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23])
        let even = try Synthetic(
            folder: folder, name: "even", questions: [22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0])
        let path = folder.file("merged.sqlite")
        do {
            let store = try ResultsStore(path: path)
            for shard in [odd, even] { _ = try store.merge(from: shard.path) }
        }
        let name = Synthetic.experimentName
        let merged = try Report(ResultsReader(path: path), experiment: name, resamples: 50)
        let expected = try Report(whole.reader, experiment: name, resamples: 50)
        #expect(merged.files(as: format) == expected.files(as: format))
        #expect(merged.text(as: format) == expected.text(as: format))
        #expect(
            try TokenPage(ResultsReader(path: path), experiment: name).allFiles()
                == TokenPage(whole.reader, experiment: name).allFiles())
    }

    @Test func csvAndJSONAgree() throws {
        let folder = try TemporaryFolder()
        let report = try report(Synthetic(folder: folder, questions: 36))
        let files = report.files(as: .csv)
        let names = [
            "main", "cells", "frontier", "methods", "curves", "differences", "groups", "latency",
            "time",
            "training",
            "router-quality", "fidelity", "break-even",
        ]
        let stem = "sums_____100____"
        #expect(Report.tableNames.isSuperset(of: names))
        #expect(
            files.map(\.name) == names.map { "\(stem)/tables/\($0).csv" })
        let json = try #require(
            try JSONSerialization.jsonObject(with: Data(report.text(as: .json).utf8))
                as? [String: Any])
        #expect(json["experiment"] as? String == Synthetic.experimentName)
        let tables = try #require(json["tables"] as? [String: [[String: Any]]])
        for (file, name) in zip(files, names) {
            let rows = parseCSV(file.text)
            let objects = try #require(tables[name])
            #expect(rows.count == objects.count + 1)
            for (row, object) in zip(rows.dropFirst(), objects) {
                #expect(row.count == rows[0].count)
                for (key, value) in zip(rows[0], row) {
                    switch object[key] {
                    case is NSNull: #expect(value == "", "\(name) \(key)")
                    case let text as String: #expect(value == text)
                    case let number as NSNumber: #expect(Double(value) == number.doubleValue)
                    default: Issue.record("\(name) has no \(key)")
                    }
                }
            }
        }
        let slm = try #require(tables["cells"]?.first)
        #expect(slm["policy"] as? String == "slm")
        #expect(slm["call_ratio"] as? Double == 0)
    }

    /// A sweep to which nothing was left wrote none of the answers, so neither its machine nor its program is where they come from.
    @Test func namesWhatWroteTheAnswers() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 12)
        let store = try ResultsStore(path: synthetic.path)
        let experiment = try store.reader.experiment(named: Synthetic.experimentName)
        let idle = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment.id, programVersion: "9.9.9", host: "there", cpu: "Zilog Z80",
                threads: 64, command: "citer sweep sums.yaml", environment: ["fused": "no"]))
        try store.endAttempt(idle, .finished)
        let page = try report(synthetic).page().text
        #expect(page.contains("citer 0.1.0") && page.contains("on some, 2 threads."))
        #expect(!page.contains("9.9.9") && !page.contains("Zilog"))
        let details = try report(synthetic).details.text
        let latency = try #require(
            details.split(separator: "\n").first { $0.contains("Each cell by itself") })
        #expect(latency.contains("on some, 2 threads.") && !latency.contains("Zilog"))
    }

    private static let longSetting =
        "threshold=0.410523,keep=log-prob:2.5,most=7,ngram=6,rows=32768"

    /// Every table fits: those of all styles, of settings with long names.
    @Test(
        .enabled(if: LaTeX.lacking == nil, "\(LaTeX.lacking ?? "")"), .timeLimit(.minutes(5)),
        arguments: TableSelection.Style.allCases)
    func latexFits(style: TableSelection.Style) throws {
        let folder = try TemporaryFolder()
        for (name, count) in [("few", 10), ("many", 60)] {
            let synthetic = try Synthetic(
                folder: folder, name: name, questions: Array(0..<count), named: Self.longSetting)
            let tables = try report(synthetic).text(as: .latex, TableSelection(style: style))
            #expect(tables.components(separatedBy: "\\begin{table").count > 8)
            let document = """
                \\documentclass\(style == .paper ? "[twocolumn]" : ""){article}\\usepackage{array,booktabs}
                \\begin{document}\(tables)\\end{document}
                """
            try document.write(
                toFile: folder.file("\(name).tex"), atomically: true, encoding: .utf8)
            let end = try LaTeX.run(
                ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "\(name).tex"],
                in: folder.path)
            #expect(end.status == 0, "\(end.output.suffix(400))")
            let log = try String(contentsOfFile: folder.file("\(name).log"), encoding: .isoLatin1)
            let tooWide = log.split(separator: "\n").filter { $0.hasPrefix("Overfull \\hbox") }
            #expect(tooWide.isEmpty, "\(tooWide.prefix(5))")
        }
    }

    /// What one reads has at most 100 columns, whatever the settings are called, and names them by what was asked for.
    @Test func theMainTableIsNarrow() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(
            folder: folder, name: "long", questions: Array(0..<60), named: Self.longSetting)
        let text = try report(synthetic).text(as: .markdown, .main)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(rows.count == 12 && rows.allSatisfy { $0.count <= 100 }, "\(rows[0].count)")
        let cells = rows.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(
            cells[0] == ["Policy", "Target", "Accuracy [95 %]", "Passes", "Own", "Alone", "Bytes"])
        #expect(
            cells.contains { $0[0] == "citer, log-prob 2.5, most 7, ngra…" && $0[1] == "2.5 %" })
        #expect(cells[3].suffix(4) == ["100", "100", "100", "100"])
    }

    @Test func choosesTablesColumnsAndPolicies() throws {
        let folder = try TemporaryFolder()
        let report = try report(Synthetic(folder: folder, questions: 30))
        let chosen = TableSelection(
            tables: ["cells", "differences"], columns: ["Setting", "cell", "n"],
            policies: ["citer"])
        let rows = try report.text(as: .markdown, chosen).split(separator: "\n")
            .filter { $0.hasPrefix("|") }
        #expect(rows.count == 12 && rows[0].hasPrefix("| Setting") && rows[0].contains("| cell"))
        let csv = try report.text(as: .csv, chosen)
        #expect(csv.hasPrefix("setting,cell,n\r\n") && csv.split(separator: "\r\n").count == 5)
        for (selection, words) in [
            (TableSelection(tables: ["cell"]), "no table named cell; there are: main, cells"),
            (TableSelection(columns: ["colour"]), "no column named colour; there are: cell"),
            (TableSelection(policies: ["cit"]), "no policy named cit; there are: slm, llm, random"),
        ] {
            let error = #expect(throws: StoreError.self) {
                _ = try report.text(as: .markdown, selection)
            }
            #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
        }
    }

    @Test func anExperimentWithoutAnswersSaysSo() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("empty.sqlite")
        do {
            let store = try ResultsStore(path: path)
            let id = try store.register(ExperimentRecord(name: "empty", spec: ""))
            _ = try store.register(
                CellRecord(
                    experiment: id, key: String(repeating: "0", count: 64), canonical: "{}",
                    policy: "slm", position: 0))
        }
        let text = try Report(ResultsReader(path: path), experiment: "empty").text(as: .markdown)
        #expect(text.contains("Not run yet: slm."))
        // Without rows there is no table, whose columns would all be empty.
        #expect(!text.contains("|"), "\(text)")
        let latex = try Report(ResultsReader(path: path), experiment: "empty").text(as: .latex)
        #expect(!latex.contains("tabular") && latex.contains("Not run yet: slm."))
        #expect(text.contains("n = 0 questions; seed none; never run."))
        let error = #expect(throws: StoreError.self) {
            try Report(ResultsReader(path: path), experiment: "full")
        }
        #expect(error?.description == "no experiment named full; there are: empty")
    }

    private func report(_ synthetic: Synthetic, resamples: Int = 300) throws -> Report {
        try Report(synthetic.reader, experiment: Synthetic.experimentName, resamples: resamples)
    }
}

/// TeX, where it is installed with what the tables need.
private enum LaTeX {
    /// What is missing, by name; nil if a document with tables can be set.
    static let lacking: String? = {
        guard (try? run(["pdflatex", "--version"], in: "/"))?.status == 0 else {
            return "pdflatex is not installed"
        }
        let files = ["article.cls", "array.sty", "booktabs.sty"].filter { file in
            // kpsewhich looks a file up; TeX itself may set about making what it does not find.
            (try? run(["kpsewhich", file], in: "/"))?.status != 0
        }
        return files.isEmpty ? nil : "pdflatex lacks \(files.joined(separator: ", "))"
    }()

    /// Runs a program of TeX for half a minute at most.
    static func run(
        _ command: [String], in folder: String
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["timeout", "-k", "1", "30"] + command
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment
            .merging(["MKTEXPK": "0", "MKTEXMF": "0", "MKTEXTFM": "0", "MKTEXTEX": "0"]) { $1 }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}

/// RFC 4180, by scalars: a carriage return and a line feed are one character.
func parseCSV(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field = ""
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var pending = scalars.next()
    while let scalar = pending {
        pending = scalars.next()
        switch (scalar, isQuoted) {
        case ("\"", true) where pending == "\"":
            field.append("\"")
            pending = scalars.next()
        case ("\"", _): isQuoted.toggle()
        case (",", false):
            row.append(field)
            field = ""
        case ("\r", false): break
        case ("\n", false):
            rows.append(row + [field])
            (row, field) = ([], "")
        default: field.unicodeScalars.append(scalar)
        }
    }
    return rows
}
