/// A model file, known by its hash.
package struct ModelRecord: Equatable, Sendable {
    /// The name in models.yaml, or the file's name.
    package var name: String
    /// SHA-256 of the file, lowercase hexadecimal.
    package var sha256: String
    /// The architecture's name in the file, such as `qwen2`.
    package var architecture: String?
    /// All weights.
    package var parameters: Int?
    /// The file's size.
    package var fileBytes: Int?

    /// A model; only its name and hash are needed.
    package init(
        name: String, sha256: String, architecture: String? = nil, parameters: Int? = nil,
        fileBytes: Int? = nil
    ) {
        self.name = name
        self.sha256 = sha256
        self.architecture = architecture
        self.parameters = parameters
        self.fileBytes = fileBytes
    }
}
