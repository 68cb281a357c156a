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
        case .keep: KeepDefinition.schema
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

extension KeepDefinition {
    static let recallKey = "recall"

    /// A rule without a value by its name; others as a key with one value or a list of them.
    static var schema: Schema {
        let words = all.filter { if case .none = $0.value { true } else { false } }.map(\.name)
        let keys = all.compactMap { rule -> SchemaKey? in
            let documentation = "\(rule.documentation); "
            return switch rule.value {
            case .none, .judge: nil
            case .number(let range, let meaning):
                SchemaKey(
                    rule.name, .axis(of: .number(NumberRange(range.lowerBound, range.upperBound))),
                    documentation + meaning)
            case .integer(let range, let meaning):
                SchemaKey(rule.name, .axis(of: .integer(range)), documentation + meaning)
            }
        }
        let judge = [
            SchemaKey(
                judge.name, .text(kind: "a judge's name"),
                "\(judge.documentation): the judge, with recall"),
            SchemaKey(
                recallKey,
                .axis(
                    of: .number(
                        NumberRange(KeepSetting.recalls.lowerBound, KeepSetting.recalls.upperBound))
                ),
                "The shares of harmful tokens of the judge's validation questions that it must catch"
            ),
        ]
        return .either(.choice(words), .mapping(keys + judge))
    }
}

extension PolicyDefinition {
    /// The policy as an element of `policies`.
    var variant: SchemaVariant {
        guard !parameters.isEmpty else {
            return SchemaVariant(name, nil, refusing: refusedOptions, documentation)
        }
        // With several parameters a required one may also stand in `zip`, which a schema cannot say.
        let mayZip = parameters.count > 1
        var all = parameters.map {
            SchemaKey($0.name, $0.schema, required: !mayZip, $0.documentation)
        }
        all += optionKeys
        if mayZip {
            let lists = (parameters + options).filter { !$0.isOfDrafts }.map {
                SchemaKey($0.name, .list(of: $0.element, least: 1), $0.documentation)
            }
            all.append(SchemaKey("zip", .mapping(lists), PolicyDefinition.zipDocumentation))
        }
        return SchemaVariant(name, .mapping(all), documentation)
    }

    /// Options as keys: those of drafts stand together.
    var optionKeys: [SchemaKey] {
        guard stops else { return refusedOptions }
        let drafts = options.filter(\.isOfDrafts)
        let keys = options.filter { !$0.isOfDrafts }.map {
            SchemaKey($0.name, $0.schema, $0.documentation)
        }
        return keys + [
            SchemaKey(Self.draftsKey, Self.schema(ofDrafts: drafts), Self.draftsDocumentation)
        ]
    }

    /// The schema of `drafts` with those keys.
    static func schema(ofDrafts parameters: [PolicyParameter]) -> Schema {
        .mapping(parameters.map { SchemaKey($0.name, $0.schema, $0.documentation) })
    }

    private var refusedOptions: [SchemaKey] {
        guard let refusesKeep else { return [] }
        return [PolicyParameter.keep.name, PolicyParameter.floor.name, Self.draftsKey].map {
            SchemaKey($0, refused: refusesKeep)
        }
    }

    static let draftsKey = "drafts"
    static let draftsDocumentation =
        "Where the small model's drafts come from, and how many wait at most"

    static let zipDocumentation =
        "Lists of one length, paired element by element instead of spanning a grid"
}

extension SweepSpec.Models {
    /// What is needed of one of the models that it cannot tell; nil if there is nothing.
    func lack(
        _ needs: (Route) -> Set<Capability>, for subject: PolicyFact.Subject
    ) -> PolicyFact? {
        for model in Route.allCases {
            let missing = needs(model).subtracting(capabilities(of: model))
            guard let first = Capability.allCases.first(where: missing.contains) else { continue }
            return .lacks(
                subject, model: self[model], first,
                because: reason(ofLack: first, of: model))
        }
        return nil
    }
}
