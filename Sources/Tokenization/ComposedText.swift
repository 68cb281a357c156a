@_spi(_Unicode) import Swift

/// Normalisation form C (Unicode, annex 15), into which some families' tokenizers bring a text before they split it.
///
/// The composing is the standard library's own. It is given text in canonical order, for two reasons. It takes U+0F73, U+0F75 and U+0F81 for places that
/// marks cannot be moved across, though they are made of marks; here they come as what they are made of. And it orders marks by inserting, in quadratic
/// time for a long run of them. (Foundation's `precomposedStringWithCanonicalMapping` on Linux leaves some Hangul apart, composes other Hangul that
/// it should not, and is quadratic, too.)
enum ComposedText {
    /// Whether UTF-8 text is composed for certain, as text without any scalar from U+0300 on is. O(bytes).
    static func isComposed(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { byte in byte < 0xCC }
    }

    /// The text in form C. O(n log n) in the longest run of marks, linear in the text.
    static func composing(_ text: String) -> String {
        var ordered = OrderedScalars()
        for scalar in text.unicodeScalars { ordered.append(scalar) }
        var composed = String.UnicodeScalarView()
        for scalar in ordered.text._nfc { composed.append(scalar) }
        return String(composed)
    }
}

/// Scalars with each run of marks in canonical order: by combining class, those of one class as they came.
private struct OrderedScalars {
    private var scalars = String.UnicodeScalarView()
    private var marks: [(order: UInt8, scalar: Unicode.Scalar)] = []

    /// The text so far; ends the last run.
    var text: String {
        mutating get {
            endRun()
            return String(scalars)
        }
    }

    /// Adds a scalar, or the marks that it is made of.
    mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\u{344}": append(marks: "\u{308}", "\u{301}")
        case "\u{F73}": append(marks: "\u{F71}", "\u{F72}")
        case "\u{F75}": append(marks: "\u{F71}", "\u{F74}")
        case "\u{F81}": append(marks: "\u{F71}", "\u{F80}")
        default:
            let order = scalar.combiningClass
            if order > 0 {
                marks.append((order, scalar))
            } else {
                endRun()
                scalars.append(scalar)
            }
        }
    }

    private mutating func append(marks added: Unicode.Scalar...) {
        for mark in added { marks.append((mark.combiningClass, mark)) }
    }

    private mutating func endRun() {
        // Most runs are a single mark. The place decides among equals, since sorting need not keep it.
        if marks.count > 1 {
            let places = marks.indices.sorted { a, b in
                (marks[a].order, a) < (marks[b].order, b)
            }
            for place in places { scalars.append(marks[place].scalar) }
        } else if let mark = marks.first {
            scalars.append(mark.scalar)
        }
        marks.removeAll(keepingCapacity: true)
    }
}

extension Unicode.Scalar {
    fileprivate var combiningClass: UInt8 { properties.canonicalCombiningClass.rawValue }
}
