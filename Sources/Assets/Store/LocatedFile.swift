/// A verified file.
package struct LocatedFile: Equatable, Sendable {
    /// What messages call it.
    package let name: String
    package let path: String
    package let bytes: Int64
    /// Its SHA-256 in lower-case hexadecimal digits.
    package let sha256: String
}

/// A verified split of a data set; of the fallback's if the one asked for could not be had.
package struct LocatedDataSet: Equatable, Sendable {
    /// The data set the rows are of. Its name says which was used.
    package let dataSet: DataSetAsset
    package let split: DataSetAsset.Split
    package let file: LocatedFile
}

/// What is known of a file without fetching it.
package enum AssetState: Equatable, Sendable {
    case present(LocatedFile)
    case missing
    /// A file of its name has another content; the digests are SHA-256.
    case corrupt(path: String, expected: String, found: String)
}
