package import Assets
import Foundation
import Platform

/// `citer models` and `citer data`: list, fetch, verify, locate.
package struct AssetVerbs {
    private let assets: AssetStore
    private let kind: AssetKind

    /// The verbs for models or for data sets.
    package init(_ kind: AssetKind, assets: AssetStore) {
        self.kind = kind
        self.assets = assets
    }

    private struct Item: Encodable {
        let name: String
        let file: String
        let bytes: Int64
        let sha256: String
        let state: String
        let path: String?
    }

    /// What there is, and whether it is on this machine.
    package func list(json: Bool) throws {
        let items = try files(named: []).map(item)
        if json { return try printJSON(items) }
        let width = items.map(\.file.count).max() ?? 0
        for item in items {
            let file = item.file.padding(toLength: width, withPad: " ", startingAt: 0)
            let size = String(format: "%6.1f MB", Double(item.bytes) / 1e6)
            try StandardOutput.show("\(file)  \(size)  \(item.state)  \(item.path ?? "")")
        }
    }

    /// Fetches the named assets, or all.
    package func fetch(_ names: [String]) throws {
        for file in try files(named: names) {
            let found = try assets.fetch(file)
            try StandardOutput.show(found.path)
        }
    }

    /// Checks every file that is on this machine; false if one is corrupt.
    package func verify() throws -> Bool {
        var isGood = true
        for file in try files(named: []) {
            let item = try item(file)
            try StandardOutput.show("\(item.state)  \(item.file)  \(item.path ?? "")")
            if item.state == "corrupt" { isGood = false }
        }
        return isGood
    }

    /// Where a model is, fetched if need be.
    package func path(_ name: String) throws {
        try StandardOutput.show(assets.model(name).path)
    }

    private func files(named names: [String]) throws -> [AssetFile] {
        switch kind {
        case .model:
            let models =
                names.isEmpty
                ? assets.catalog.models : try names.map { try assets.catalog.model(named: $0) }
            return models.map(\.file)
        case .dataSet:
            let sets =
                names.isEmpty
                ? assets.catalog.dataSets
                : try names.map { try assets.catalog.dataSet(named: $0) }
            return sets.flatMap(\.splits).map(\.file)
        }
    }

    private func item(_ file: AssetFile) throws -> Item {
        var (state, path): (String, String?)
        switch try assets.state(of: file) {
        case .present(let found): (state, path) = ("present", found.path)
        case .missing: (state, path) = ("missing", nil)
        case .corrupt(let at, _, _): (state, path) = ("corrupt", at)
        }
        return Item(
            name: file.name, file: file.name, bytes: file.bytes, sha256: file.sha256, state: state,
            path: path)
    }
}
