import Foundation

/// A number for machines, with 10 significant digits: sums that were added in another order, as
/// after a merge of shards, differ in the 16th and print the same.
func numberText(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(format: "%.10g", value)
}

/// A number for readers with a fixed count of decimals; never `-0.0`.
///
/// Rounded to 10 significant digits first: sums added in another order could otherwise fall to the
/// two sides of a half.
func fixed(_ value: Double, _ decimals: Int) -> String {
    let steady = Double(String(format: "%.10g", value)) ?? value
    let text = String(format: "%.\(decimals)f", steady)
    return text.hasPrefix("-") && text.allSatisfy({ "-0.".contains($0) })
        ? String(text.dropFirst()) : text
}

/// Three significant digits and a prefix of the SI, such as `1.23 T`; a plain number below 1000.
func scaled(_ value: Double) -> String {
    let prefixes = ["", " k", " M", " G", " T", " P", " E", " Z"]
    var (scaled, step) = (value, 0)
    // 999.5 would print as 1000 with the smaller prefix.
    while abs(scaled) >= 999.5, step < prefixes.count - 1 {
        scaled /= 1000
        step += 1
    }
    let decimals = abs(scaled) >= 99.95 ? 0 : abs(scaled) >= 9.995 ? 1 : 2
    return fixed(scaled, decimals) + prefixes[step]
}

/// Two significant digits and a power of ten, such as `3.1e-05`.
private func scientific(_ value: Double) -> String { String(format: "%.1e", value) }

/// A p-value for readers: three decimals, or in powers of ten where that would show 0.
func probabilityText(_ value: Double) -> String {
    value < 0.001 ? scientific(value) : fixed(value, 3)
}
