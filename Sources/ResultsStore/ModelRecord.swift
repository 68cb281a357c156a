/// A model file, known by its hash.
public struct ModelRecord: Equatable, Sendable {
    /// The name in models.yaml, or the file's name.
    public var name: String
    /// SHA-256 of the file, lowercase hexadecimal.
    public var sha256: String
    /// The architecture's name in the file, such as `qwen2`.
    public var architecture: String?
    /// All weights.
    public var parameters: Int?
    /// The file's size.
    public var fileBytes: Int?

    /// A model; only its name and hash are needed.
    public init(
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
