import Foundation
import Platform

/// Why no chart can be put into a page.
package enum ChartLibraryError: ReportableError, Equatable {
    /// It is nowhere where packages put it.
    case missing(places: [String])
    /// The file that was named cannot be read.
    case unreadable(path: String)
    /// The file is something else.
    case unknown(path: String)
    /// Its text would end the element of the page that it stands in.
    case unsafe(path: String)
    /// The licence asks for its text, which is not there.
    case noLicence(path: String)

    /// Whether what was given is at fault, rather than the work.
    package var isBadInput: Bool { true }

    /// What was found, what to do.
    package var description: String {
        switch self {
        case .missing(let places):
            "the overview page needs Chart.js, which is not installed (looked at "
                + "\(places.joined(separator: ", "))); on Debian: apt-get install "
                + "\(ChartLibrary.package), else name the file with --chart-library or "
                + ChartLibrary.variable
        case .unreadable(let path): "\(path): the file of Chart.js cannot be read"
        case .unknown(let path):
            "\(path): not Chart.js 3 or 4: its first lines do not say \"Chart.js v3\" or \"Chart.js v4\""
        case .unsafe(let path):
            "\(path): holds the end of a script element, and cannot stand in a page"
        case .noLicence(let path):
            "\(path): no licence is beside it (\(ChartLibrary.licences.joined(separator: ", "))), "
                + "and a page that holds the library must hold its licence"
        }
    }
}

/// Chart.js as a system's package installs it, with the licence that goes wherever it goes.
package struct ChartLibrary: Equatable, Sendable {
    /// Such as `Chart.js v3.9.1`.
    package let name: String
    /// The program.
    package let script: String
    package let licence: String

    /// Debian's package.
    static let package = "libjs-chart.js"
    /// The environment variable that names the file.
    package static let variable = "CITER_CHART_JS"
    /// What a licence's file is called.
    static let licences = ["LICENSE", "LICENSE.md", "LICENSE.txt", "copyright"]

    /// Where packages put it: Debian's, npm's as some systems pack it.
    package static let places = [
        "/usr/share/javascript/chart.js/chart.min.js",
        "/usr/share/javascript/chart.js/Chart.min.js",
        "/usr/share/nodejs/chart.js/dist/chart.umd.js",
        "/usr/lib/node_modules/chart.js/dist/chart.umd.js",
        "/usr/local/lib/node_modules/chart.js/dist/chart.umd.js",
    ]

    /// The file that is `named`, else the first of `places` that is there.
    ///
    /// - Parameters:
    ///   - named: the file that the user names.
    ///   - places: where to look without one, in order.
    ///   - documents: where packages keep their licences, in folders of their names.
    package init(
        named: String? = nil, places: [String] = Self.places, documents: String = "/usr/share/doc"
    ) throws(ChartLibraryError) {
        guard
            let path = named
                ?? places.first(where: { FileManager.default.fileExists(atPath: $0) })
        else { throw .missing(places: places) }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw .unreadable(path: path)
        }
        guard let name = text.prefix(400).firstMatch(of: /Chart\.js v[34]\.[0-9.]*[0-9]/) else {
            throw .unknown(path: path)
        }
        let lower = text.lowercased()
        guard !lower.contains("</script"), !lower.contains("<!--") else {
            throw .unsafe(path: path)
        }
        guard let licence = Self.licence(of: path, documents) else {
            throw .noLicence(path: path)
        }
        self.name = String(name.output)
        script = text
        self.licence = licence
    }

    /// Beside the file, in the folder above it, or where the package's documents are.
    private static func licence(of path: String, _ documents: String) -> String? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let folders = [
            folder.path, folder.deletingLastPathComponent().path, "\(documents)/\(package)",
        ]
        for file in folders.flatMap({ folder in licences.map { "\(folder)/\($0)" } }) {
            if let text = try? String(contentsOfFile: file, encoding: .utf8), !text.isEmpty {
                return text
            }
        }
        return nil
    }
}
