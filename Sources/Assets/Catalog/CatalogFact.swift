import Schemas

/// What can be wrong with a catalogue beyond its schema.
enum CatalogFact: Fact {
    /// A data set has the split, in that language, already.
    case splitTwice(String)
    /// A fallback that is no data set of the file, or the data set itself.
    case badFallback(String)
    /// A path that leads out of the cache.
    case badPath(String)
    case badDigest(String)
    case badAddress(String)
    /// What pip would not read as a package's name or version.
    case badRequirement(String)

    /// What was found and what was expected.
    var message: String {
        switch self {
        case .splitTwice(let name): "\(name) is given twice"
        case .badFallback(let name):
            "fallback must be another data set of this file, found \"\(name)\""
        case .badPath(let path):
            "file must be a relative path without \"..\", found \"\(path)\""
        case .badDigest(let digest):
            "sha256 must be 64 hexadecimal digits in lower case, found \"\(digest)\""
        case .badAddress(let address): "url must begin with https://, found \"\(address)\""
        case .badRequirement(let text):
            "a wheel's package and version must be of letters, digits, \".\", \"_\", \"-\", \"+\" and \"!\" and begin with a letter or a digit, found \"\(text)\""
        }
    }
}
