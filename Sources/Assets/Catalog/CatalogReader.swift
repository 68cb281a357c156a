import Schemas

/// Turns the text of a catalogue file into its assets.
enum CatalogReader {
    static func models(_ text: String, file: String) throws(Diagnostics) -> [ModelAsset] {
        let root = try validated(text, file, CatalogSchema.models)
        var problems: [Diagnostic] = []
        let models = (root["models"]?.entries ?? []).map { entry in
            ModelAsset(
                name: entry.key,
                architecture: entry.value["architecture"]?.text ?? "",
                notes: entry.value["notes"]?.text ?? "",
                licence: entry.value["licence"]?.text ?? "",
                file: assetFile(entry.value, name: entry.key, kind: .model, &problems))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        return models
    }

    static func dataSets(_ text: String, file: String) throws(Diagnostics) -> [DataSetAsset] {
        let root = try validated(text, file, CatalogSchema.dataSets)
        var problems: [Diagnostic] = []
        let entries = root["datasets"]?.entries ?? []
        let names = entries.map(\.key)
        var dataSets: [DataSetAsset] = []
        for entry in entries {
            var splits: [DataSetAsset.Split] = []
            for node in entry.value["files"]?.elements ?? [] {
                let split = node["split"]?.text ?? ""
                let language = node["language"]?.text
                let name = [entry.key, split, language].compactMap { $0 }.joined(separator: " ")
                if splits.contains(where: { $0.name == split && $0.language == language }) {
                    problems.append(Diagnostic(CatalogFact.splitTwice(name), at: node.location))
                }
                if let fallback = node["fallback"], let other = fallback.text,
                    !names.contains(other) || other == entry.key
                {
                    problems.append(
                        Diagnostic(
                            CatalogFact.badFallback(other),
                            at: fallback.location,
                            suggestion: closestMatch(to: other, in: names)))
                }
                splits.append(
                    DataSetAsset.Split(
                        name: split, language: language, rows: node["rows"]?.integer ?? 0,
                        file: assetFile(node, name: name, kind: .dataSet, &problems),
                        fallback: node["fallback"]?.text))
            }
            dataSets.append(
                DataSetAsset(
                    name: entry.key,
                    licence: entry.value["licence"]?.text ?? "",
                    origin: entry.value["origin"]?.text ?? "",
                    format: (entry.value["format"]?.text).flatMap(DataSetFormat.init) ?? .gsm8k,
                    notes: entry.value["notes"]?.text,
                    splits: splits))
        }
        guard problems.isEmpty else { throw Diagnostics(problems) }
        return dataSets
    }

    private static func validated(
        _ text: String, _ file: String, _ schema: Schema
    ) throws(Diagnostics) -> YAMLNode {
        let (root, duplicates) = try YAMLReader.read(text, origin: .file(file))
        let problems = duplicates + schema.problems(in: root, path: "")
        guard problems.isEmpty else { throw Diagnostics(problems) }
        return root
    }

    private static func assetFile(
        _ node: YAMLNode, name: String, kind: AssetKind, _ problems: inout [Diagnostic]
    ) -> AssetFile {
        let path = node["file"]?.text ?? ""
        // A catalogue may come from someone else: it must not write outside the cache.
        if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
            problems.append(
                Diagnostic(
                    CatalogFact.badPath(path),
                    at: node["file"]?.location ?? node.location))
        }
        let hash = node["sha256"]?.text ?? ""
        if hash.count != 64 || !hash.allSatisfy({ "0123456789abcdef".contains($0) }) {
            problems.append(
                Diagnostic(
                    CatalogFact.badDigest(hash),
                    at: node["sha256"]?.location ?? node.location))
        }
        return AssetFile(
            name: name, kind: kind, path: path,
            bytes: Int64(node["bytes"]?.integer ?? 0), sha256: hash,
            sources: (node["sources"]?.elements ?? []).compactMap { source($0, &problems) })
    }

    private static func source(_ node: YAMLNode, _ problems: inout [Diagnostic]) -> AssetSource? {
        guard let entry = node.entries.first else { return nil }
        let value = entry.value
        switch entry.key {
        case "directory":
            return .directory(variable: value.text ?? "")
        case "url":
            let address = value.text ?? ""
            if !address.hasPrefix("https://") {
                problems.append(
                    Diagnostic(
                        CatalogFact.badAddress(address), at: value.location))
            }
            return .url(address)
        case "hub":
            return .hub(
                repository: value["repository"]?.text ?? "", path: value["file"]?.text ?? "",
                isDataSet: value["dataset"]?.flag ?? false)
        default:
            for part in value.elements {
                for word in ["package", "version"].compactMap({ part[$0] }) {
                    guard let text = word.text, !isWordOfRequirement(text) else { continue }
                    problems.append(
                        Diagnostic(CatalogFact.badRequirement(text), at: word.location))
                }
            }
            return .wheels(
                value.elements.map {
                    WheelPart(
                        package: $0["package"]?.text ?? "", version: $0["version"]?.text ?? "",
                        member: $0["member"]?.text ?? "")
                })
        }
    }

    /// Whether pip takes a text for a name or a version, and for no option, address or path: a catalogue may come from someone else, and of an
    /// address pip runs what it finds there.
    private static func isWordOfRequirement(_ text: String) -> Bool {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar)
        }
        return text.unicodeScalars.first.map(isPlain) == true
            && text.unicodeScalars.allSatisfy { isPlain($0) || "._-+!".unicodeScalars.contains($0) }
    }
}
