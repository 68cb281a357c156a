import ArgumentParser
import Assets
import Foundation
import Platform

struct ModelsCommand: ParsableCommand {
    /// What the shared verbs work on.
    enum Models: AssetSort {
        static let kind = AssetKind.model
    }

    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "List, fetch and verify models.",
        subcommands: [
            ListAssets<Models>.self, FetchAssets<Models>.self, VerifyAssets<Models>.self, Path.self,
        ])

    struct Path: PollingCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where a model's file is; fetched if need be.")
        @Argument(help: "A model's name.") var name: String

        func run() throws {
            try StandardOutput.show(openAssets().model(name).path)
        }
    }
}

struct DataCommand: ParsableCommand {
    /// What the shared verbs work on.
    enum DataSets: AssetSort {
        static let kind = AssetKind.dataSet
    }

    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "List, fetch and verify data sets.",
        subcommands: [
            ListAssets<DataSets>.self, FetchAssets<DataSets>.self, VerifyAssets<DataSets>.self,
        ])
}

/// Models or data sets, as a type: commands are made from their types alone.
protocol AssetSort: Sendable {
    static var kind: AssetKind { get }
}

/// `list`: what there is.
struct ListAssets<Sort: AssetSort>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: "list", abstract: "What there is, and where.")
    }
    @Flag(help: "One JSON document.") var json = false

    func run() throws {
        let items = try AssetItem.all(of: Sort.kind, in: openAssets())
        if json { return try printJSON(items) }
        let width = items.map(\.file.count).max() ?? 0
        for item in items {
            let file = item.file.padding(toLength: width, withPad: " ", startingAt: 0)
            let size = String(format: "%6.1f MB", Double(item.bytes) / 1e6)
            try StandardOutput.show("\(file)  \(size)  \(item.state)  \(item.path ?? "")")
        }
    }
}

/// `fetch`: the named ones, or all.
struct FetchAssets<Sort: AssetSort>: PollingCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "fetch",
            abstract: "Fetch \(Sort.kind.rawValue)s that are missing, and verify them.")
    }
    @Argument(help: "Names; none: all.") var names: [String] = []

    func run() throws {
        let assets = try openAssets()
        for file in try assets.catalog.files(of: Sort.kind, named: names) {
            try StandardOutput.show(assets.fetch(file).path)
        }
    }
}

/// `verify`: the sums of all that is on this machine.
struct VerifyAssets<Sort: AssetSort>: ParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify", abstract: "Check the SHA-256 of every file that is here.")
    }

    func run() throws {
        let assets = try openAssets()
        var isGood = true
        for file in try assets.catalog.files(of: Sort.kind) {
            let item = try AssetItem(file, in: assets)
            try StandardOutput.show("\(item.state)  \(item.file)  \(item.path ?? "")")
            if item.state == .corrupt || item.state == .unreadable { isGood = false }
        }
        guard isGood else { throw ExitCode.workFailed }
    }
}

/// A file of the catalogue and its state on this machine, as lists show it.
private struct AssetItem: Encodable {
    enum State: String, Encodable, CustomStringConvertible {
        case present, missing, corrupt, unreadable
        var description: String { rawValue }
    }

    let name: String
    let file: String
    let bytes: Int64
    let sha256: String
    let state: State
    let path: String?

    /// One that can't be read is told beside, and is no reason to leave out the others.
    init(_ file: AssetFile, in assets: AssetStore) throws(AssetError) {
        do throws(AssetError) {
            switch try assets.state(of: file) {
            case .present(let found): (state, path) = (.present, found.path)
            case .missing: (state, path) = (.missing, nil)
            case .corrupt(let at, _, _): (state, path) = (.corrupt, at)
            }
        } catch {
            guard case .unreadable(let at, _) = error else { throw error }
            StandardError.note("\(error)")
            (state, path) = (.unreadable, at)
        }
        name = file.name
        self.file = file.name
        bytes = file.bytes
        sha256 = file.sha256
    }

    static func all(of kind: AssetKind, in assets: AssetStore) throws -> [AssetItem] {
        try assets.catalog.files(of: kind).map { try AssetItem($0, in: assets) }
    }
}

extension AssetCatalog {
    /// The files of the named assets, or of all.
    fileprivate func files(of kind: AssetKind, named names: [String] = []) throws -> [AssetFile] {
        switch kind {
        case .model:
            let chosen = names.isEmpty ? models : try names.map { try model(named: $0) }
            return chosen.map(\.file)
        case .dataSet:
            let chosen = names.isEmpty ? dataSets : try names.map { try dataSet(named: $0) }
            return chosen.flatMap(\.splits).map(\.file)
        }
    }
}
