import Routing
import Schemas

extension PolicyParameter {
    /// One value.
    var element: Schema {
        switch values {
        case .number(let range), .threshold(let range):
            .number(NumberRange(range.lowerBound, range.upperBound))
        case .integer(let range): .integer(range)
        case .router: .text(kind: "a router's name")
        }
    }

    /// The schema of a key of this name whichever policy it belongs to.
    var widestSchema: Schema {
        guard case .threshold = values else { return schema }
        return Self.schema(ofThreshold: .number(NumberRange()))
    }

    /// One value, a list of them, or for thresholds quantiles.
    var schema: Schema {
        guard case .threshold = values else { return .axis(of: element) }
        return Self.schema(ofThreshold: element)
    }

    private static func schema(ofThreshold element: Schema) -> Schema {
        let share = Schema.number(NumberRange(0.001, 0.999))
        let quantiles = SchemaKey(
            "quantiles", .either(.integer(1...99), .list(of: share, least: 1)), required: true,
            "So many thresholds that cut the calibration run's scores into parts of equal size; or a list: the "
                + "thresholds that these shares of the scores do not exceed, in steps of 0.001")
        return .either(.axis(of: element), .mapping([quantiles]))
    }
}

extension PolicyDefinition {
    /// The policy as an element of `policies`.
    var variant: SchemaVariant {
        guard !parameters.isEmpty else { return SchemaVariant(name, nil, documentation) }
        // With several parameters a required one may also stand in `zip`, which a schema cannot say.
        var all = parameters.map {
            SchemaKey($0.name, $0.schema, required: parameters.count == 1, $0.documentation)
        }
        if parameters.count > 1 {
            let lists = parameters.map {
                SchemaKey($0.name, .list(of: $0.element, least: 1), $0.documentation)
            }
            all.append(SchemaKey("zip", .mapping(lists), PolicyDefinition.zipDocumentation))
        }
        return SchemaVariant(name, .mapping(all), documentation)
    }

    static let zipDocumentation =
        "Lists of one length, paired element by element instead of spanning a grid"
}

extension SweepSpec.Models {
    /// What a policy needs of one of the models that it cannot tell; nil if there is nothing.
    func lack(of policy: PolicyDefinition, for subject: PolicyFact.Subject) -> PolicyFact? {
        for model in Route.allCases {
            let missing = policy.needs(of: model).subtracting(capabilities(of: model))
            guard let first = Capability.allCases.first(where: missing.contains) else { continue }
            return .lacks(subject, model: self[model], first)
        }
        return nil
    }
}
