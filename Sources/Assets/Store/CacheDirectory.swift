/// Where fetched files and what is remembered about files are kept.
package struct CacheDirectory: Equatable, Sendable {
    /// The directory; it may not exist yet.
    package let root: String

    package init(root: String) {
        self.root = root
    }

    /// `CITER_CACHE`, else `XDG_CACHE_HOME/citer`, else `~/.cache/citer`.
    ///
    /// A relative `XDG_CACHE_HOME` is ignored, as the XDG base directory specification asks.
    package init(environment: [String: String]) {
        if let own = environment["CITER_CACHE"], !own.isEmpty {
            root = own
        } else if let base = environment["XDG_CACHE_HOME"], base.hasPrefix("/") {
            root = "\(base)/citer"
        } else {
            root = "\(environment["HOME"] ?? ".")/.cache/citer"
        }
    }

    /// Where files of a kind lie.
    package func folder(of kind: AssetKind) -> String { "\(root)/\(kind.folder)" }

    /// Where a file lies, or is to lie.
    package func path(of file: AssetFile) -> String { "\(folder(of: file.kind))/\(file.path)" }

    /// Where what has arrived of `file` is kept until it is whole.
    func parts(of file: AssetFile) -> String { "\(root)/parts/\(file.sha256.prefix(16))" }

    var memo: String { "\(root)/digests.json" }
}
