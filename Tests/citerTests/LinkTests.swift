import Foundation
import TestSupport
import Testing

/// Links between the project's own pages.
struct LinkTests {
    /// Every page of the checkout, what building leaves behind left out.
    private static let pages: [String] = {
        let walker = FileManager.default.enumerator(atPath: checkoutRoot)
        var found: [String] = []
        while let path = walker?.nextObject() as? String {
            if path.hasPrefix(".") {
                walker?.skipDescendants()
            } else if path.hasSuffix(".md") {
                found.append(path)
            }
        }
        return found.sorted()
    }()

    @Test func leadToFilesThatAreThere() throws {
        #expect(Self.pages.count > 20)
        for page in Self.pages {
            let text = try String(contentsOfFile: checkoutRoot + "/" + page, encoding: .utf8)
            let folder = URL(fileURLWithPath: checkoutRoot + "/" + page).deletingLastPathComponent()
            for match in text.matches(of: /\]\(([^)#\s]+)(#[^)]*)?\)/) {
                let link = String(match.1)
                guard !link.hasPrefix("http") else { continue }
                #expect(
                    FileManager.default.fileExists(
                        atPath: folder.appendingPathComponent(link).path), "\(page): \(link)")
            }
        }
    }
}
