/// A model that specs can name.
package struct ModelAsset: Equatable, Sendable {
    /// The name, such as `smollm2-135m`.
    package let name: String
    /// The architecture its file states, such as `qwen2`.
    package let architecture: String
    /// Sizes, for people.
    package let notes: String
    package let licence: String
    package let file: AssetFile

    package init(
        name: String, architecture: String, notes: String, licence: String, file: AssetFile
    ) {
        self.name = name
        self.architecture = architecture
        self.notes = notes
        self.licence = licence
        self.file = file
    }
}
