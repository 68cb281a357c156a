import Foundation

/// The file formats of figures.
package enum FigureFormat: String, CaseIterable, Sendable {
    /// For pages.
    case svg
    /// For papers, with its letters in it.
    case pdf

    /// Whether a picture ends as one of its format does.
    func isWhole(_ data: Data) -> Bool {
        switch self {
        case .svg: String(decoding: data.suffix(64), as: UTF8.self).contains("</svg>")
        case .pdf: String(decoding: data.suffix(16), as: UTF8.self).contains("%%EOF")
        }
    }

    /// The picture as it is kept: the same bytes whenever it is drawn, and letters of about the same width where the font is missing.
    func kept(_ data: Data, title: String) -> Data {
        switch self {
        case .svg:
            return Data(
                String(decoding: data, as: UTF8.self)
                    .replacing(
                        "font-family=\"DejaVu Sans\"",
                        with: "font-family=\"DejaVu Sans, Verdana, sans-serif\""
                    )
                    .replacing("<title>Gnuplot</title>", with: "<title>\(title)</title>").utf8)
        case .pdf:
            var data = data
            let start = Data("/CreationDate (D:".utf8)
            guard let found = data.range(of: start),
                let end = data[found.upperBound...].firstIndex(of: UInt8(ascii: ")"))
            else { return data }
            // As long as it was: the file's table of contents counts bytes.
            let digits = found.upperBound..<end
            let none = "19700101000000Z".utf8.prefix(digits.count)
            data.replaceSubrange(
                digits,
                with: none + Array(repeating: UInt8(ascii: "0"), count: digits.count - none.count))
            return data
        }
    }
}
