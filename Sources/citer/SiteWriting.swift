import ArgumentParser
import Foundation
import Platform
import Reporting
import ResultsStore
import Specs

/// Writes the overview page: of all experiments here, or of one.
struct SiteWriting {
    /// Where the page goes.
    let folder: String
    let library: ChartLibrary
    /// Whether each experiment's answers get a page beside it, token by token.
    let withTokens: Bool
    private let results = ResultsFolder("results")

    /// The page of every experiment that has a spec, a database or a page of its own.
    ///
    /// One that cannot be read is said to be so, there and on standard error; then the work has failed, and the page has all others.
    func writeAll() throws {
        let questions = Self.questions()
        var isWhole = true
        let names = Set(results.experiments).union(questions.keys).sorted()
        // Packed databases are unpacked for the page alone: reading all of them should not leave them all lying there.
        let scratch = ScratchFolder.another()
        let entries = try names.map { name in
            try Interruption.check()
            let question = questions[name] ?? nil
            do {
                let state = try state(of: name, scratch: scratch)
                return entry(name, state, question: question)
            } catch let error as StoreError {
                StandardError.note("\(name): \(error)")
                isWhole = false
                return entry(name, .unreadable(error.description), question: question)
            }
        }
        try write(entries)
        if !isWhole { throw ExitCode.workFailed }
    }

    /// The page of one experiment, out of a database that is open.
    func write(
        _ name: String, of reader: ResultsReader, configuration: String?, latency: ResultsReader?
    ) throws {
        let experiment = try SiteExperiment(
            reader, experiment: name, configuration: configuration, latency: latency)
        guard experiment.hasAnswers else { throw SiteError.noAnswers(experiment: name) }
        let tokens = try tokens(of: reader, name, configuration)
        let state = SiteEntry.State.results(experiment, tokens: tokens)
        try write([entry(name, state, question: nil)])
    }

    private func state(of name: String, scratch: String) throws -> SiteEntry.State {
        if let reader = try results.reader(of: name, scratch: scratch) {
            let experiment = try SiteExperiment(reader, experiment: name)
            if experiment.hasAnswers {
                return .results(experiment, tokens: try tokens(of: reader, name, nil))
            }
        }
        return results.page(of: name) == nil ? .notRun : .old
    }

    private func entry(
        _ name: String, _ state: SiteEntry.State, question: String?
    ) -> SiteEntry {
        SiteEntry(
            name: name, question: question,
            page: results.page(of: name).map { relativeLink(to: $0, from: folder) }, state: state)
    }

    /// The link to the page of an experiment's answers, which is written if it is wanted; nil if there is none.
    private func tokens(
        of reader: ResultsReader, _ name: String, _ configuration: String?
    ) throws -> String? {
        let link = ExperimentName.stem(name) + "/tokens.html"
        if withTokens {
            try TokenPage(reader, experiment: name, configuration: configuration)
                .write(into: folder)
        }
        return FileManager.default.fileExists(atPath: "\(folder)/\(link)") ? link : nil
    }

    private func write(_ entries: [SiteEntry]) throws {
        let path = "\(folder)/\(SitePage.fileName)"
        try WholeFile.write(SitePage(entries, library: library).html(), to: path)
        StandardError.note("wrote \(path)")
    }

    /// What each spec beside the results asks, by the experiment's name.
    private static func questions() -> [String: String?] {
        let folder = "experiments"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let headings = files.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .compactMap { SpecHeading(path: "\(folder)/\($0)") }
        return Dictionary(
            headings.map { ($0.experiment, $0.question) }, uniquingKeysWith: { first, _ in first })
    }
}

/// Why there is no overview page.
enum SiteError: ReportableError, Equatable {
    /// Its database holds no finished answer.
    case noAnswers(experiment: String)

    /// Whether what was given is at fault, rather than the work.
    var isBadInput: Bool { true }

    /// What was found, what to do.
    var description: String {
        switch self {
        case .noAnswers(let experiment):
            "\(experiment): no answers yet; run it first: citer sweep experiments/\(experiment).yaml"
        }
    }
}

/// How a page in `folder` links to a file.
func relativeLink(to file: String, from folder: String) -> String {
    let parts = { (path: String) in
        URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    }
    let (to, from) = (parts(file), parts(folder))
    let common = zip(to, from).prefix { $0.0 == $0.1 }.count
    let steps = Array(repeating: "..", count: from.count - common) + to[common...]
    return steps.map { step in
        step.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? step
    }.joined(separator: "/")
}
