import Assets
import Foundation
import Hashing
import Inference
import Routing

/// The folder of trained routers, a file each: `experiments/routers/NAME.router`.
public struct RouterShelf: Sendable {
    /// Where routers are kept, from the project's root.
    public static let directory = "experiments/routers"

    private let directory: String

    /// The routers of a folder.
    public init(directory: String = RouterShelf.directory) {
        self.directory = directory
    }

    /// The names of all routers there, sorted.
    public var names: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return files.filter { $0.hasSuffix(".router") }.map { String($0.dropLast(7)) }.sorted()
    }

    /// A router that was read, and its file's hash.
    struct Entry {
        let router: Router
        let sha256: String
        let score: RouterScore
    }

    /// Reads a router and checks that it was trained for this pair.
    func router(_ name: String, for pair: PairHeader) throws -> Entry {
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path(of: name)))
            let router = try RouterFile.router(from: data)
            try router.check(slm: pair.small.file.sha256, llm: pair.large.file.sha256)
            let layers = pair.small.config.layers
            if router.features.inputs.contains(.middle),
                !(1..<layers).contains(router.features.layer ?? 0)
            {
                throw RunError.routerLayer(
                    router: name, layer: router.features.layer ?? 0, layers: layers)
            }
            let classes = router.features.inputs.contains(.token) ? pair.tokenClasses() : []
            return Entry(
                router: router, sha256: SHA256.hexadecimal(of: data),
                score: RouterScore(router, classes: classes))
        } catch {
            throw RunError.router(name: name, reason: "\(error)")
        }
    }

    /// Writes a router's file, whole or not at all; returns its SHA-256.
    func store(_ router: Router, as name: String) throws -> String {
        let data = RouterFile.data(of: router)
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true)
        try data.write(to: URL(fileURLWithPath: path(of: name)), options: .atomic)
        return SHA256.hexadecimal(of: data)
    }

    private func path(of name: String) -> String { "\(directory)/\(name).router" }
}
