/// How the separators inside a written number are read.
public enum NumberConvention: String, Codable, Equatable, CaseIterable, Sendable {
    /// `1,000.5`: a comma before exactly three digits groups, a point begins the decimals.
    case english
    /// `1.000,5` as in German, Spanish, French and Russian.
    ///
    /// Models answer such questions in either convention, so both separators are read alike: before
    /// exactly three digits they group (unless the whole part is 0), otherwise they begin the
    /// decimals. A plain space before exactly three digits groups as well.
    case continental
}
