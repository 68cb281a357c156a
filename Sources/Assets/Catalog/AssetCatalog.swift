import Schemas

/// The models and data sets that specs can name, as `models.yaml` and `datasets.yaml` list them.
package struct AssetCatalog: Equatable, Sendable {
    /// The models, in the file's order.
    package let models: [ModelAsset]
    /// The data sets, in the file's order.
    package let dataSets: [DataSetAsset]

    /// The folders it was read from, nearest first.
    package let folders: [String]
    /// Names that several folders have with different contents, in words: which one counts.
    package let remarks: [String]
    /// Which of the folders has a data set.
    private let homes: [String: Int]

    package init(models: [ModelAsset], dataSets: [DataSetAsset]) {
        self.models = models
        self.dataSets = dataSets
        (folders, remarks, homes) = ([], [], [:])
    }

    /// Reads `models.yaml` and `datasets.yaml` of a directory; one that is absent lists nothing.
    ///
    /// - Throws: `AssetError.catalog` with everything wrong in both files.
    package init(directory: String) throws(AssetError) {
        try self.init(folders: [directory])
    }

    /// Reads `models.yaml` and `datasets.yaml` (or `.yml`) of each folder, of which the first that
    /// has a name decides what it means.
    ///
    /// - Throws: `AssetError.catalog` with everything wrong in all files.
    package init(folders: [String]) throws(AssetError) {
        var problems: [Diagnostic] = []
        var remarks: [String] = []
        func read<Asset: Equatable>(
            _ file: String, called kind: AssetKind, name: (Asset) -> String,
            _ parse: (String, String) throws(Diagnostics) -> [Asset]
        ) throws(AssetError) -> [(asset: Asset, home: Int)] {
            var found: [(asset: Asset, home: Int)] = []
            var paths: [String] = []
            for (index, folder) in folders.enumerated() {
                paths.append("")
                let assets: [Asset]
                do throws(Diagnostics) {
                    guard let path = try YAMLFile.path(of: file, in: folder) else { continue }
                    paths[index] = path
                    let text: String
                    do throws(YAMLFile.Unreadable) {
                        text = try YAMLFile.text(at: path)
                    } catch {
                        throw Diagnostics([
                            Diagnostic(
                                YAMLFact.unreadable(error.reason), at: .top(of: path))
                        ])
                    }
                    assets = try parse(text, path)
                } catch {
                    problems += error.all
                    continue
                }
                for asset in assets {
                    guard let first = found.first(where: { name($0.asset) == name(asset) }) else {
                        found.append((asset, index))
                        continue
                    }
                    if first.asset != asset {
                        remarks.append(
                            "the \(kind.rawValue) \(name(asset)) is that of \(paths[first.home]), not of "
                                + paths[index])
                    }
                }
            }
            return found
        }
        models = try read(
            "models", called: .model, name: \.name, CatalogReader.models(_:file:)
        ).map(\.asset)
        let sets = try read(
            "datasets", called: .dataSet, name: \.name, CatalogReader.dataSets(_:file:))
        dataSets = sets.map(\.asset)
        homes = Dictionary(uniqueKeysWithValues: sets.map { ($0.asset.name, $0.home) })
        self.folders = folders
        self.remarks = remarks
        if !problems.isEmpty { throw .catalog(Diagnostics(problems)) }
    }

    /// The folders that may say more of a data set: the one that has it, and nearer ones.
    package func folders(ofDataSet name: String) -> [String] {
        homes[name].map { Array(folders[...$0]) } ?? folders
    }

    /// The model of that name; throws `AssetError.unknown` with the nearest name.
    package func model(named name: String) throws(AssetError) -> ModelAsset {
        guard let model = models.first(where: { $0.name == name }) else {
            throw .unknown(.model, name: name, known: models.map(\.name))
        }
        return model
    }

    /// The data set of that name; throws `AssetError.unknown` with the nearest name.
    package func dataSet(named name: String) throws(AssetError) -> DataSetAsset {
        guard let dataSet = dataSets.first(where: { $0.name == name }) else {
            throw .unknown(.dataSet, name: name, known: dataSets.map(\.name))
        }
        return dataSet
    }

    /// Whether a model is given by its file instead of by a name.
    package static func isPath(_ nameOrPath: String) -> Bool {
        nameOrPath.contains("/") || nameOrPath.hasSuffix(".gguf")
    }
}

extension DataSetAsset {
    /// The split of a name, in `language` if the data set has several.
    package func split(named name: String, language: String? = nil) throws(AssetError) -> Split {
        if let split = splits.first(where: { $0.name == name && $0.language == language }) {
            return split
        }
        let known = splits.map { [$0.name, $0.language].compactMap { $0 }.joined(separator: " ") }
        throw .unknownSplit(
            dataSet: self.name, split: [name, language].compactMap { $0 }.joined(separator: " "),
            known: known)
    }
}
