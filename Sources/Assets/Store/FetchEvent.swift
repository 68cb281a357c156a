/// What happens while a file is fetched, for whoever shows it.
package enum FetchEvent: Equatable, Sendable {
    /// Something a person should know: a source that failed, a file replaced.
    case note(String)
    /// `done` of about `total` bytes of `name` have arrived.
    case progress(name: String, done: Int64, total: Int64)
    /// `name` is complete and verified at `path`.
    case finished(name: String, path: String)
}
