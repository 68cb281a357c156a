import Foundation
import Testing

@testable import Reporting

/// What is put into pages is Chart.js with its licence, or refused by its name.
struct ChartLibraryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func library(_ named: String?, places: [String] = []) throws -> ChartLibrary {
        try ChartLibrary(named: named, places: places, documents: folder.file("doc"))
    }

    @Test func theNamedFileIsTaken() throws {
        let path = try StandInLibrary.write(in: folder)
        let library = try library(path, places: ["/nowhere"])
        #expect(library.name == "Chart.js v3.9.1" && library.script.contains("this.Chart"))
        #expect(library.licence == "Permission <granted>")
        #expect(try self.library(nil, places: [folder.file("none"), path]) == library)
    }

    /// Debian keeps licences apart from the files.
    @Test func theLicenceMayBeAmongDocuments() throws {
        let path = try StandInLibrary.write(in: folder)
        try FileManager.default.removeItem(atPath: folder.file("LICENSE"))
        let documents = folder.file("doc/\(ChartLibrary.package)")
        try FileManager.default.createDirectory(
            atPath: documents, withIntermediateDirectories: true)
        try "Expat".write(
            toFile: documents + "/copyright", atomically: true, encoding: .utf8)
        #expect(try library(path).licence == "Expat")
    }

    @Test func whatIsMissingIsNamed() throws {
        #expect(throws: ChartLibraryError.missing(places: ["/nowhere"])) {
            try library(nil, places: ["/nowhere"])
        }
        let message = ChartLibraryError.missing(places: ["/nowhere"]).description
        #expect(message.contains("apt-get install libjs-chart.js") && message.contains("/nowhere"))
        let none = folder.file("none.js")
        #expect(throws: ChartLibraryError.unreadable(path: none)) { try library(none) }
    }

    @Test(arguments: [
        ("var Chart = 1;", ChartLibraryError.unknown(path: "")),
        ("/*! Chart.js v2.9.4 */", .unknown(path: "")),
        ("/*! Chart.js v4.4.1 */ '</SCRIPT >'", .unsafe(path: "")),
        ("/*! Chart.js v4.4.1 */ '<!-- <script>'", .unsafe(path: "")),
    ])
    func whatIsSomethingElseIsRefused(text: String, error: ChartLibraryError) throws {
        let path = try StandInLibrary.write(in: folder, text)
        let expected: ChartLibraryError =
            switch error {
            case .unknown: .unknown(path: path)
            default: .unsafe(path: path)
            }
        #expect(throws: expected) { try library(path) }
        #expect(expected.isBadInput)
    }

    @Test func aLibraryWithoutLicenceIsRefused() throws {
        let path = try StandInLibrary.write(in: folder)
        try FileManager.default.removeItem(atPath: folder.file("LICENSE"))
        #expect(throws: ChartLibraryError.noLicence(path: path)) { try library(path) }
    }
}
