/// A trained router, known by the hash of its file.
package struct RouterRecord: Equatable, Sendable {
    /// The name in specs.
    package var name: String
    /// The method, such as `citer` or `co-llm`.
    package var kind: String
    /// SHA-256 of the router's file, lowercase hexadecimal.
    package var sha256: String
    /// How it was trained, as JSON.
    package var details: String?

    /// A router; details are optional.
    package init(name: String, kind: String, sha256: String, details: String? = nil) {
        self.name = name
        self.kind = kind
        self.sha256 = sha256
        self.details = details
    }
}

extension RouterRecord {
    static let table = StoredTable(
        "router", row: "theirs.sha256",
        blank: RouterRecord(name: "", kind: "", sha256: ""),
        [
            Column("name", \.name, .description),
            Column("kind", \.kind, .content),
            Column("sha256", \.sha256, .name),
            Column("details", \.details, .description),
        ])
}

extension ResultsStore {
    /// Stores the router, or finds it by its hash; a renamed router takes its new name.
    package func register(_ router: RouterRecord) throws(StoreError) -> RowID<RouterRecord> {
        try checkName(router.name, what: "a router's name")
        let updates = RouterRecord.table.updates { $0.agreement == .description }
        return try transaction { db in
            try RouterRecord.table.register(
                router, "ON CONFLICT (sha256) DO UPDATE SET \(updates)", db)
        }
    }
}
