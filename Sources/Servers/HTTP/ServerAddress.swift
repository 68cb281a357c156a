/// Where a server listens: `http://host:port`, perhaps with a path before those of its API.
package struct ServerAddress: Equatable, Sendable, CustomStringConvertible {
    /// Without a slash at its end.
    package let text: String

    /// The address of that text; the reason why it is none.
    package init(_ text: String) throws(ServerAddressFault) {
        guard let scheme = ["http://", "https://"].first(where: text.hasPrefix) else {
            throw .scheme
        }
        let rest = text.dropFirst(scheme.count)
        let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !host.contains("@") else { throw .credentials }
        guard !rest.contains("?"), !rest.contains("#") else { throw .query }
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
        guard isPlain, Self.isHost(host) else { throw .host }
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        self.text = text
    }

    package var description: String { text }

    /// A name or a number, in brackets if it has colons, and perhaps a port.
    private static func isHost(_ host: Substring) -> Bool {
        var name = host
        if let colon = host.lastIndex(of: ":"), !host.hasSuffix("]") {
            guard let port = Int(host[host.index(after: colon)...]), (1...65_535).contains(port)
            else { return false }
            name = host[..<colon]
        }
        if name.hasPrefix("[") && name.hasSuffix("]") {
            return name.dropFirst().dropLast().allSatisfy { $0.isHexDigit || ":.".contains($0) }
        }
        return !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "-._".contains($0) }
    }
}

/// What is wrong with an address.
package enum ServerAddressFault: Error, Equatable {
    case scheme, credentials, query, host

    /// What was expected.
    package var description: String {
        switch self {
        case .scheme: "it must begin with http:// or https://"
        case .credentials:
            "it must not hold a user's name or password; name an environment variable under \"key\""
        case .query: "it must not have a query or a fragment"
        case .host: "a host and perhaps a port and a path, such as http://127.0.0.1:8080"
        }
    }
}
