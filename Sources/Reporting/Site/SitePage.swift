import Platform
import ResultsStore

/// A line of the overview page's list.
package struct SiteEntry {
    /// What is known of an experiment.
    package enum State {
        /// Its results; and the page of its answers, token by token, as a link from the overview, where there is one.
        case results(SiteExperiment, tokens: String?)
        /// There is a page of an earlier version, and no database.
        case old
        /// It has a spec, and has never run here.
        case notRun
        /// Its database cannot be read.
        case unreadable(String)
    }

    let name: String
    let question: String?
    /// Its own page, as a link from the overview.
    let page: String?
    let state: State

    /// An experiment named `name`.
    package init(name: String, question: String?, page: String?, state: State) {
        self.name = name
        self.question = question
        self.page = page
        self.state = state
    }
}

/// All experiments on one page: what each says, and a chart of accuracy against cost to look into.
///
/// The file needs no network and no other file. What comes from databases is only ever set as text, and its copy inside the page is JSON in which no
/// character can end the element it stands in. The chart is drawn by Chart.js, which stands in the page with its licence; equal databases give equal bytes.
package struct SitePage {
    private let entries: [SiteEntry]
    private let library: ChartLibrary

    /// Of these experiments, those with results first.
    package init(_ entries: [SiteEntry], library: ChartLibrary) {
        self.entries = entries.filter(\.hasResults) + entries.filter { !$0.hasResults }
        self.library = library
    }

    /// The file's name.
    package static let fileName = "index.html"

    /// The whole page.
    package func html() -> String {
        WebPage(
            title: "citer: experiments", style: WebPage.text(PackageResources.site_css),
            body: """
                \(WebPage.text(PackageResources.site_html))
                <footer>
                <details><summary>\(escapeHTML(library.name)) draws the chart; its licence</summary>
                <pre>\(escapeHTML(library.licence))</pre></details>
                </footer>
                <script type="application/json" id="data">\(json.text())</script>
                <script>
                \(library.script)
                </script>
                <script>
                \(Self.script)
                </script>
                """
        ).html
    }

    /// The page's own script, in parts that use what stands before them.
    static var script: String {
        [
            PackageResources.site_base_js, PackageResources.site_list_js,
            PackageResources.site_chart_js, PackageResources.site_tip_js,
            PackageResources.site_table_js, PackageResources.site_js,
        ].map(WebPage.text).joined(separator: "\n\n")
    }

    private var json: JSONValue { .object([("experiments", .array(entries.map(\.json)))]) }
}

extension SiteEntry {
    fileprivate var hasResults: Bool {
        if case .results = state { true } else { false }
    }

    fileprivate var json: JSONValue {
        var found: SiteExperiment?
        var results = JSONValue.null
        if case .results(let experiment, let tokens) = state {
            found = experiment
            results = experiment.json(tokens: tokens)
        }
        let question = found?.data.experiment.record.question ?? question
        return .object([
            ("name", .string(visibleLine(name))), ("question", .text(question.map(visibleLine))),
            ("page", .text(page)), ("decision", .string(decision.word)),
            ("number", .string(visibleLine(decision.number))),
            ("n", found.map { .integer($0.n) } ?? .null),
            ("pair", .array([found?.slm, found?.llm].map { .text($0.map(visibleLine)) })),
            ("results", results),
        ])
    }

    /// In a word whether it pays, and the number that decides.
    private var decision: (word: String, number: String) {
        switch state {
        case .results(let experiment, _):
            if let verdict = experiment.deciding {
                return (verdict.decision.rawValue, verdict.sentence)
            }
            return ("open", "nothing routed or judged stands beside both single models")
        case .old: return ("old", "make sweep EXP=\(name)")
        case .notRun: return ("not run", "make sweep EXP=\(name)")
        case .unreadable(let message): return ("unreadable", message)
        }
    }
}
