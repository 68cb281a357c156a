import Foundation
import Platform

/// Times as the database writes them.
enum Clock {
    /// Now, UTC, such as `2026-01-31T12:00:00.000Z`; such texts sort by time.
    static func now() -> String {
        machine.now().formatted(
            Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt))
    }
}
