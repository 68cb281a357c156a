import Routing
import Schemas

/// One element of `policies`: its axes, in the order of the table.
struct PolicyEntry {
    let definition: PolicyDefinition
    var axes: [Axis]
    let location: SourceLocation

    /// What it asks of a model, whatever its settings.
    func needs(of model: Route) -> Set<Capability> {
        let steps = axes.flatMap(\.steps)
        var keeps = steps.compactMap { step in
            if case .keep(let keep)? = step[PolicyParameter.keep.name] { keep } else { nil }
        }
        let hasFloor = steps.contains { step in
            if case .number(let floor)? = step[PolicyParameter.floor.name] {
                floor > 0
            } else {
                false
            }
        }
        if hasFloor { keeps.append(.strict) }
        var needs = keeps.reduce(definition.needs(of: model)) { $0.union($1.needs(of: model)) }
        let isTrimmed = steps.contains { $0[PolicyParameter.rows.name] != nil }
        if isTrimmed, model == .slm { needs.insert(.trimmedOutput) }
        return needs
    }

    /// Keys that vary together, with their values step by step.
    struct Axis {
        var keys: [String]
        var steps: [[String: Value]]
    }

    enum Value {
        case number(Double)
        case integer(Int)
        case router(String)
        case quantile(Int, of: Int)
        case keep(KeepSetting)
    }

    /// One step of a grid, by what the values are for.
    struct Step {
        var numbers: [String: Double] = [:]
        var router: String?
        var threshold: Threshold?
        var keep: KeepSetting?

        init(of definition: PolicyDefinition, _ values: [String: Value]) {
            for parameter in definition.parameters + definition.options {
                switch (values[parameter.name], parameter.values) {
                case (.number(let value), .threshold): threshold = .value(value)
                case (.number(let value), _): numbers[parameter.name] = value
                case (.integer(let value), _): numbers[parameter.name] = Double(value)
                case (.router(let name), _): router = name
                case (.quantile(let k, let n), _): threshold = .quantile(k, of: n)
                case (.keep(let setting), _): keep = setting
                case (nil, _): break
                }
            }
        }

        func conflict(in definition: PolicyDefinition) -> String? {
            PolicySetting.conflict(of: definition, keep: keep, numbers)
        }

        /// Nil where a parameter is missing.
        func cell(of definition: PolicyDefinition, label: String?, flip: Double?) -> PolicySetting?
        {
            PolicySetting(
                definition, numbers, router: router, threshold: threshold, keep: keep, label: label,
                flip: flip)
        }
    }
}
