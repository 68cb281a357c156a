import ResultsStore

// What a setting is called where there is little room: by what was asked for, not by the threshold that this came to.

extension CellRow {
    /// The policy or label with all of its setting but the threshold, such as `margin, ratio 0.2, most 7, rows 32k`.
    var shortPolicy: String {
        ([record.label ?? record.policy] + settingWords).joined(separator: ", ")
    }

    /// The share of calls that it was set to, such as `10 %`; else its threshold, such as `0.411`. Nil without either.
    var target: String? {
        if let asked = record.asked { return percentWord(asked) }
        return record.threshold.map { numberText(($0 * 1000).rounded() / 1000) }
    }

    /// Both, such as `margin 10 %, strict, most 7`.
    var shortName: String {
        ([[record.label ?? record.policy, target].compactMap(\.self).joined(separator: " ")]
            + settingWords).joined(separator: ", ")
    }

    /// The setting's parts, but for the threshold or the ratio of a draw, which `target` tells.
    private var settingWords: [String] {
        (record.setting ?? "").split(separator: ",").compactMap { part in
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard sides.count == 2 else { return String(part) }
            switch sides[0] {
            case "threshold" where target != nil: return nil
            case "ratio" where record.asked != nil: return nil
            case "keep": return sides[1].replacing(":", with: " ")
            case "rows": return "rows \(thousands(sides[1]))"
            default: return "\(sides[0]) \(sides[1])"
            }
        }
    }

    /// `32k` for 32768.
    private func thousands(_ count: String) -> String {
        guard let number = Int(count), number > 0, number.isMultiple(of: 1024) else { return count }
        return "\(number / 1024)k"
    }
}

/// A share as people ask for it: `10 %`, `2.5 %`.
func percentWord(_ share: Double) -> String {
    numberText((share * 1000).rounded() / 10) + " %"
}
