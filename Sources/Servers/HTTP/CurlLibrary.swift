import CCurl
import Foundation

/// Why nothing can be sent.
struct CurlAbsence: Error {
    let reason: String
}

/// This machine's libcurl, loaded when a server is first asked.
///
/// Sending the pointer is safe: what it points to is written once, before anybody sees it.
struct CurlLibrary: @unchecked Sendable {
    let functions: UnsafePointer<ccurl>

    /// Loaded once; what fails stays so.
    static let loaded = Result<CurlLibrary, CurlAbsence> { () throws(CurlAbsence) in
        try CurlLibrary(from: names)
    }

    #if canImport(Darwin)
        private static let names = ["libcurl.4.dylib"]
    #else
        /// By OpenSSL, and by GnuTLS, as some systems have alone.
        private static let names = ["libcurl.so.4", "libcurl-gnutls.so.4"]
    #endif

    /// The oldest that can be told which protocols to speak (CURLOPT_PROTOCOLS_STR): 7.85.
    private static let oldest: UInt32 = 0x07_55_00

    /// The first of `names` that is there.
    init(from names: [String]) throws(CurlAbsence) {
        for name in names {
            guard let library = dlopen(name, RTLD_NOW | RTLD_LOCAL) else { continue }
            guard let functions = ccurl_functions(library) else {
                throw CurlAbsence(reason: "\(name) lacks functions of libcurl 7.85")
            }
            let version = ccurl_version(functions)
            guard version >= Self.oldest else {
                throw CurlAbsence(
                    reason: "\(name) is version \(Self.text(version)); expected 7.85 or later")
            }
            guard functions.pointee.curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
                throw CurlAbsence(reason: "\(name) does not start")
            }
            self.functions = functions
            return
        }
        let found = dlerror().map { String(cString: $0) }
        throw CurlAbsence(
            reason: "models behind servers need libcurl, which could not be loaded"
                + (found.map { " (\($0))" } ?? "")
                + "; on Debian: apt-get install libcurl4, on Fedora: dnf install libcurl")
    }

    private static func text(_ version: UInt32) -> String {
        "\(version >> 16).\(version >> 8 & 255).\(version & 255)"
    }
}
