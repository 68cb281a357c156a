import Foundation
import TestSupport
import Testing

@testable import Assets
@testable import Schemas

/// Names are looked up beside the spec, then in the checkout; the nearest wins, and that is said.
struct ExperimentFoldersTests {
    private func model(_ name: String, bytes: Int) -> String {
        """
          \(name):
            architecture: qwen2
            licence: none
            file: \(name).gguf
            bytes: \(bytes)
            sha256: \(String(repeating: "0", count: 64))
            sources: [{ directory: CITER_MODELS }]

        """
    }

    private func write(_ text: String, to path: String) throws {
        try FileManager.default.createDirectory(
            atPath: ExperimentFolders.folder(of: path), withIntermediateDirectories: true)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test func foldersAreNearestFirstAndOnce() throws {
        try withTemporaryDirectory { root in
            let checkout = root + "/checkout"
            try write("models:\n" + model("a", bytes: 1), to: checkout + "/experiments/models.yaml")
            try write("x", to: checkout + "/.build/release/citer")
            try write("x", to: root + "/mine/spec.yaml")
            let program = checkout + "/.build/release/citer"
            let found = ExperimentFolders.paths(spec: root + "/mine/spec.yaml", program: program)
            #expect(found.first == root + "/mine")
            #expect(found.last.map { $0.hasSuffix("/checkout/experiments") } == true)
            let own = ExperimentFolders.paths(
                spec: checkout + "/experiments/x.yaml", program: program)
            #expect(own.count { $0.hasSuffix("/checkout/experiments") } == 1)
            #expect(ExperimentFolders.home(of: root + "/mine/citer") == nil)
            // A link to the program is the program.
            try FileManager.default.createSymbolicLink(
                atPath: root + "/mine/citer", withDestinationPath: program)
            #expect(
                ExperimentFolders.home(of: root + "/mine/citer")?.hasSuffix("checkout") == true)
        }
    }

    /// `bin/citer` has its experiments in `share/citer`, under whatever prefix, and a checkout is nearer than its own `share`.
    @Test func anInstalledProgramHasItsHomeInShare() throws {
        try withTemporaryDirectory { root in
            let program = root + "/opt/tool/bin/citer"
            try write("x", to: program)
            #expect(ExperimentFolders.home(of: program) == nil)
            try write("models:\n", to: root + "/opt/tool/share/citer/experiments/models.yaml")
            #expect(
                ExperimentFolders.home(of: program)?.hasSuffix("/opt/tool/share/citer") == true)
            #expect(
                ExperimentFolders.paths(program: program).last?
                    .hasSuffix("/opt/tool/share/citer/experiments") == true)
            // What is unpacked within a checkout is not the checkout.
            try write("models:\n", to: root + "/experiments/models.yaml")
            #expect(
                ExperimentFolders.home(of: program)?.hasSuffix("/opt/tool/share/citer") == true)
        }
    }

    @Test func folderOfAFile() {
        #expect(ExperimentFolders.folder(of: "a.yaml") == ".")
        #expect(ExperimentFolders.folder(of: "x/a.yaml") == "x")
        #expect(ExperimentFolders.folder(of: "/a.yaml") == "/")
        #expect(joined(".", "tasks") == "tasks" && joined("/", "tasks") == "/tasks")
        #expect(joined("a", "/b") == "/b" && joined("a/", "b") == "a/b")
    }

    @Test func anOwnCatalogueExtendsTheOther() throws {
        try withTemporaryDirectory { root in
            let texts = [
                "models:\n" + model("a", bytes: 1) + model("b", bytes: 1),
                "models:\n" + model("b", bytes: 2) + model("a", bytes: 1) + model("c", bytes: 2),
            ]
            try write(texts[0], to: root + "/near/models.yml")
            try write(texts[1], to: root + "/far/models.yaml")
            let catalog = try AssetCatalog(folders: [root + "/near", root + "/far"])
            #expect(catalog.models.map(\.name) == ["a", "b", "c"])
            #expect(catalog.models.map(\.file.bytes) == [1, 1, 2])
            #expect(
                catalog.remarks == [
                    "the model b is that of \(root)/near/models.yml, not of \(root)/far/models.yaml"
                ])
        }
    }

    @Test func twoFilesOfOneNameAreRefused() throws {
        try withTemporaryDirectory { root in
            for ending in ["yaml", "yml"] {
                try write("models:\n" + model("a", bytes: 1), to: "\(root)/models.\(ending)")
            }
            let error = #expect(throws: AssetError.self) { try AssetCatalog(directory: root) }
            #expect(
                error?.description
                    == "\(root)/models.yml:1:1: there is \(root)/models.yaml as well; remove one of them"
            )
        }
    }

    @Test(arguments: [
        (Array("a: \u{FF}".unicodeScalars.map { UInt8($0.value) }), "it is not UTF-8 text"),
        ([0xFF, 0xFE, 0x61, 0x00], "it is not UTF-8 text"),
        ([0xED, 0xA0, 0x80], "it is not UTF-8 text"),
        (Array(repeating: 0x61, count: (1 << 18) + 1), "it has more than 262144 bytes"),
    ])
    func aFileThatIsNoTextIsNamed(bytes: [UInt8], says: String) throws {
        try withTemporaryDirectory { root in
            try writeFile(bytes, to: root + "/models.yaml")
            let error = #expect(throws: AssetError.self) { try AssetCatalog(directory: root) }
            #expect(error?.description.hasPrefix("\(root)/models.yaml:1:1: \(says)") == true)
        }
    }

    @Test func aMissingFileNamesItsTwin() throws {
        try withTemporaryDirectory { root in
            try write("a: 1", to: root + "/spec.yml")
            let error = #expect(throws: YAMLFile.Unreadable.self) {
                try YAMLFile.text(at: root + "/spec.yaml")
            }
            #expect(error?.reason == "no such file; there is spec.yml")
            #expect(throws: YAMLFile.Unreadable(reason: "it is a folder")) {
                try YAMLFile.text(at: root)
            }
        }
    }
}
