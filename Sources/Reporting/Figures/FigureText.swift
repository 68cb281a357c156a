import Platform

/// A piece of text in a figure, one line, and the room that it takes.
///
/// Lengths of figures are in points (72 to the inch), from the lower left corner.
struct FigureText: Equatable, Sendable {
    enum Alignment: String, Sendable { case left, center, right }

    /// Height of letters of all figures.
    static let size = 7.0
    /// From a line to the next.
    static let leading = 8.4

    let text: String
    /// Its left end, middle or right end.
    let x: Double
    /// The middle of its height.
    let y: Double
    var alignment = Alignment.left
    /// Whether it reads from below to above.
    var isUpright = false

    /// What it covers.
    var box: FigureBox {
        let (width, height) = (Self.width(of: text), Self.leading)
        let start: Double =
            switch alignment {
            case .left: 0
            case .center: -width / 2
            case .right: -width
            }
        return isUpright
            ? FigureBox(left: x - height / 2, bottom: y + start, width: height, height: width)
            : FigureBox(left: x + start, bottom: y - height / 2, width: width, height: height)
    }

    /// How long a line is in DejaVu Sans; of what the table below lacks, a full em is allowed for.
    static func width(of text: String) -> Double {
        let units = text.unicodeScalars.reduce(0) { sum, scalar in
            let place = Int(scalar.value) - 32
            return sum + (advances.indices.contains(place) ? advances[place] : 1000)
        }
        return Double(units) / 1000 * size
    }

    /// A method's name as tables shorten it: `max-prob, strict, most 7, rows 32k`.
    static func short(_ method: String) -> String {
        method.split(separator: ", ", omittingEmptySubsequences: false).map { word in
            if word.hasPrefix("keep ") { return String(word.dropFirst(5)) }
            if word.hasPrefix("rows "), let rows = Int(word.dropFirst(5)), rows > 0,
                rows.isMultiple(of: 1024)
            {
                return "rows \(rows / 1024)k"
            }
            return String(word)
        }.joined(separator: ", ")
    }

    /// The text in lines of at most `width`: broken after commas, between words where what stands between commas is too long, inside a word that is too
    /// long itself. What does not fit into `count` lines ends in dots.
    static func lines(of text: String, width: Double, count: Int) -> [String] {
        let clauses = visibleLine(text).split(separator: ", ").map(String.init)
        var lines: [String] = []
        var line = ""
        func add(_ piece: String, after gap: String) -> Bool {
            let longer = line.isEmpty ? piece : line + gap + piece
            guard Self.width(of: longer) <= width else { return false }
            line = longer
            return true
        }
        func endLine() {
            if !line.isEmpty { lines.append(line) }
            line = ""
        }
        for (index, clause) in clauses.enumerated() {
            let piece = clause + (index < clauses.count - 1 ? "," : "")
            if add(piece, after: " ") { continue }
            endLine()
            if add(piece, after: " ") { continue }
            for word in piece.split(separator: " ").map(String.init) {
                if add(word, after: " ") { continue }
                endLine()
                for letter in word where !add(String(letter), after: "") {
                    endLine()
                    line = String(letter)
                }
            }
        }
        endLine()
        guard lines.count > count else { return lines }
        var last = lines[count - 1]
        while !last.isEmpty, Self.width(of: last + "…") > width { last.removeLast() }
        return lines[..<(count - 1)] + [last + "…"]
    }

    /// Widths of the signs from space to tilde in DejaVu Sans, in thousandths of the letters' height.
    private static let advances = [
        318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337,
        636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531,
        1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
        603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500,
        500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612,
        635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
    ]
}

/// A rectangle, in points.
struct FigureBox: Equatable, Sendable {
    var left: Double
    var bottom: Double
    var width: Double
    var height: Double

    var right: Double { left + width }
    var top: Double { bottom + height }

    /// Whether they share more than an edge.
    func overlaps(_ other: FigureBox) -> Bool {
        let slack = 1e-6
        return left < other.right - slack && other.left < right - slack
            && bottom < other.top - slack && other.bottom < top - slack
    }
}
