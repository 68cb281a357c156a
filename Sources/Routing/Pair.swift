/// Two of a kind, one for each model.
package struct Pair<Element> {
    /// The small model's.
    package var slm: Element
    /// The large model's.
    package var llm: Element

    /// One of each.
    package init(slm: Element, llm: Element) {
        self.slm = slm
        self.llm = llm
    }

    /// The one of a model.
    package subscript(model: Route) -> Element {
        get { model == .slm ? slm : llm }
        // In place: the setter of an array's element would copy the array.
        _modify { if model == .slm { yield &slm } else { yield &llm } }
    }

    /// What a function makes for each.
    package init(_ element: (Route) throws -> Element) rethrows {
        self.init(slm: try element(.slm), llm: try element(.llm))
    }

    /// The same of each.
    package init(both element: Element) { self.init(slm: element, llm: element) }

    /// What a function makes of each.
    package func map<Result>(_ transform: (Element) throws -> Result) rethrows -> Pair<Result> {
        Pair<Result>(slm: try transform(slm), llm: try transform(llm))
    }
}

extension Pair: Sendable where Element: Sendable {}
extension Pair: Equatable where Element: Equatable {}
extension Pair: Hashable where Element: Hashable {}
