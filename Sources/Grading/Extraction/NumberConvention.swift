/// How the separators inside a written number are read.
package enum NumberConvention: String, Codable, Equatable, CaseIterable, Sendable {
    /// `1,000.5`: a comma before exactly three digits groups, a point begins the decimals.
    case english
    /// `1.000,5` as in German, Spanish, French and Russian.
    ///
    /// Models answer such questions in either convention, so both separators are read alike: before
    /// exactly three digits they group (unless the whole part is 0), otherwise they begin the
    /// decimals. A plain space before exactly three digits groups as well.
    case continental

    /// The convention of a language, by a code such as `de` or `pt-BR`; nil if it is no code.
    package init?(language code: String) {
        let language = code.lowercased().split { $0 == "-" || $0 == "_" }.first ?? ""
        guard (2...3).contains(language.count), language.allSatisfy({ $0.isASCII && $0.isLetter })
        else { return nil }
        self = Self.commaLanguages.contains(String(language)) ? .continental : .english
    }

    /// Languages that write a comma before decimals (Unicode CLDR).
    private static let commaLanguages: Set<String> = [
        "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr",
        "hu",
        "id", "is", "it", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru",
        "sk",
        "sl", "sq", "sr", "sv", "tr", "uk", "vi",
    ]
}
