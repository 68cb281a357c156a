import Platform

/// Why figures could not be drawn.
package enum FigureError: ReportableError, Equatable {
    /// gnuplot is not on the search path.
    case gnuplotMissing
    /// The folder holds no script that draws curves.
    case noScripts(folder: String)
    /// A query does not return the columns that a figure needs, or does not say what they are.
    case query(script: String, message: String)
    /// gnuplot rejected a script.
    case script(script: String, message: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { false }

    /// What was found, what to do.
    package var description: String {
        switch self {
        case .gnuplotMissing:
            "gnuplot is not installed; on Debian: apt-get install gnuplot-nox fonts-dejavu-core"
        case .noScripts(let folder): "\(folder): no panel.gp, which draws figures"
        case .query(let script, let message): "\(script): \(message)"
        case .script(let script, let message): "\(script): gnuplot says: \(message)"
        }
    }
}
