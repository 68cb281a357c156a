/// A model that specs can name.
public struct ModelAsset: Equatable, Sendable {
    /// The name, such as `smollm2-135m`.
    public let name: String
    /// The architecture its file states, such as `qwen2`.
    public let architecture: String
    /// Sizes, for people.
    public let notes: String
    /// The terms it may be used under.
    public let licence: String
    /// Its GGUF file.
    public let file: AssetFile

    /// A model held in `file`.
    public init(
        name: String, architecture: String, notes: String, licence: String, file: AssetFile
    ) {
        self.name = name
        self.architecture = architecture
        self.notes = notes
        self.licence = licence
        self.file = file
    }
}
