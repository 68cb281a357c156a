import ArgumentParser
import Platform
import Reporting

extension ReportFormat: ExpressibleByArgument {}

/// Prints tables: for people as they can read them, for programs exactly.
func show(_ text: String, as format: ReportFormat) throws {
    switch format {
    case .markdown, .latex: try StandardOutput.show(text)
    case .json: try StandardOutput.write(text + "\n")
    // Its rows end as CSV's do; an end of line more would be a row without fields.
    case .csv: try StandardOutput.data(text)
    }
}
