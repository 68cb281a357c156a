import Foundation
package import Platform

/// Finds, fetches and verifies the files of a catalogue.
///
/// A file is looked for in the local directories of its sources, then in the cache, then fetched
/// into the cache from the other sources in order. Only its SHA-256 decides whether it is right.
package struct AssetStore: Sendable {
    package let catalog: AssetCatalog
    package let cache: CacheDirectory

    let environment: [String: String]
    let downloads: Downloads
    let freeSpace: @Sendable (String) -> Int64?
    let isInterrupted: @Sendable () -> Bool
    let show: @Sendable (FetchEvent) -> Void

    /// A store of `catalog`.
    ///
    /// - Parameters:
    ///   - catalog: what there is to find and fetch.
    ///   - environment: where `CITER_CACHE`, `CITER_MODELS` and `CITER_DATA` are read from.
    ///   - runner: runs curl and pip.
    ///   - freeSpace: bytes free on the disk of a directory; nil if that cannot be told.
    ///   - isInterrupted: asked between downloads; true stops with `AssetError.interrupted`.
    ///   - show: told what happens, on the calling thread.
    package init(
        catalog: AssetCatalog,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        runner: any CommandRunner = SystemCommandRunner(),
        freeSpace: @escaping @Sendable (String) -> Int64? = freeDiskSpace(of:),
        isInterrupted: @escaping @Sendable () -> Bool = { false },
        show: @escaping @Sendable (FetchEvent) -> Void = { _ in }
    ) {
        self.catalog = catalog
        self.environment = environment
        self.cache = CacheDirectory(environment: environment)
        self.downloads = Downloads(runner: runner)
        self.freeSpace = freeSpace
        self.isInterrupted = isInterrupted
        self.show = show
    }

    /// The verified file of a model of the catalogue, fetched if need be, or a user's own file.
    ///
    /// What contains `/` or ends in `.gguf` is a path. Its content is the user's affair; its
    /// digest is computed once and remembered. Any part of a model that is split into several
    /// files stands for all: see `splitModel`.
    package func model(_ nameOrPath: String) throws(AssetError) -> LocatedFile {
        guard AssetCatalog.isPath(nameOrPath) else {
            return try fetch(catalog.model(named: nameOrPath).file)
        }
        if let split = try splitModel(nameOrPath) { return split }
        let digest = try sha256(ofFile: nameOrPath)
        let bytes = FileIdentity(path: nameOrPath)?.size ?? 0
        let name = URL(fileURLWithPath: nameOrPath).lastPathComponent
        return LocatedFile(name: name, path: nameOrPath, bytes: bytes, sha256: digest)
    }

    /// The verified file of a split, fetched if need be; its fallback's if it cannot be had.
    package func dataSet(
        _ name: String, split: String, language: String? = nil
    ) throws(AssetError) -> LocatedDataSet {
        let dataSet = try catalog.dataSet(named: name)
        let wanted = try dataSet.split(named: split, language: language)
        do throws(AssetError) {
            return LocatedDataSet(
                dataSet: dataSet, split: wanted, file: try fetch(wanted.file))
        } catch {
            guard case .unavailable(let kind, let asset, let failures) = error,
                let fallback = wanted.fallback
            else { throw error }
            let other = try catalog.dataSet(named: fallback)
            let substitute = try other.split(named: split, language: language)
            show(.note("\(asset) cannot be had; using \(fallback) (\(substitute.rows) rows)"))
            do throws(AssetError) {
                return LocatedDataSet(
                    dataSet: other, split: substitute, file: try fetch(substitute.file))
            } catch {
                guard case .unavailable(_, _, let more) = error else { throw error }
                throw .unavailable(
                    kind, name: asset,
                    failures: failures
                        + more.map {
                            SourceFailure(source: "\(fallback), \($0.source)", reason: $0.reason)
                        })
            }
        }
    }

    /// What is known of a file without fetching it.
    ///
    /// A right copy anywhere counts; else a wrong one is reported.
    package func state(of file: AssetFile) throws(AssetError) -> AssetState {
        var wrong: AssetState?
        for path in places(of: file) where FileManager.default.fileExists(atPath: path) {
            let found = try sha256(ofFile: path)
            if found == file.sha256 { return .present(located(file, at: path)) }
            wrong = wrong ?? .corrupt(path: path, expected: file.sha256, found: found)
        }
        return wrong ?? .missing
    }

    /// The SHA-256 of a file, remembered in the cache.
    package func sha256(ofFile path: String) throws(AssetError) -> String {
        try DigestMemo(path: cache.memo).sha256(ofFile: path)
    }

    /// Where `file` may lie on this machine: the local directories, then the cache.
    func places(of file: AssetFile) -> [String] {
        let local = file.sources.compactMap { source -> String? in
            guard case .directory(let variable) = source, let directory = environment[variable],
                !directory.isEmpty
            else { return nil }
            return "\(directory)/\(file.path)"
        }
        return local + [cache.path(of: file)]
    }

    func located(_ file: AssetFile, at path: String) -> LocatedFile {
        LocatedFile(name: file.name, path: path, bytes: file.bytes, sha256: file.sha256)
    }
}

/// Bytes free for this user on the disk of `directory`; nil if that cannot be told.
package func freeDiskSpace(of directory: String) -> Int64? {
    var status = statvfs()
    guard statvfs(directory, &status) == 0 else { return nil }
    return Int64(
        clamping: UInt64(status.f_bavail).multipliedReportingOverflow(
            by: UInt64(status.f_frsize)
        ).partialValue)
}
