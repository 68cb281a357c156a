import Assets
import Foundation
import Platform
import Runs

/// The catalogues beside a spec, beside the user and of the program's checkout, and where their files are kept.
func openAssets(spec: String? = nil) throws -> AssetStore {
    let printer = FetchPrinter()
    let catalog = try AssetCatalog(folders: ExperimentFolders.paths(spec: spec))
    for remark in catalog.remarks { StandardError.note(remark) }
    return AssetStore(
        catalog: catalog,
        isInterrupted: { Interruption.isRequested }, show: { printer.show($0) })
}

/// A folder of the checkout, where the user is or else where the program was built.
func projectFolder(_ name: String) -> String {
    if FileManager.default.fileExists(atPath: name) { return name }
    let checkout = ExperimentFolders.runningProgram.flatMap(ExperimentFolders.checkout(of:))
    return checkout.map { "\($0)/\(name)" } ?? name
}
