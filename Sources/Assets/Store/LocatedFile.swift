/// A verified file.
public struct LocatedFile: Equatable, Sendable {
    /// What messages call it.
    public let name: String
    /// Where it is.
    public let path: String
    /// Its length in bytes.
    public let bytes: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    public let sha256: String
}

/// A verified split of a data set; of the fallback's if the one asked for could not be had.
public struct LocatedDataSet: Equatable, Sendable {
    /// The data set the rows are of. Its name says which was used.
    public let dataSet: DataSetAsset
    /// The split.
    public let split: DataSetAsset.Split
    /// The file.
    public let file: LocatedFile
}

/// What is known of a file without fetching it.
public enum AssetState: Equatable, Sendable {
    /// It is there and right.
    case present(LocatedFile)
    /// It is nowhere.
    case missing
    /// A file of its name has another content; the digests are SHA-256.
    case corrupt(path: String, expected: String, found: String)
}
