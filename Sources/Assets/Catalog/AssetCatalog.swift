import Foundation

/// The models and data sets that specs can name, as `models.yaml` and `datasets.yaml` list them.
public struct AssetCatalog: Equatable, Sendable {
    /// The models, in the file's order.
    public let models: [ModelAsset]
    /// The data sets, in the file's order.
    public let dataSets: [DataSetAsset]

    /// A catalogue of `models` and `dataSets`.
    public init(models: [ModelAsset], dataSets: [DataSetAsset]) {
        self.models = models
        self.dataSets = dataSets
    }

    /// Reads `models.yaml` and `datasets.yaml` of a directory; one that is absent lists nothing.
    ///
    /// - Throws: `AssetError.catalog` with everything wrong in both files.
    public init(directory: String) throws(AssetError) {
        var problems: [Diagnostic] = []
        func read<Asset>(
            _ name: String, _ parse: (String, String) throws(Diagnostics) -> [Asset]
        ) throws(AssetError) -> [Asset] {
            let path = "\(directory)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { return [] }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw .unreadable(path: path, reason: "it cannot be opened")
            }
            guard let text = String(validating: data, as: UTF8.self) else {
                throw .unreadable(path: path, reason: "it is not UTF-8 text")
            }
            do throws(Diagnostics) {
                return try parse(text, path)
            } catch {
                problems += error.all
                return []
            }
        }
        models = try read("models.yaml", CatalogReader.models(_:file:))
        dataSets = try read("datasets.yaml", CatalogReader.dataSets(_:file:))
        if !problems.isEmpty { throw .catalog(Diagnostics(problems)) }
    }

    /// The model of a name.
    public func model(named name: String) throws(AssetError) -> ModelAsset {
        guard let model = models.first(where: { $0.name == name }) else {
            throw .unknown(.model, name: name, known: models.map(\.name))
        }
        return model
    }

    /// The data set of a name.
    public func dataSet(named name: String) throws(AssetError) -> DataSetAsset {
        guard let dataSet = dataSets.first(where: { $0.name == name }) else {
            throw .unknown(.dataSet, name: name, known: dataSets.map(\.name))
        }
        return dataSet
    }

    /// Whether a model is given by its file instead of by a name.
    public static func isPath(_ nameOrPath: String) -> Bool {
        nameOrPath.contains("/") || nameOrPath.hasSuffix(".gguf")
    }
}

extension DataSetAsset {
    /// The split of a name, in `language` if the data set has several.
    public func split(named name: String, language: String? = nil) throws(AssetError) -> Split {
        if let split = splits.first(where: { $0.name == name && $0.language == language }) {
            return split
        }
        let known = splits.map { [$0.name, $0.language].compactMap { $0 }.joined(separator: " ") }
        throw .unknownSplit(
            dataSet: self.name, split: [name, language].compactMap { $0 }.joined(separator: " "),
            known: known)
    }
}
