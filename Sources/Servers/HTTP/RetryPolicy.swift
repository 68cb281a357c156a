import Foundation

/// When a request that failed is sent again.
///
/// Pauses double from a quarter of a second to eight, each shortened by chance by up to a half, so that many clients that failed together do not come again
/// together. What the server asks for with Retry-After counts instead, if it is longer.
struct RetryPolicy {
    /// Answers that say: later.
    static let passing: Set<Int> = [429, 502, 503, 504]

    /// The pause before another try, after `tries` of them.
    static func pause(after tries: Int, asked: Duration?) -> Duration {
        let whole = min(8, 0.25 * pow(2, Double(tries - 1)))
        let own = Duration.seconds(whole * Double.random(in: 0.5...1))
        return asked.map { max($0, own) } ?? own
    }

    /// What a Retry-After header asks for: seconds, or a date (RFC 9110, section 10.2.3); nil for anything else.
    static func asked(by header: String?, now: Date = Date()) -> Duration? {
        guard let header = header?.trimmingCharacters(in: .whitespaces) else { return nil }
        if let seconds = Int(header) {
            return (0...86_400).contains(seconds) ? .seconds(seconds) : nil
        }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "GMT")
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: header) else { return nil }
        let seconds = date.timeIntervalSince(now)
        return seconds < 86_400 ? .seconds(max(0, seconds)) : nil
    }
}
