import Foundation

/// The text below a figure, as files beside it.
struct FigureCaption: Equatable {
    let name: String
    let text: String

    private static let mark = "% Caption of a figure, written by citer report."

    /// To be used as `\caption{\input{NAME.tex}}`.
    var latex: String { Self.mark + "\n" + escapeLaTeX(text) + "%\n" }

    /// All of an experiment on a page, with their pictures.
    static func page(_ captions: [FigureCaption], experiment: String) -> String {
        "# Figures of \(escapeMarkdown(experiment))\n"
            + captions.map { caption in
                "\n![\(caption.name)](\(caption.name).svg)\n\n**\(caption.name)** ([PDF](\(caption.name).pdf), "
                    + "[caption for LaTeX](\(caption.name).tex)). "
                    + paragraphMarkdown(caption.text) + "\n"
            }.joined()
    }

    static let pageName = "captions.md"

    /// Whether a file's text is a caption of ours.
    static func isOwn(_ text: String) -> Bool { text.hasPrefix(mark) }
}
