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
                large.joined(separator: "; "), needs(policy.needs),
            ]
        }
        let head = ["Policy", "Decides for a", "What it does", "Set by", "Asks of the models"]
        let lines = [head, head.map { _ in "---" }] + rows
        return """
            # Policies

            Each one at each of its settings is a cell of a sweep; `citer generate --policy` takes the form of the first column, a spec its parameters as keys. The science is in
            [method.md](method.md), section 2. This page is made from `Sources/Routing/Policies`; a test compares them.

            \(table(lines))

            ## The second decision

            Policies that stop (\(stopping)) take these options, too; specs write \(draftKeys) below `drafts`, `generate --policy` all of them behind the
            policy: `margin=0.5,keep=kl:0.3,most=5`. Without them \(defaults).

            \(table(options))

            Where the large model reads what the small one wrote, the first token that does not stay is replaced by its own, and what follows is taken back. Its
            favourite always stays.

            \(table(keepRules))

            """
    }

    private static func table(_ lines: [[String]]) -> String {
        lines.map { "| \($0.joined(separator: " | ")) |" }.joined(separator: "\n")
    }

    private static var stopping: String {
        PolicyDefinition.all.filter(\.stops).map { "`\($0.name)`" }.joined(separator: ", ")
    }

    private static var draftKeys: String {
        PolicyParameter.drafts.map { "`\($0.name)`" }.joined(separator: " and ")
    }

    /// What is kept where nothing is said.
    private static var defaults: String {
        let others = PolicyDefinition.all.filter { $0.stops && $0.judges != nil }
        let words = others.map { "`\($0.name)` keeps by `\($0.judges ?? "")`" }
        return (["`keep` is `all`"] + words).joined(separator: ", and ")
    }

    private static var options: [[String]] {
        let head = ["Option", "What it does"]
        return [head, head.map { _ in "---" }]
            + PolicyDefinition.margin.options.map { ["`\($0.name)`", $0.documentation] }
    }

    private static var keepRules: [[String]] {
        let head = ["Keep rule", "What stays", "Set to", "Source", "Asks of the models"]
        return [head, head.map { _ in "---" }]
            + KeepDefinition.all.map { rule in
                let (meaning, setting) =
                    switch rule.value {
                    case .none: ("", KeepSetting(rule))
                    case .number(let range, let meaning):
                        (meaning, KeepSetting(rule, range.lowerBound))
                    case .judge:
                        (
                            "its name and its recall of harmful tokens",
                            KeepSetting(rule, 0.9, judge: "j")
                        )
                    case .integer(let range, let meaning):
                        (meaning, KeepSetting(rule, Double(range.lowerBound)))
                    }
                return [
                    "`\(rule.form)`", rule.documentation, meaning, rule.source,
                    needs { setting?.needs(of: $0) ?? [] },
                ]
            }
    }

    private static func needs(_ asked: (Route) -> Set<Capability>) -> String {
        Capability.allCases.compactMap { capability in
            let who = [(Route.slm, "S"), (.llm, "L")].filter {
                asked($0.0).contains(capability)
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
