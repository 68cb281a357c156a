/// A page that is one file: it asks no network for anything, and opens from a disk.
struct WebPage {
    /// Anyone's text.
    let title: String
    /// CSS.
    let style: String
    /// Where scripts may be from besides the page itself, as its policy of contents says that; empty for nowhere.
    var scriptSources = ""
    /// HTML.
    let body: String

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'\(scriptSources)">
        <title>\(escapeHTML(title))</title>
        <style>
        \(style)
        </style>
        </head>
        <body>
        \(body)
        </body>
        </html>

        """
    }

    /// A part of a page, from `Resources/`, without the line end that closes its file.
    static func text(_ resource: [UInt8]) -> String {
        String(decoding: resource.last == 0x0A ? resource.dropLast() : resource[...], as: UTF8.self)
    }
}
