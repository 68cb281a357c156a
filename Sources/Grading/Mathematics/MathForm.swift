/// A mathematical answer in a normal form: answers that are the same have equal forms.
indirect enum MathForm: Hashable, Sendable {
    case value(Polynomial)
    case text(String)
    /// Elements whose order counts, and their brackets.
    case ordered(open: Character, [MathForm], close: Character)
    /// Elements whose order does not count, in the order of their texts.
    case unordered([MathForm])
    case relation([MathForm], [String])
    case matrix([[MathForm]])

    /// The form of an expression; nil where its arithmetic overflows or is undefined.
    init?(_ expression: MathExpression) {
        guard let form = MathNormalizer.form(of: expression) else { return nil }
        self = form
    }

    /// A text that equal forms share.
    var text: String {
        let list = { (forms: [MathForm]) in forms.map(\.text).joined(separator: ",") }
        return switch self {
        case .value(let polynomial): polynomial.text
        case .text(let words): "'\(words)'"
        case .ordered(let open, let elements, let close): "\(open)\(list(elements))\(close)"
        case .unordered(let elements): "{\(list(elements))}"
        case .relation(let operands, let names): "\(list(operands)):\(names)"
        case .matrix(let rows): rows.map(list).joined(separator: ";")
        }
    }

    /// A union or intersection, whose operands may be exchanged.
    static func combined(_ name: String, _ operands: [MathForm]) -> MathForm {
        .value(Polynomial(.applied(name, [.collection(operands)])))
    }

    /// The unordered collection of forms, which are sorted here.
    static func collection(_ forms: [MathForm]) -> MathForm {
        .unordered(forms.sorted { $0.text < $1.text })
    }
}
