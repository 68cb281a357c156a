import Platform
import ResultsStore

/// Another harness's logs, as which a cell's answers can be written.
package enum ExportedLog: String, CaseIterable, Sendable {
    /// lm-evaluation-harness: a folder a cell, with its results and its samples.
    case harness = "lm-eval"
    /// Inspect: a file a cell, in the experiment's folder.
    case inspect

    /// Writes the files of all cells below `folder`, and tells each one's path.
    package func write(
        _ export: Export, into folder: String, told: (String) -> Void
    ) throws {
        let (reader, experiment) = (export.reader, export.experiment)
        for cell in export.cells {
            func write(_ path: String, _ fill: ((String) throws -> Void) throws -> Void) throws {
                try WholeFile.write(to: "\(folder)/\(path)", by: fill)
                told("\(folder)/\(path)")
            }
            switch self {
            case .harness:
                let log = try HarnessLog(reader, cell: cell, experiment: experiment)
                try write(log.samplesPath, log.writeSamples)
                try write(log.resultsPath) { try $0(log.results) }
            case .inspect:
                let log = try InspectLog(reader, cell: cell, experiment: experiment)
                let place = ExperimentName.stem(experiment.record.name)
                try write("\(place)/inspect/\(log.name)", log.write)
            }
        }
    }
}
