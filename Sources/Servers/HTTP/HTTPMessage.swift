/// What is asked of a server.
package struct HTTPRequest: Equatable, Sendable {
    /// Below the server's address, with its slash.
    package let path: String
    /// JSON to POST; nil: GET.
    package let body: [UInt8]?

    package init(_ path: String, body: [UInt8]? = nil) {
        self.path = path
        self.body = body
    }
}

/// What it answered, whatever its status.
package struct HTTPResponse: Equatable, Sendable {
    package let status: Int
    package let body: [UInt8]
    /// Where a redirection leads to.
    package let location: String?

    /// The body's beginning, for a message: one line.
    var excerpt: String { HTTPText.excerpt(body) }
}

/// Bytes from elsewhere, as a message may show them.
enum HTTPText {
    static func excerpt(_ body: [UInt8], most: Int = 200) -> String {
        let text = String(decoding: body.prefix(most), as: UTF8.self)
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return body.count > most ? line + " ..." : line
    }
}
