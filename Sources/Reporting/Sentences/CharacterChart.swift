import ResultsStore

/// Accuracy against the share of tokens that the large model wrote itself, drawn in characters.
struct CharacterChart {
    private struct Mark {
        let x: Double
        let y: Double
        let letter: Character
    }

    private static let width = 80
    private static let height = 3
    private let marks: [Mark]

    init(_ data: ReportData, _ all: [EqualityResult]) {
        func mark(_ cell: CellRow, _ letter: Character) -> Mark? {
            guard let curve = data.curve[cell.id], let y = curve.accuracy ?? curve.score,
                let x = curve.callRatio
            else { return nil }
            return Mark(x: x, y: y, letter: letter)
        }
        var marks: [Mark] = []
        // What is drawn later stands above.
        for (kind, letter) in [(EqualityResult.Kind.routed, Character("r")), (.verified, "v")] {
            guard let best = all.best(kind) else { continue }
            marks += all.filter { $0.kind == kind && $0.cell.method == best.cell.method }
                .compactMap { mark($0.cell, letter) }
        }
        if let singles = data.singles {
            marks += [mark(singles.slm, "S"), mark(singles.llm, "L")].compactMap(\.self)
        }
        self.marks = marks
    }

    /// The field from the highest accuracy down, and its axis; empty where all points have one accuracy.
    var lines: [String] {
        let ys = marks.map(\.y)
        guard let low = ys.min(), let high = ys.max(), low < high else { return [] }
        var field = [[Character]](
            repeating: [Character](repeating: " ", count: Self.width + 1), count: Self.height)
        for mark in marks {
            let row = Int(((high - mark.y) / (high - low) * Double(Self.height - 1)).rounded())
            field[row][Int((mark.x * Double(Self.width)).rounded())] = mark.letter
        }
        let levels = field.indices.map { row in
            high - (high - low) * Double(row) / Double(Self.height - 1)
        }
        let axis = (0...4).map { tick -> String in
            let text = "\(25 * tick)"
            return String(repeating: " ", count: tick == 0 ? 0 : Self.width / 4 - text.count) + text
        }.joined()
        return zip(field, levels).map { row, level in
            let label = fixed(100 * level, 1)
            let drawn = row[...(row.lastIndex { $0 != " " } ?? 0)]
            return String(repeating: " ", count: 6 - label.count) + label + " |" + String(drawn)
        } + ["        \(axis) % by L"]
    }
}
