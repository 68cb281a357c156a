import Foundation
import Platform
package import ResultsStore

/// Why figures could not be drawn.
package enum FigureError: ReportableError, Equatable {
    /// gnuplot is not on the search path.
    case gnuplotMissing
    /// The folder holds no `NAME.gp` beside a `NAME.sql`.
    case noScripts(folder: String)
    /// A query does not return the columns that a script plots.
    case query(script: String, message: String)
    /// gnuplot rejected a script.
    case script(script: String, message: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { false }

    /// What was found, what to do.
    package var description: String {
        switch self {
        case .gnuplotMissing:
            "gnuplot is not installed; on Debian: apt-get install gnuplot-nox"
        case .noScripts(let folder): "\(folder): no NAME.gp beside a NAME.sql"
        case .query(let script, let message): "\(script): \(message)"
        case .script(let script, let message): "\(script): gnuplot says: \(message)"
        }
    }
}

/// The file formats of figures.
package enum FigureFormat: String, CaseIterable, Sendable {
    /// For papers and pages.
    case svg
    /// For everything else, at 300 dots an inch.
    case png

    /// Whether a picture ends as one of its format does.
    func isWhole(_ data: Data) -> Bool {
        switch self {
        case .svg: String(decoding: data.suffix(64), as: UTF8.self).contains("</svg>")
        case .png: data.suffix(8).starts(with: Data("IEND".utf8))
        }
    }
}

/// The figures of an experiment, drawn by gnuplot from scripts that users may edit.
///
/// Each `NAME.gp` in the folder plots what `NAME.sql` beside it selects for `:experiment`. The first
/// column names a series; each series becomes a block of the data file, headed by its name.
///
/// Figures are of one configuration: `:cells`, `:attempts` and `:routers` are JSON arrays of the numbers that belong to it, for `json_each`.
package struct Figures {
    private let folder: String
    private let scripts: [String]

    /// The scripts in `folder`, such as `analysis/figures`.
    package init(scripts folder: String) throws(FigureError) {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        self.folder = URL(fileURLWithPath: folder).path
        scripts = files.filter { $0.hasSuffix(".gp") }.map { String($0.dropLast(3)) }
            .filter { files.contains("\($0).sql") }.sorted()
        guard !scripts.isEmpty else { throw .noScripts(folder: folder) }
    }

    /// Draws all figures for which there are rows into `output`, as `EXPERIMENT/figures/NAME.svg`.
    ///
    /// Returns the files written. Throws `FigureError`, `StoreError` or a file system's error.
    package func draw(
        _ reader: ResultsReader, experiment: String, configuration: String? = nil,
        into output: String, as formats: [FigureFormat] = FigureFormat.allCases
    ) throws -> [String] {
        let data = try ReportData(reader, experiment: experiment, configuration: configuration)
        let parameters = try Self.parameters(reader, data, experiment: experiment)
        let work = NSTemporaryDirectory() + "figures-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: work) }
        var written: [String] = []
        for script in scripts {
            let sql = try String(contentsOfFile: "\(folder)/\(script).sql", encoding: .utf8)
            let rows = try reader.query(sql, parameters: parameters)
            guard rows.columns.count >= 3 else {
                throw FigureError.query(
                    script: "\(script).sql",
                    message: "\(rows.columns.count) columns, and a figure needs series, x and y")
            }
            guard !rows.rows.isEmpty else { continue }
            let data = "\(work)/\(script).tsv"
            try blocks(rows).write(toFile: data, atomically: true, encoding: .utf8)
            for format in formats {
                let name = "\(script).\(format.rawValue)"
                let file = "\(output)/\(ExperimentName.stem(experiment))/figures/\(name)"
                // gnuplot says nothing of a full disk, so what it drew is looked at before it gets its name.
                let drawn = "\(work)/\(name)"
                try plot(script, data: data, to: drawn, format)
                let picture = try Data(contentsOf: URL(fileURLWithPath: drawn))
                guard format.isWhole(picture) else {
                    throw FigureError.script(
                        script: "\(script).gp",
                        message: "the picture is not complete; is the disk of \(work) full?")
                }
                try WholeFile.write(picture, to: file)
                written.append(file)
            }
        }
        return written
    }

    /// What belongs to the configuration, as queries take it.
    private static func parameters(
        _ reader: ResultsReader, _ data: ReportData, experiment: String
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
            "experiment": .text(experiment), "cells": list(data.cells.map(\.id.value)),
            "attempts": list(data.attempts.map(\.id.value)), "routers": list(routers),
        ]
    }

    private func plot(
        _ script: String, data: String, to file: String, _ format: FigureFormat
    ) throws {
        let command = Command(
            ["gnuplot", "-c", "\(script).gp", data, file, format.rawValue], in: folder,
            output: .result)
        let message: String
        switch SystemCommandRunner().run(command) {
        case .exited(status: 0, output: _, complaint: _): return
        case .exited(_, _, let complaint): message = complaint
        case .signalled(let signal): message = "ended by signal \(signal)"
        case .notFound: throw FigureError.gnuplotMissing
        case .notStarted(let reason): message = reason
        }
        throw FigureError.script(script: "\(script).gp", message: message)
    }
}

/// The rows as gnuplot reads them: blocks by series, each with a header line.
func blocks(_ result: QueryResult) -> String {
    var out = ""
    var series: String?
    for row in result.rows {
        let fields = row.map(field)
        if fields.first != series {
            if series != nil { out += "\n\n" }
            series = fields.first
            out += ([series ?? ""] + result.columns.dropFirst()).joined(separator: "\t") + "\n"
        }
        out += fields.joined(separator: "\t") + "\n"
    }
    return out
}

private func field(_ value: QueryValue) -> String {
    switch value {
    case .null: "NULL"
    case .integer(let value): String(value)
    case .real(let value): numberText(value)
    // Tabs and quotes would split or join fields.
    case .text(let text):
        visibleLine(text).replacing("\"", with: "'")
    }
}
