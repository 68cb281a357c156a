import Foundation
import Reporting
import ResultsStore
import Testing

struct TokenPageTests {
    @Test func holdsNoTextThatCouldEndItsElement() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 20)
        let html = try TokenPage(synthetic.reader, experiment: Synthetic.experimentName).html()
        // Two scripts and the title, each closed once.
        #expect(html.components(separatedBy: "</script>").count - 1 == 2)
        #expect(html.components(separatedBy: "<title>sums &lt;&amp;&gt; 100%_\\|").count - 1 == 1)
        for scalar in ["\u{2028}", "\u{2029}", "\u{1B}"] { #expect(!html.contains(scalar)) }
        for word in ["http:", "https:", "src=\"", "@import", "innerHTML", "fetch("] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test(.enabled(if: Chromium.path != nil, "chromium is not installed"))
    func showsComparesAndFilters() throws {
        let folder = try TemporaryFolder()
        let synthetic = try Synthetic(folder: folder, questions: 20)
        let html = try TokenPage(synthetic.reader, experiment: Synthetic.experimentName).html()
        let reader = synthetic.reader
        let experiment = try reader.experiment(named: Synthetic.experimentName).id
        let cells = ["citer:threshold=0.1", "citer:threshold=0.3"]
        // A question on which the two settings part, with calls on the right.
        var (asked, divergence) = (0, 0)
        var tokens: [[TokenRow]] = []
        for question in 0..<12 where tokens.isEmpty {
            let pair = try cells.map { name in
                let cell = try reader.cell(named: name, in: experiment).id
                return try reader.tokens(of: try reader.sample(of: cell, question: "\(question)"))
            }
            let first = zip(pair[0], pair[1]).enumerated().first { $1.0.token != $1.1.token }
            if let first { (asked, divergence, tokens) = (question, first.offset, pair) }
        }
        try #require(!tokens.isEmpty)
        // Cells stand in the spec's order after the two single ones.
        let found = try Chromium.run(
            html, in: folder.path, hash: "#q=\(asked)&a=6&b=7", Self.script)
        #expect(found["cells"] == cells.map { $0.replacing(":", with: " ") }.joined(separator: "|"))
        #expect(found["tokens"] == tokens.map { "\($0.count)" }.joined(separator: "|"))
        #expect(
            found["llm"]
                == tokens.map { "\($0.count { $0.author == .llm })" }.joined(separator: "|"))
        #expect(found["first"] == "\(divergence)|\(divergence)")
        #expect(found["message"]?.hasPrefix("First divergence at token \(divergence + 1):") == true)

        // The right token under the mouse: both candidates with their probabilities.
        let hovered = try #require(tokens[1].first { $0.author == .llm })
        #expect(found["tip"]?.contains("token \(hovered.position + 1), written by the llm") == true)
        #expect(found["tip"]?.contains("95.12 %") == true)  // exp(-0.05)
        #expect(found["tip"]?.contains("threshold 0.3") == true)

        // Keys: down to the next question, right to the second token, d to the divergence.
        #expect(found["next"] == "\(asked + 1).")
        #expect(found["focus"] == "1")
        #expect(found["jump"] == found["jumpExpected"])

        let outcomes = try cells.map { name in
            try reader.outcomes(of: try reader.cell(named: name, in: experiment).id)
        }
        let right = outcomes[0].count { $0.correct == true }
        let changed = zip(outcomes[0], outcomes[1]).count { $0.correct != $1.correct }
        #expect(found["counts"] == "20|\(right)|\(20 - right)|\(changed)")
        #expect(found["filtered"] == "\(20 - right)")
        #expect(found["searched"] == "1")
        #expect(found["failure"]?.contains("failed: prompt of 9000 tokens") == true)
        #expect(found["attacks"] == "0")
        #expect(found["errors"] == "")
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
        const selects = document.querySelectorAll("select");
        const boxes = document.querySelectorAll(".tokens");
        const pick = (side, name) => {
          const option = [...selects[side].options].find((option) => option.textContent === name);
          selects[side].value = option.value;
          selects[side].dispatchEvent(new Event("change"));
        };
        seen.cells = all(selects, (select) => select.selectedOptions[0].textContent);
        seen.tokens = all(boxes, (box) => box.querySelectorAll(".token").length);
        seen.llm = all(boxes, (box) => box.querySelectorAll(".token.llm").length);
        seen.first = all(boxes, (box) => box.querySelector(".first")?.dataset.index);
        seen.message = document.getElementById("divergence").textContent;
        boxes[1].querySelector(".token.llm").dispatchEvent(
          new MouseEvent("mouseover", { bubbles: true }));
        seen.tip = document.getElementById("tip").textContent;
        key("ArrowDown");
        seen.next = document.getElementById("question").textContent.split(" ")[0];
        key("ArrowRight");
        key("ArrowRight");
        seen.focus = document.activeElement.dataset.index;
        seen.jumpExpected = boxes[0].querySelector(".first")?.dataset.index ?? "1";
        key("d");
        seen.jump = document.activeElement.dataset.index;
        seen.counts = all(document.querySelectorAll("fieldset output"), (out) => out.textContent);
        const wrong = document.querySelector("[value=wrong]");
        wrong.checked = true;
        wrong.dispatchEvent(new Event("change"));
        seen.filtered = document.querySelectorAll("#list li").length;
        document.querySelector("[value=all]").dispatchEvent(new Event("change"));
        const search = document.getElementById("search");
        search.value = "is 13 +";
        search.dispatchEvent(new Event("input"));
        seen.searched = document.querySelectorAll("#list li").length;
        search.value = "";
        search.dispatchEvent(new Event("input"));
        document.querySelectorAll("#list li")[5].click();
        pick(1, "random ratio=0.3");
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
            "<pre id=\"seen\"></pre><script>\(script)\n"
            + "document.getElementById('seen').textContent = "
            + "btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(seen))));"
            + "</script></body>"
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
