/// Two of a kind, one for each model.
public struct Pair<Element> {
    /// The small model's.
    public var slm: Element
    /// The large model's.
    public var llm: Element

    /// One of each.
    public init(slm: Element, llm: Element) {
        self.slm = slm
        self.llm = llm
    }

    /// The one of a model.
    public subscript(model: Route) -> Element {
        get { model == .slm ? slm : llm }
        // In place: the setter of an array's element would copy the array.
        _modify { if model == .slm { yield &slm } else { yield &llm } }
    }

    /// The same of each.
    public init(both element: Element) { self.init(slm: element, llm: element) }

    /// What a function makes of each.
    public func map<Result>(_ transform: (Element) throws -> Result) rethrows -> Pair<Result> {
        Pair<Result>(slm: try transform(slm), llm: try transform(llm))
    }
}

extension Pair: Sendable where Element: Sendable {}
extension Pair: Equatable where Element: Equatable {}
extension Pair: Hashable where Element: Hashable {}
