/// `text` with characters that would steer a terminal, or turn the order of its letters, shown
/// instead of obeyed. Line ends and tabs stay. Showing twice is showing once.
package func visible(_ text: String) -> String {
    // Nearly every text is plain, and most are long.
    guard text.unicodeScalars.contains(where: steers) else { return text }
    return text.unicodeScalars.reduce(into: "") { out, scalar in
        switch scalar {
        case _ where !steers(scalar): out.unicodeScalars.append(scalar)
        case "\u{0}"..."\u{1F}":
            // The pictures of the control characters stand in their order from U+2400.
            out.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
        case "\u{7F}": out += "\u{2421}"
        default: out += "<U+\(String(scalar.value, radix: 16, uppercase: true))>"
        }
    }
}

/// The same on one line: for names, table cells and whatever else must not end its line.
package func visibleLine(_ text: String) -> String {
    visible(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: " ")
        .replacing("\t", with: " ")
}

/// JSON text whose strings hold no character that steers a terminal: they are written as escapes, which read back the same.
///
/// `json` must be valid, so that such characters occur inside strings alone.
package func visibleJSON(_ json: String) -> String {
    let isHidden = { (scalar: Unicode.Scalar) in scalar.value >= 0x7F && steers(scalar) }
    guard json.unicodeScalars.contains(where: isHidden) else { return json }
    return json.unicodeScalars.reduce(into: "") { out, scalar in
        guard isHidden(scalar) else { return out.unicodeScalars.append(scalar) }
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

/// Controls of C0 (but line end and tab), DEL and C1; marks, embeddings, overrides and isolates of direction; separators of lines and paragraphs.
package func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\t": false
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{61C}", "\u{200E}", "\u{200F}",
        "\u{2028}"..."\u{202E}", "\u{2066}"..."\u{206F}":
        true
    default: false
    }
}
