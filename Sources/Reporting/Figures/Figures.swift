import Foundation
import Platform
package import ResultsStore

/// The figures of an experiment, drawn by gnuplot from scripts that users may edit.
///
/// What a figure shows comes from the report's results, like its tables, or from a query `NAME.sql` in the folder (`QueryFigure`). Where each
/// thing stands on paper is decided here (`PanelLayout`); `panel.gp`, `differences.gp` and, where there is one, `NAME.gp` draw it.
///
/// Figures are of one configuration: to queries, `:cells`, `:attempts` and `:routers` are JSON arrays of the numbers that belong to it, for `json_each`.
package struct Figures {
    private let folder: String
    private let scripts: Set<String>
    private let queries: [String]

    /// The scripts in `folder`, such as `analysis/figures`.
    package init(scripts folder: String) throws(FigureError) {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let names = { (ending: String) in
            files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
        }
        self.folder = URL(fileURLWithPath: folder).path
        scripts = Set(names(".gp"))
        queries = names(".sql").sorted()
        guard scripts.contains("panel") else { throw .noScripts(folder: folder) }
    }

    /// One figure, ready to be drawn.
    private struct Drawing {
        let name: String
        let script: String
        let gnuplot: GnuplotText
        let caption: String
    }

    /// Draws all figures for which there is something to show into `output`, as `EXPERIMENT/figures/NAME.svg` and so on, with their captions, and
    /// deletes those of an earlier report that there is nothing to show of any more.
    ///
    /// Returns the files written. Throws `FigureError`, `StoreError` or a file system's error.
    package func draw(
        _ report: Report, _ reader: ResultsReader, into output: String,
        as formats: [FigureFormat] = FigureFormat.allCases
    ) throws -> [String] {
        let results = report.results
        let drawings = try drawings(results, reader)
        let target = "\(output)/\(ExperimentName.stem(results.experiment))/figures"
        let work = NSTemporaryDirectory() + "figures-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: work) }
        var written: [String] = []
        for drawing in drawings {
            let (settings, data) = ("\(work)/settings.gp", "\(work)/data.tsv")
            try drawing.gnuplot.settings.write(toFile: settings, atomically: true, encoding: .utf8)
            try drawing.gnuplot.data.write(toFile: data, atomically: true, encoding: .utf8)
            for format in formats {
                // gnuplot says nothing of a full disk, so what it drew is looked at before it gets its name.
                let drawn = "\(work)/\(drawing.name).\(format.rawValue)"
                try plot(drawing.script, settings: settings, data: data, to: drawn, format)
                let picture = try Data(contentsOf: URL(fileURLWithPath: drawn))
                guard format.isWhole(picture) else {
                    throw FigureError.script(
                        script: "\(drawing.script).gp",
                        message: "the picture is not complete; is the disk of \(work) full?")
                }
                let file = "\(target)/\(drawing.name).\(format.rawValue)"
                try WholeFile.write(format.kept(picture, title: drawing.name), to: file)
                written.append(file)
            }
            let caption = FigureCaption(name: drawing.name, text: drawing.caption)
            try WholeFile.write(caption.latex, to: "\(target)/\(drawing.name).tex")
            written.append("\(target)/\(drawing.name).tex")
        }
        if !drawings.isEmpty {
            let page = FigureCaption.page(
                drawings.map { FigureCaption(name: $0.name, text: $0.caption) },
                experiment: results.experiment)
            try WholeFile.write(page, to: "\(target)/\(FigureCaption.pageName)")
            written.append("\(target)/\(FigureCaption.pageName)")
        }
        StaleFigures(folder: target, own: ownNames).delete(keeping: Set(drawings.map(\.name)))
        return written
    }

    /// All names that a figure of ours can have.
    private var ownNames: Set<String> {
        Set(Currency.all.map { "accuracy-\($0.figure)" } + queries).union(StaleFigures.former)
            .union([DifferenceFigure.name, AskedFigure.name])
    }

    private func drawings(_ results: Results, _ reader: ResultsReader) throws -> [Drawing] {
        let choice = FigureChoice(results)
        var panels = AccuracyFigures(results: results, choice: choice).panels
        panels += [AskedFigure.panel(results, choice)].compactMap(\.self)
        let parameters = try Self.parameters(reader, results.data)
        for name in queries {
            let sql = try String(contentsOfFile: "\(folder)/\(name).sql", encoding: .utf8)
            let figure = try QueryFigure(name: name, sql: sql)
            let panel = try figure.panel(
                reader, parameters: parameters, origin: results.data.origin
            ) { choice.styles(ofSeries: $0, results.data) }
            panels += [panel].compactMap(\.self)
        }
        var drawings = panels.map { panel in
            Drawing(
                name: panel.name, script: scripts.contains(panel.name) ? panel.name : "panel",
                gnuplot: PanelLayout(panel).gnuplot, caption: panel.caption)
        }
        if let differences = DifferenceFigure(results, choice) {
            drawings.append(
                Drawing(
                    name: DifferenceFigure.name, script: DifferenceFigure.name,
                    gnuplot: DifferenceLayout(differences).gnuplot, caption: differences.caption))
        }
        return drawings
    }

    /// What belongs to the configuration, as queries take it.
    private static func parameters(
        _ reader: ResultsReader, _ data: ReportData
    ) throws -> [String: QueryValue] {
        let list = { (numbers: [Int64]) -> QueryValue in
            .text("[" + numbers.sorted().map { "\($0)" }.joined(separator: ",") + "]")
        }
        let routers = try reader.query("SELECT id, name FROM router").rows.compactMap {
            row -> Int64? in
            guard case .integer(let id) = row[0], case .text(let name) = row[1] else { return nil }
            return data.cells.use(RowID(id), named: name) ? id : nil
        }
        return [
            "experiment": .text(data.experiment.record.name),
            "cells": list(data.cells.map(\.id.value)),
            "attempts": list(data.attempts.map(\.id.value)), "routers": list(routers),
        ]
    }

    private func plot(
        _ script: String, settings: String, data: String, to file: String, _ format: FigureFormat
    ) throws(FigureError) {
        let command = Command(
            ["gnuplot", "-c", "\(script).gp", settings, data, file, format.rawValue], in: folder,
            output: .result)
        let message: String
        switch SystemCommandRunner().run(command) {
        case .exited(status: 0, output: _, complaint: _): return
        case .exited(_, _, let complaint): message = complaint
        case .signalled(let signal): message = "ended by signal \(signal)"
        case .notFound: throw .gnuplotMissing
        case .notStarted(let reason): message = reason
        }
        throw .script(script: "\(script).gp", message: message)
    }
}

extension FigureChoice {
    /// Of series that are methods, or routers: a router looks like the first method that asks it.
    fileprivate func styles(ofSeries names: [String], _ data: ReportData) -> [String: MethodStyle] {
        var looks: [String: MethodStyle] = [:]
        for name in names {
            let method = data.cells.first { $0.router == name }?.method ?? name
            if let style = styles[method], !looks.values.contains(style) { looks[name] = style }
        }
        let strangers = names.filter { looks[$0] == nil }
        let all = MethodStyle.styles(of: data.methods.map(\.name) + strangers)
        for name in strangers { looks[name] = all[name] }
        return looks
    }
}
