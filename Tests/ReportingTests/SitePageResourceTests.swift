import Foundation
import Testing

@testable import Reporting

/// The parts of the overview page that are no Swift.
struct SitePageResourceTests {
    private static let node = ["/usr/bin/node", "/usr/local/bin/node"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// What the script's parts call is in one of them: a part that was left out would be missed by nobody else.
    @Test(.enabled(if: node != nil, "node is not installed"))
    func theScriptParses() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("site.js")
        try SitePage.script.write(toFile: file, atomically: true, encoding: .utf8)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Self.node))
        process.arguments = ["--check", file]
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: message, as: UTF8.self))")
    }

    /// The elements are filled by the script, which finds them by these names.
    @Test func everyElementThatTheScriptFindsIsThere() {
        let html = WebPage.text(PackageResources.site_html)
        let names = Set(
            SitePage.script.matches(of: /\b(?:find|on|lines)\("([a-z-]+)"/).map {
                String($0.output.1)
            })
        #expect(names.count > 15)
        for name in names { #expect(html.contains("id=\"\(name)\""), "\(name)") }
    }

    /// Colours that the script asks for by name are the page's own, in light and in dark.
    @Test func everyColourIsThereTwice() {
        let css = WebPage.text(PackageResources.site_css)
        let names = Set(
            SitePage.script.matches(of: /colour\("([a-z]+)"\)/).map { String($0.output.1) })
        #expect(names.count >= 5)
        for name in names {
            #expect(css.components(separatedBy: "--\(name):").count - 1 == 2, "\(name)")
        }
    }
}
