import Assets
import Foundation
import Hashing
import Platform
package import Routing
import Schemas

/// Folders of trained routers, a file each: `routers/NAME.router` beside the spec, then where else names are looked up.
package struct RouterFiles: Sendable {
    private let directories: [String]

    /// The routers of `routers/` in each folder; of several with one name the first folder's counts.
    package init(folders: [String]) {
        directories = folders.map { joined($0, "routers") }
    }

    /// The routers of one folder.
    package init(directory: String) {
        directories = [directory]
    }

    /// Where the routers of a spec are written: `routers/` beside it.
    package static func directory(beside spec: String) -> String {
        joined(ExperimentFolders.folder(of: spec), "routers")
    }

    /// The names of all routers there, sorted.
    package var names: [String] {
        let files = directories.flatMap {
            (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? []
        }
        return Set(files.filter { $0.hasSuffix(".router") }.map { String($0.dropLast(7)) })
            .sorted()
    }

    /// A router that was read, and its file's hash.
    package struct Entry {
        let router: Router
        let sha256: String
        package let score: RouterScore
    }

    /// Reads a router and checks that it was trained for this pair.
    package func router(_ name: String, for pair: ModelPair) throws -> Entry {
        let file = try file(of: name)
        do {
            let (router, sha256) = try read(file, name, for: pair)
            guard !router.isJudge else { throw JudgeError.isAJudge }
            let layers = pair[.slm].layers
            if router.features.inputs.contains(.middle),
                !(1..<layers).contains(router.features.layer ?? 0)
            {
                throw RunError.routerLayer(
                    router: name, layer: router.features.layer ?? 0, layers: layers)
            }
            let classes =
                router.features.inputs.contains(.token) ? pair.vocabulary.tokenClasses() : []
            return Entry(
                router: router, sha256: sha256,
                score: RouterScore(router, classes: classes))
        } catch {
            throw RunError.router(name: name, reason: "\(error)")
        }
    }

    /// A judge that was read, and its file's hash.
    package struct Judge {
        package let router: Router
        package let sha256: String
        package let score: JudgeScore
        let name: String

        /// What stays under it, if at least a share `recall` of harmful tokens is to be refused.
        package func test(recall: Double) throws(RunError) -> KeepRule.Test {
            do throws(JudgeError) {
                return .judge(score, below: try router.threshold(recall: recall))
            } catch {
                throw .router(name: name, reason: "\(error)")
            }
        }
    }

    /// Reads a judge and checks that it was trained for this pair.
    package func judge(_ name: String, for pair: ModelPair) throws -> Judge {
        let file = try file(of: name)
        do {
            let (router, sha256) = try read(file, name, for: pair)
            guard router.isJudge else { throw JudgeError.notAJudge(kind: router.kind) }
            let layers = pair[.llm].layers
            if router.features.inputs.contains(.llmMiddle),
                !(1..<layers).contains(router.features.llmLayer ?? 0)
            {
                throw RunError.judgeLayer(
                    judge: name, layer: router.features.llmLayer ?? 0, layers: layers)
            }
            let classes =
                router.features.inputs.contains(.token) ? pair.vocabulary.tokenClasses() : []
            return Judge(
                router: router, sha256: sha256,
                score: JudgeScore(router, sha256: sha256, classes: classes), name: name)
        } catch {
            throw RunError.router(name: name, reason: "\(error)")
        }
    }

    /// How a setting answers outside a sweep, with the router and the judge that it names. Its threshold must be a value.
    package func method(of setting: PolicySetting, for pair: ModelPair) throws -> AnswerMethod {
        guard setting.rows == nil else { throw RunError.needsTask(policy: "\(setting)") }
        let router = try setting.router.map { try self.router($0, for: pair) }
        var test: KeepRule.Test?
        if let name = setting.judge, let recall = setting.keep?.value {
            test = try judge(name, for: pair).test(recall: recall)
        }
        let method = setting.method(
            seed: 0, judges: { _, _ in test }, routers: { _ in router?.score })
        guard let method else { throw RunError.noScores(cell: "\(setting)") }
        return method
    }

    private func read(
        _ file: String, _ name: String, for pair: ModelPair
    ) throws -> (router: Router, sha256: String) {
        let data = try contents(ofFile: file)
        let router = try RouterFile.router(from: data)
        let large = pair[.llm]
        try router.check(
            slm: pair[.slm].identity.sha256,
            llm: large.server == nil ? large.identity.sha256 : nil)
        if large.server != nil {
            note(
                "router \(name) learned from another file of the large model; whether \(large.identity.name) behind its server is the same, nobody checks"
            )
        }
        return (router, SHA256.hexadecimal(of: data))
    }

    /// Makes the first folder and sees whether files can be written there; to be asked before hours of labelling.
    func prepareForWriting() throws(RunError) {
        let directory = directories.first ?? "."
        if let code = machine.makeFolder(URL(fileURLWithPath: directory).path) {
            throw .routerFolder(path: directory, reason: errorText(code))
        }
        guard access(directory, W_OK) == 0 else {
            throw .routerFolder(path: directory, reason: errorText(errno))
        }
    }

    /// Writes a router's file in the first folder, whole or not at all; returns its SHA-256.
    func store(_ router: Router, as name: String) throws(OutputError) -> String {
        let data = RouterFile.data(of: router)
        try WholeFile.write(data, to: joined(directories.first ?? ".", "\(name).router"))
        return SHA256.hexadecimal(of: data)
    }

    private func file(of name: String) throws(RunError) -> String {
        let paths = directories.map { joined($0, "\(name).router") }
        guard let found = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw .noRouter(name: name, places: paths, known: names)
        }
        return found
    }
}
