import Foundation
import TestSupport
import Testing

/// Links between the project's own pages.
struct LinkTests {
    /// To files that a clone has: one that git ignores is there on this machine alone.
    @Test func leadToFilesAndHeadingsThatAreThere() throws {
        let pages = try MarkdownPage.all()
        #expect(pages.count > 60)
        let folders = Set(
            MarkdownPage.files.flatMap { path in
                sequence(first: Self.folder(of: path)) { $0.isEmpty ? nil : Self.folder(of: $0) }
            })
        let anchors = Dictionary(uniqueKeysWithValues: pages.map { ($0.path, $0.anchors) })
        var count = 0
        for page in pages {
            for (line, address) in page.links where address.firstMatch(of: /^[a-z]+:/) == nil {
                count += 1
                let parts = address.split(
                    separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target = Self.resolved(String(parts[0]), from: page.path)
                let isThere =
                    target.map { MarkdownPage.files.contains($0) || folders.contains($0) } ?? false
                #expect(isThere, "\(page.path):\(line): \(address)")
                if parts.count > 1, let target, isThere {
                    #expect(
                        anchors[target]?.contains(String(parts[1])) == true,
                        "\(page.path):\(line): no heading #\(parts[1]) in \(target)")
                }
            }
        }
        #expect(count > 150)
    }

    /// What a page may hold that is a link or a heading, and what looks like one.
    @Test func linksAndHeadingsAreFound() {
        let page = MarkdownPage(
            "a.md",
            text: """
                # The *first* one: `a` and [b](c.md)
                ## Twice
                ## Twice
                See [it](b.md#c-d), ![a figure](f.svg "title") and `[no](link)`.
                [label]: e.md

                    [no](code)
                    # no heading

                - an item
                    [yes](d.md)
                ```
                [no](fence)
                ```
                """)
        #expect(page.links.map(\.address) == ["c.md", "b.md#c-d", "f.svg", "e.md", "d.md"])
        #expect(page.links.map(\.line) == [1, 4, 4, 5, 11])
        #expect(page.anchors == ["the-first-one-a-and-b", "twice", "twice-1"])
        #expect(Self.resolved("../x/./y.md", from: "docs/a.md") == "x/y.md")
        #expect(Self.resolved("../../y.md", from: "docs/a.md") == nil)
        #expect(Self.resolved("", from: "docs/a.md") == "docs/a.md")
    }

    /// The path from the checkout's folder; nil if it leads out of it.
    private static func resolved(_ link: String, from page: String) -> String? {
        guard !link.isEmpty else { return page }
        var parts = folder(of: page).split(separator: "/").map(String.init)
        for part in link.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(String(part))
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return parts.joined(separator: "/")
    }

    private static func folder(of path: String) -> String {
        path.split(separator: "/").dropLast().joined(separator: "/")
    }
}
