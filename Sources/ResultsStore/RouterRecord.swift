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
