import Foundation
import ResultsStore
import Routing
import Testing

@testable import Reporting

struct TokenPageTests {
    @Test func holdsNoTextThatCouldEndItsElement() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 60)
        let files = try TokenPage(synthetic.reader, experiment: Synthetic.experimentName).allFiles()
        let html = try #require(files.last?.text)
        // Three scripts and the title, each closed once.
        #expect(html.components(separatedBy: "</script>").count - 1 == 3)
        #expect(html.components(separatedBy: "<title>sums &lt;&amp;&gt; 100%_\\|").count - 1 == 1)
        for word in ["http:", "https:", "src=\"", "@import", "innerHTML", "fetch("] {
            #expect(!html.contains(word), "\(word)")
        }
        for file in files {
            for scalar in ["\u{2028}", "\u{2029}", "\u{1B}", "\u{202E}"] {
                #expect(!file.text.unicodeScalars.contains(Unicode.Scalar(scalar) ?? "a"))
            }
        }
        let answers = try #require(files.dropLast().first?.text)
        #expect(answers.contains("alert(1)") && !answers.contains("<"))
    }

    /// Answers that the page does not hold lie in files of bounded size, each question's in one of them.
    @Test func answersLieInFilesOfTheirOwn() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 120)
        let page = try TokenPage(synthetic.reader, experiment: Synthetic.experimentName)
        let files = try page.allFiles()
        #expect(files.last?.name == page.fileName)
        let html = try #require(files.last?.text)
        let index = try parsed(element("data", of: html))
        let first = element("first", of: html)
        let chunks = try #require(index["chunks"] as? [[String: Any]])
        let starts = chunks.compactMap { $0["first"] as? Int }
        #expect(starts.count == files.count && starts.count > 1 && starts.first == 0)
        #expect(
            files.dropLast().map(\.name)
                == (2...files.count).map { "\(page.folderName)/000\($0).js" })
        var contents = [try parsed(first)]
        for (file, chunk) in zip(files.dropLast(), chunks.dropFirst()) {
            let stamp = try #require(chunk["stamp"] as? String)
            let number = try #require(Int(file.name.suffix(7).prefix(4)))
            let call = "citerTokens(\(number),\"\(stamp)\","
            #expect(file.text.hasPrefix(call) && file.text.hasSuffix(");\n"))
            #expect(file.text.utf8.count < 600_000)
            contents.append(try parsed(String(file.text.dropFirst(call.count).dropLast(3))))
        }
        let counts = contents.map { ($0["answers"] as? [Any])?.count ?? 0 }
        #expect(counts.reduce(0, +) == 120)
        #expect(starts == counts.dropLast().reduce(into: [0]) { $0.append(($0.last ?? 0) + $1) })

        // What the first view of 1,319 questions and 24 settings would take.
        let parts = [element("data", of: html).utf8.count, first.utf8.count]
        let fixed = html.utf8.count - parts[0]
        let whole = Double(fixed) + Double(parts[0]) * (1319.0 / 120) * (24.0 / 10)
        #expect(whole < 3_000_000, "\(whole)")
    }

    /// A long text is cut in the first view, and whole beside its answers.
    @Test func longTextsAreCut() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("long.sqlite")
        let store = try ResultsStore(path: path)
        let experiment = try store.register(ExperimentRecord(name: "long", question: nil, spec: ""))
        let dataset = try store.register(
            DatasetRecord(name: "d", split: "test", sha256: "d", rows: 1))
        let long = String(repeating: "word ", count: 200_000)
        try store.register([QuestionRecord(name: "0", text: long + "END")], of: dataset)
        let attempt = try store.beginAttempt(
            AttemptRecord(
                experiment: experiment, programVersion: "1", commit: "", host: "", cpu: "",
                threads: 1, command: "", environment: [:]))
        let cell = try store.register(
            CellRecord(
                experiment: experiment, key: String(repeating: "b", count: 64), canonical: "{}",
                policy: "slm", position: 0, dataset: dataset))
        try store.save(
            SampleRecord(
                question: "0", output: "an output", finish: .stop, gold: nil,
                grade: GradeRecord(
                    extracted: nil, rule: nil, correct: nil, score: 0.25, version: "1"),
                usage: UsageRecord(
                    promptTokens: 1, tokens: 2, llmCalls: 0, llmPasses: 0, slmProcessed: 1,
                    llmProcessed: 0, flops: 1, bytes: 1)),
            in: cell, by: attempt)
        try store.close()
        let files = try TokenPage(ResultsReader(path: path), experiment: "long").allFiles()
        let html = try #require(files.last?.text)
        let data = element("data", of: html)
        #expect(data.contains("\"textLimit\":900000") && !data.contains("END"))
        #expect(element("first", of: html).contains("word END\""))
        #expect(html.contains("\"scores\":[[250]]") && html.contains("\"verdicts\":[\"-\"]"))
    }

    @Test(
        arguments: [
            // The large model against the middle one, by calls, of those in which both write.
            ("slm llm 0.1 0.3 0.2", [1, 4]),
            // Of an even number the one with fewer calls; one model's text by another name is none.
            ("slm llm 0.4 0.2 0 1", [1, 3]),
            // What is the large model's own text is chosen only where there is nothing else.
            ("slm llm 0.1 0.2= 0.3=", [1, 2]), ("slm llm 0.1= 0.2=", [1, 2]),
            // Without the large model the first setting is compared.
            ("slm 0.1 0.2", [0, 1]), ("slm llm", [1, 0]), ("llm 0 1", [0, 1]),
            ("slm", [0, nil]), ("", [nil, nil]),
        ] as [(String, [Int?])])
    func opensOnTheLargeModelAndTheMiddleSetting(cells: String, opening: [Int?]) {
        let candidates = cells.split(separator: " ").map { cell -> TokenPageIndex.Candidate in
            switch cell {
            case "slm": .init(single: .slm, isLossless: false, callRatio: 0)
            case "llm": .init(single: .llm, isLossless: false, callRatio: 1)
            default:
                .init(
                    single: nil, isLossless: cell.hasSuffix("="),
                    callRatio: Double(cell.prefix { $0 != "=" }))
            }
        }
        #expect(TokenPageIndex.opening(candidates) == opening)
    }

    @Test func keysAreAsShortAsTellsThemApart() {
        let (a, b) = (String(repeating: "a", count: 64), String(repeating: "b", count: 64))
        let near = String(repeating: "a", count: 14) + String(repeating: "0", count: 50)
        #expect(TokenPageIndex.prefixes(of: [a, b]) == [a, b].map { String($0.prefix(12)) })
        #expect(TokenPageIndex.prefixes(of: [a, near]) == [a, near].map { String($0.prefix(15)) })
        #expect(TokenPageIndex.prefixes(of: []) == [])
    }

    @Test(arguments: [
        ("0001.js", true), ("12345.js", true), ("001.js", false), ("00a1.js", false),
        ("0001.json", false), (".js", false), ("notes.js", false),
    ])
    func filesOfAnswersAreKnownByTheirNames(name: String, isOne: Bool) {
        #expect(TokenPage.isAnswersName(name) == isOne)
    }

    /// What stands inside the element of that id.
    private func element(_ id: String, of html: String) -> String {
        let start = html.components(separatedBy: "id=\"\(id)\">").last ?? ""
        return start.components(separatedBy: "</script>").first ?? ""
    }

    private func parsed(_ json: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test(.enabled(if: Chromium.path != nil, "chromium is not installed"))
    func showsComparesAndFilters() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 20)
        let html = try TokenPage(synthetic.reader, experiment: Synthetic.experimentName).html()
        let reader = synthetic.reader
        let experiment = try reader.experiment(named: Synthetic.experimentName).id
        let names = ["citer:threshold=0.1", "citer:threshold=0.3"]
        let cells = try names.map { try reader.cell(named: $0, in: experiment) }
        // A question on which the two settings part, with calls in B.
        var (asked, divergence) = (0, 0)
        var tokens: [[TokenRow]] = []
        for question in 0..<12 where tokens.isEmpty {
            let pair = try cells.map { cell in
                try reader.tokens(of: try reader.sample(of: cell.id, question: "\(question)"))
            }
            let first = zip(pair[0], pair[1]).enumerated().first { $1.0.token != $1.1.token }
            if let first { (asked, divergence, tokens) = (question, first.offset, pair) }
        }
        try #require(!tokens.isEmpty)
        // This file's keys differ in their last digit alone.
        let keys = cells.map(\.record.key)
        let found = try Chromium.run(
            html, in: folder.path, hash: "#\(keys[0]),\(keys[1])/\(asked)", Self.script)
        #expect(found["cells"] == cells.map(\.name).joined(separator: "|"))
        let outcomes = try cells.map { try reader.outcomes(of: $0.id) }
        let right = outcomes.map { $0.count { $0.correct == true } }
        let calls = outcomes.map { ratio(of: $0) }
        #expect(
            found["figures"]
                == zip(right, calls).map { "\($0 * 5).0 % right, \($1) % calls" }
                .joined(separator: "|"))
        #expect(found["tokens"] == tokens.map { "\($0.count)" }.joined(separator: "|"))
        #expect(
            found["llm"]
                == tokens.map { "\($0.count { $0.author == .llm })" }.joined(separator: "|"))
        #expect(found["first"] == "\(divergence)|\(divergence)")
        #expect(found["message"]?.hasPrefix("A and B part at token \(divergence + 1):") == true)
        #expect(found["address"] == "#\(keys[0]),\(keys[1])/\(asked)")

        // Each token's shade is its score's nearness, as the terminal shows it.
        let nearness = try #require(try CallNearness(reader, cells[1]))
        let steps = tokens[1].map { $0.score.map { "s\(nearness.step(of: $0))" } ?? "s0" }
        #expect(found["shades"] == steps.joined(separator: "|"))
        #expect(Set(steps).count == 6)
        let differing = tokens[1].count { row in
            guard let slm = row.slm, let llm = row.llm else { return false }
            return slm.token != llm.token
        }
        #expect(found["differing"] == "\(differing)" && differing > 0)

        // The first token of B that the large model wrote, under the mouse.
        let hovered = try #require(tokens[1].first { $0.author == .llm })
        #expect(found["tip"]?.contains("token \(hovered.position + 1), written by the llm") == true)
        #expect(found["tip"]?.contains("95.12 %") == true)  // exp(-0.05)
        let score = try #require(hovered.score)
        #expect(
            found["tip"]?.contains("citer \(fixed(score, 2)) < 0.30: called") == true,
            "\(found["tip"] ?? "")")
        let kept = try #require(tokens[1].first { $0.author == .slm })
        let keptScore = try #require(kept.score)
        #expect(
            found["kept"]?.contains("citer \(fixed(keptScore, 2)) > 0.30: kept") == true,
            "\(found["kept"] ?? "")")

        // Keys: down to the next question, right to the second token, d to the divergence.
        #expect(found["next"] == "Question \(asked + 1)")
        #expect(found["focus"] == "1")
        #expect(found["jump"] == found["jumpExpected"])

        let changed = zip(outcomes[0], outcomes[1]).count { $0.correct != $1.correct }
        #expect(found["filtered"] == "\(20 - right[0])|\(changed)")
        #expect(found["searched"] == "1")
        #expect(found["failure"]?.contains("failed: prompt of 9000 tokens") == true)
        #expect(found["attacks"] == "0")
        #expect(found["errors"] == "")
    }

    private func ratio(of outcomes: [QuestionOutcome]) -> String {
        fixed((outcomes.callRatio ?? 0) * 100, 1)
    }

    /// Works the page as a reader would and writes down what it shows.
    private static let script = #"""
        const seen = {};
        const errors = [];
        window.addEventListener("error", (event) => errors.push(event.message));
        window.alert = () => { errors.push("alert"); };
        const all = (list, value) => [...list].map(value).join("|");
        const key = (name) => (document.activeElement ?? document.body).dispatchEvent(
          new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true }));
        const selects = document.querySelectorAll("section select");
        const boxes = document.querySelectorAll(".tokens");
        const texts = all(selects, (select) => select.selectedOptions[0].textContent);
        seen.cells = texts.split("|").map((text) => text.split(": ")[0]).join("|");
        seen.figures = texts.split("|").map((text) => text.split(": ")[1]).join("|");
        seen.address = location.hash;
        seen.tokens = all(boxes, (box) => box.querySelectorAll(".token").length);
        seen.llm = all(boxes, (box) => box.querySelectorAll(".token.llm").length);
        seen.shades = all(boxes[1].querySelectorAll(".token"),
          (token) => [...token.classList].find((name) => /^s[0-5]$/.test(name)));
        seen.differing = boxes[1].querySelectorAll(".differs").length;
        seen.first = all(boxes, (box) => box.querySelector(".first")?.dataset.index);
        seen.message = document.getElementById("divergence").textContent;
        const point = (token) => token.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        point(boxes[1].querySelector(".token.slm"));
        seen.kept = document.getElementById("tip").textContent;
        point(boxes[1].querySelector(".token.llm"));
        seen.tip = document.getElementById("tip").textContent;
        key("ArrowDown");
        seen.next = document.getElementById("question").textContent;
        key("ArrowRight");
        key("ArrowRight");
        seen.focus = document.activeElement.dataset.index;
        seen.jumpExpected = boxes[0].querySelector(".first")?.dataset.index ?? "1";
        key("d");
        seen.jump = document.activeElement.dataset.index;
        const rows = () => document.querySelectorAll("#list tbody tr").length;
        const filter = document.getElementById("filter");
        const show = (name) => {
          filter.value = name;
          filter.dispatchEvent(new Event("change"));
          return rows();
        };
        seen.filtered = [show("wrongA"), show("differ")].join("|");
        show("all");
        const search = document.getElementById("search");
        search.value = "is 13 +";
        search.dispatchEvent(new Event("input"));
        seen.searched = rows();
        search.value = "";
        search.dispatchEvent(new Event("input"));
        document.querySelectorAll("#list tbody tr")[5].click();
        const option = [...selects[1].options].find((one) =>
          one.textContent.startsWith("random ratio=0.3"));
        selects[1].value = option.value;
        selects[1].dispatchEvent(new Event("change"));
        seen.failure = document.querySelectorAll(".facts")[1].textContent;
        seen.attacks = document.querySelectorAll("img, #list b b, .tokens b, .tokens script").length;
        seen.errors = errors.join("|");
        """#
}

/// Debian's headless browser.
enum Chromium {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Opens the page, runs `script` in it and returns what it left in `seen`.
    static func run(
        _ html: String, in folder: String, hash: String, _ script: String
    ) throws -> [String: String] {
        let result =
            "<pre id=\"seen\"></pre><script>{\(script)\n"
            + "document.getElementById('seen').textContent = "
            + "btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(seen))));"
            + "}</script></body>"
        let page = folder + "/page.html"
        try html.replacing("</body>", with: result)
            .write(toFile: page, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        var arguments = [
            "--headless=new", "--disable-gpu", "--user-data-dir=\(folder)/profile",
            "--virtual-time-budget=5000", "--timeout=30000", "--dump-dom", "file://\(page)\(hash)",
        ]
        // Chromium's sandbox refuses to run as root.
        if geteuid() == 0 { arguments.insert("--no-sandbox", at: 0) }
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let dom = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let start = try #require(dom.range(of: "<pre id=\"seen\">"))
        let end = try #require(dom.range(of: "</pre>", range: start.upperBound..<dom.endIndex))
        let data = try #require(Data(base64Encoded: String(dom[start.upperBound..<end.lowerBound])))
        let values = try JSONDecoder().decode([String: StringOrNumber].self, from: data)
        return values.mapValues(\.text)
    }
}

private struct StringOrNumber: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        text =
            if let number = try? container.decode(Int.self) { "\(number)" } else {
                try container.decode(String.self)
            }
    }
}
