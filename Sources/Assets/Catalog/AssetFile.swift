/// A file that has to be there, known by its content: where it lies and where it can come from.
public struct AssetFile: Equatable, Sendable {
    /// What messages call it: `qwen2.5-coder-0.5b`, `gsm8k test`.
    public let name: String
    /// Where the cache keeps it.
    public let kind: AssetKind
    /// Its path below the folder of its kind; local directories are laid out alike.
    public let path: String
    /// Its length in bytes.
    public let bytes: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    public let sha256: String
    /// Where to look for it, in order.
    public let sources: [AssetSource]

    /// A file of `bytes` bytes whose SHA-256 is `sha256`.
    public init(
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
public enum AssetKind: String, Sendable {
    case model
    case dataSet = "data set"

    /// The folder of the cache that holds files of this kind.
    public var folder: String {
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
