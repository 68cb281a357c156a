import Grading
import Schemas

extension TaskDefinition {
    /// The task of a tree that fits `OwnTasks.schema`; nil where a rule of extraction is none, which `problems` then has.
    ///
    /// The tree that was checked is the one that is used: another reader of YAML might see other values in the same text.
    init?(_ root: YAMLNode, problems: inout [Diagnostic]) {
        guard let name = root["name"]?.text, let format = root["format"]?.text,
            let format = Format(rawValue: format), let files = root["files"]?.entries
        else { return nil }
        let found = problems.count
        let extraction = Self.rules(root, "extraction", &problems)
        let goldExtraction = Self.rules(root, "gold-extraction", &problems)
        guard problems.count == found else { return nil }
        let layout = root["layout"]?.text.flatMap(Layout.init)
        let key = root["key"]?.text.flatMap(KeyForm.init)
        let numbers = root["numbers"]?.text.flatMap { NumberConvention(rawValue: $0) }
        self.init(
            name: name, format: format,
            files: Dictionary(
                files.compactMap { entry in entry.value.text.map { (entry.key, $0) } },
                uniquingKeysWith: { first, _ in first }),
            layout: layout ?? .jsonLines, fields: FieldNames(root["fields"]),
            prompt: root["prompt"]?.text,
            system: root["system"]?.text ?? TaskDefinition.defaultSystem,
            extraction: extraction, goldExtraction: goldExtraction, key: key ?? .any,
            numbers: numbers ?? .english)
    }

    private static func rules(
        _ root: YAMLNode, _ key: String, _ problems: inout [Diagnostic]
    ) -> [ExtractionRule]? {
        root[key]?.elements.compactMap { node in
            let rule = node.text.flatMap { ExtractionRule(rawValue: $0) }
            if rule == nil {
                problems.append(
                    Diagnostic(
                        TaskFact.unknownRule(key: key, found: node.summary), at: node.location))
            }
            return rule
        }
    }
}

extension FieldNames {
    /// The names given, and the commonest names for the others.
    fileprivate init(_ node: YAMLNode?) {
        self.init()
        id = node?["id"]?.text ?? id
        question = node?["question"]?.text ?? question
        choices = node?["choices"]?.text ?? choices
        answer = node?["answer"]?.text ?? answer
        solution = node?["solution"]?.text ?? solution
    }
}
