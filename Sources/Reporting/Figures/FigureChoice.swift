import ResultsStore
import Routing
import Statistics

/// Which methods figures name, and what each looks like: one choice for all figures of an experiment.
struct FigureChoice {
    /// More curves than that in one panel can't be told apart.
    static let most = 6

    /// By method.
    let styles: [String: MethodStyle]
    /// At most `most`, with different colours, the most telling first.
    let named: [String]

    /// First what all others are measured against: the baseline, and speculative decoding that keeps `llm`'s text. Then in turn of the routed methods the one of
    /// the largest area (APGR over calls), of the judged ones the one that reaches the large model's accuracy with the fewest bytes; where none
    /// is left that has an area or reaches it, the most accurate.
    init(_ results: Results) {
        let methods = results.data.methods
        styles = MethodStyle.styles(of: methods.map(\.name))
        let known = Dictionary(
            results.methods.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let references = methods.filter(\.isReference)
        let others = methods.filter { !$0.isReference }
        let routed = others.filter { !$0.isJudged }.map { (Worth(known[$0.name], $0), $0) }
        let judged = others.filter(\.isJudged).map { (Worth(known[$0.name], $0), $0) }
        let lists = [routed, judged].map { list in
            list.enumerated().sorted {
                $0.element.0 == $1.element.0
                    ? $0.offset < $1.offset : $0.element.0 > $1.element.0
            }.map(\.element.1.name)
        }
        var order = references.map(\.name)
        for place in 0..<(lists.map(\.count).max() ?? 0) {
            order += lists.compactMap { place < $0.count ? $0[place] : nil }
        }
        var colours: Set<String> = []
        var named: [String] = []
        for name in order where named.count < Self.most {
            guard let style = styles[name], colours.insert(style.colour).inserted else { continue }
            named.append(name)
        }
        self.named = named
    }

    func style(of method: String) -> MethodStyle { styles[method] ?? .other }

    /// How much a method is worth showing.
    private struct Worth: Comparable {
        private let rank: [Double]

        init(_ result: MethodResult?, _ method: Method) {
            let accuracy = result?.outcomes.accuracy ?? method.outcomes.compactMap(\.accuracy).max()
            // What knows the answers is no rival.
            let isFair = method.cells.contains { $0.policy?.isOracle ?? false } ? 0.0 : 1
            let bytes = result?.outcomes.mean(.bytes) ?? .infinity
            if method.isJudged, case .reached? = result?.choice {
                rank = [isFair, 2, -bytes]
            } else if !method.isJudged, let area = result?.area?.value {
                rank = [isFair, 2, area]
            } else {
                rank = [isFair, 1, accuracy ?? -1]
            }
        }

        static func < (left: Worth, right: Worth) -> Bool {
            left.rank.lexicographicallyPrecedes(right.rank)
        }
    }
}

extension Method {
    /// What others are measured against: calls by lot, and drafts that are L's own text.
    fileprivate var isReference: Bool {
        if isBaseline { return true }
        guard let cell = cells.first, cell.method == cell.record.policy else { return false }
        return cell.policy?.isDrafted == true && cell.policy?.judges == KeepDefinition.strict.name
    }
}
