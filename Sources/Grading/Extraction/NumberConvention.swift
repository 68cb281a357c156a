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

    /// The convention of a language, by its two letters (ISO 639-1), such as `de` or `pt-BR`; nil if no language has them.
    package init?(language code: String) {
        let language = String(code.lowercased().split { $0 == "-" || $0 == "_" }.first ?? "")
        guard Self.languages.contains(language) else { return nil }
        self = Self.commaLanguages.contains(language) ? .continental : .english
    }

    /// ISO 639-1: what is no language would be taken for one that writes numbers as English does.
    private static let languages = Set(
        """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu
        cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he
        hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko
        kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd
        ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se
        sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty
        ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    /// Languages that write a comma before decimals (Unicode CLDR).
    private static let commaLanguages: Set<String> = [
        "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr",
        "hu",
        "id", "is", "it", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru",
        "sk",
        "sl", "sq", "sr", "sv", "tr", "uk", "vi",
    ]
}
