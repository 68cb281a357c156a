import Foundation
import Routing
import TestSupport
import Testing

/// docs/policies.md says what the definitions say.
struct PolicyPageTests {
    private static let path = checkoutRoot + "/docs/policies.md"

    private static var page: String {
        let rows = PolicyDefinition.all.map { policy in
            let large = policy.parameters.map { "`\($0.name)`: \(lowered($0.documentation))" }
            return [
                "`\(policy.form)`", "\(policy.scope)", policy.documentation,
                large.joined(separator: "; "), needs(of: policy),
            ]
        }
        let head = ["Policy", "Decides for a", "What it does", "Set by", "Asks of the models"]
        let lines = [head, head.map { _ in "---" }] + rows
        return """
            # Policies

            Each one at each of its settings is a cell of a sweep; `citer generate --policy` takes the form of the first column, a spec its parameters as keys. The science is in
            [method.md](method.md), section 2. This page is made from `Sources/Routing/Policies`; a test compares them.

            \(lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n"))

            """
    }

    private static func needs(of policy: PolicyDefinition) -> String {
        Capability.allCases.compactMap { capability in
            let who = [(Route.slm, "S"), (.llm, "L")].filter {
                policy.needs(of: $0.0).contains(capability)
            }
            guard !who.isEmpty else { return nil }
            return "\(who.map(\.1).joined(separator: " and ")) must \(capability.phrase)"
        }
        .joined(separator: "; ")
    }

    private static func lowered(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }

    @Test func theCommittedPageIsUpToDate() throws {
        if ProcessInfo.processInfo.environment["CITER_WRITE_PAGES"] != nil {
            try Self.page.write(toFile: Self.path, atomically: true, encoding: .utf8)
        }
        let committed = try String(contentsOfFile: Self.path, encoding: .utf8)
        #expect(
            committed == Self.page,
            "run CITER_WRITE_PAGES=1 swift test --filter PolicyPageTests and commit the file")
    }
}
