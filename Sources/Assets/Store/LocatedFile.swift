/// A verified file.
package struct LocatedFile: Equatable, Sendable {
    /// What messages call it.
    package let name: String
    /// Where it is.
    package let path: String
    /// Its length in bytes.
    package let bytes: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
}

/// A verified split of a data set; of the fallback's if the one asked for could not be had.
package struct LocatedDataSet: Equatable, Sendable {
    /// The data set the rows are of. Its name says which was used.
    package let dataSet: DataSetAsset
    /// The split.
    package let split: DataSetAsset.Split
    /// The file.
    package let file: LocatedFile
}

/// What is known of a file without fetching it.
package enum AssetState: Equatable, Sendable {
    /// It is there and right.
    case present(LocatedFile)
    /// It is nowhere.
    case missing
    /// A file of its name has another content; the digests are SHA-256.
    case corrupt(path: String, expected: String, found: String)
}
