import Foundation

/// Figures of earlier reports that there is nothing to show of any more.
struct StaleFigures {
    let folder: String
    /// All names that a figure of ours can have.
    let own: Set<String>

    /// Names of figures that earlier versions drew.
    static let former: Set<String> = [
        "accuracy-tokens-per-pass", "calibration", "threshold-calls", "time",
    ]

    /// Deletes them, whatever their format; a file of another make stays, whatever its name.
    func delete(keeping drawn: Set<String>) {
        for name in own.subtracting(drawn) where isOwn(name) {
            for ending in ["svg", "pdf", "png", "tex"] {
                try? FileManager.default.removeItem(atPath: "\(folder)/\(name).\(ending)")
            }
        }
        let page = "\(folder)/\(FigureCaption.pageName)"
        if drawn.isEmpty { try? FileManager.default.removeItem(atPath: page) }
    }

    /// By the caption, which earlier versions did not write, or by the mark that gnuplot leaves in pictures.
    private func isOwn(_ name: String) -> Bool {
        let text = { (ending: String) in
            (try? String(contentsOfFile: "\(folder)/\(name).\(ending)", encoding: .utf8)) ?? ""
        }
        return FigureCaption.isOwn(text("tex"))
            || text("svg").prefix(1000).contains("Produced by GNUPLOT")
    }
}
