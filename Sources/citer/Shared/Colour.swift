import Foundation

/// Whether standard output is shown in colours: it is a terminal, and nobody asked for none (`NO_COLOR`, as on no-color.org).
var isColourful: Bool {
    let plain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
    return isatty(1) == 1 && !plain
}
