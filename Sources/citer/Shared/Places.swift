import ArgumentParser
import Assets
import Foundation
import Platform
import Runs

/// The catalogues beside a spec, beside the user and of the program's home, and where their files are kept.
func openAssets(spec: String? = nil) throws -> AssetStore {
    let printer = FetchPrinter()
    let catalog = try AssetCatalog(folders: ExperimentFolders.paths(spec: spec))
    for remark in catalog.remarks { StandardError.note(remark) }
    return AssetStore(
        catalog: catalog,
        isInterrupted: { Interruption.isRequested }, show: { printer.show($0) })
}

/// A path as it was given: an empty one, as of a variable that is not set, would mean the root of the file system or the folder one is in.
func givenPath(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("expected a path, found an empty text") }
    return text
}

/// A folder of the checkout, where the user is or else of the program's home.
func projectFolder(_ name: String) -> String {
    if FileManager.default.fileExists(atPath: name) { return name }
    let home = ExperimentFolders.runningProgram.flatMap(ExperimentFolders.home(of:))
    return home.map { "\($0)/\(name)" } ?? name
}
