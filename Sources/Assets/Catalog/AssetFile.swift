/// A file that has to be there, known by its content: where it lies and where it can come from.
package struct AssetFile: Equatable, Sendable {
    /// What messages call it: `qwen2.5-coder-0.5b`, `gsm8k test`.
    package let name: String
    /// Where the cache keeps it.
    package let kind: AssetKind
    /// Its path below the folder of its kind; local directories are laid out alike.
    package let path: String
    package let bytes: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
    /// Where to look for it, in order.
    package let sources: [AssetSource]

    package init(
        name: String, kind: AssetKind, path: String, bytes: Int64, sha256: String,
        sources: [AssetSource]
    ) {
        self.name = name
        self.kind = kind
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.sources = sources
    }
}

/// The two kinds of file a sweep needs.
package enum AssetKind: String, Sendable {
    case model
    case dataSet = "data set"

    /// The folder of the cache that holds files of this kind.
    package var folder: String {
        switch self {
        case .model: "models"
        case .dataSet: "data"
        }
    }

    /// What the command line calls it.
    var command: String {
        switch self {
        case .model: "models"
        case .dataSet: "data"
        }
    }
}
