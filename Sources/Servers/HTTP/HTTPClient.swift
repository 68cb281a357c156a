import Dispatch
import Foundation
import Synchronization

/// Sends requests to one server and to nowhere else: no redirections, no proxies, no cookies. Many may be on their way at once, over connections that stay open;
/// they are sent by a thread of their own (libcurl's multi interface), so that whoever asked can work on meanwhile.
///
/// A request that fails in passing (`RetryPolicy`) is sent again until its time is up.
package final class HTTPClient: Sendable {
    /// How to speak to the server.
    package struct Options: Sendable {
        /// Sent as a bearer's token; nil: none.
        package var key: String?
        /// For a request with all its tries.
        package var timeout = Duration.seconds(60)
        /// Most connections.
        package var connections = 8
        /// The largest body that is read.
        package var mostBytes = 64 << 20

        /// Without a key.
        package init() {}
    }

    /// A request that has come to its end.
    package struct Ending: Sendable {
        /// What `begin` gave.
        package let number: Int
        package let result: Result<HTTPResponse, HTTPFailure>
        /// How often it was sent.
        package let tries: Int
        /// Bytes on the wire of all tries, headers included, before encryption.
        package let sentBytes: Int
        package let receivedBytes: Int
    }

    /// Where it listens.
    package let server: ServerAddress
    private let loop: TransferLoop

    package init(_ server: ServerAddress, options: Options = Options()) {
        self.server = server
        let loop = TransferLoop(server, options)
        self.loop = loop
        let thread = Thread { loop.run() }
        thread.name = "http"
        thread.start()
    }

    deinit { loop.close() }

    /// Sends a request; its number.
    package func begin(_ request: HTTPRequest) -> Int { loop.begin(request) }

    /// Requests that have ended since the last call; if there are none, waits for the first, but not longer than `wait`.
    package func endings(wait: Duration) -> [Ending] { loop.endings(wait: wait) }

    /// Gives up all requests that are on their way.
    package func abandon() { loop.abandon() }

    /// Sends a request and waits for its answer; of a client that has no other on its way.
    package func send(
        _ request: HTTPRequest, isCancelled: () -> Bool = { false }
    ) throws(HTTPFailure) -> HTTPResponse {
        let number = begin(request)
        while true {
            for ending in endings(wait: .milliseconds(100)) where ending.number == number {
                return try ending.result.get()
            }
            if isCancelled() {
                abandon()
                throw .abandoned
            }
        }
    }
}

/// A request with what has been tried.
struct Exchange: Sendable {
    let number: Int
    let request: HTTPRequest
    let deadline: ContinuousClock.Instant
    var tries = 0
    var notBefore: ContinuousClock.Instant
    /// What went wrong the last time.
    var last: String?
    var sentBytes = 0
    var receivedBytes = 0
}

/// What the client and its thread share.
final class TransferLoop: Sendable {
    private struct State {
        var next = 0
        /// Those with lower numbers are given up.
        var oldest = 0
        var waiting: [Exchange] = []
        var endings: [HTTPClient.Ending] = []
        var isClosed = false
    }

    private let server: ServerAddress
    private let options: HTTPClient.Options
    private let state = Mutex(State())
    private let ended = DispatchSemaphore(value: 0)
    private let transfers: CurlTransfers

    init(_ server: ServerAddress, _ options: HTTPClient.Options) {
        self.server = server
        self.options = options
        transfers = CurlTransfers(connections: options.connections)
    }

    // MARK: - For those who ask

    func begin(_ request: HTTPRequest) -> Int {
        let now = ContinuousClock.now
        let number = state.withLock { state in
            defer { state.next += 1 }
            state.waiting.append(
                Exchange(
                    number: state.next, request: request, deadline: now + options.timeout,
                    notBefore: now))
            return state.next
        }
        transfers.wake()
        return number
    }

    func endings(wait: Duration) -> [HTTPClient.Ending] {
        let deadline = ContinuousClock.now + wait
        while true {
            let found = take()
            let left = deadline - .now
            guard found.isEmpty, left > .zero else { return found }
            // Signals of endings that were taken without waiting end this at once.
            _ = ended.wait(timeout: .now() + .nanoseconds(Int(left / .nanoseconds(1))))
        }
    }

    private func take() -> [HTTPClient.Ending] {
        state.withLock { state in
            defer { state.endings = [] }
            return state.endings
        }
    }

    func abandon() {
        state.withLock { state in
            state.oldest = state.next
            state.waiting = []
            state.endings = []
        }
        transfers.wake()
    }

    func close() {
        state.withLock { $0.isClosed = true }
        transfers.wake()
    }

    // MARK: - The thread

    func run() {
        var pool = CurlPool(transfers)
        while true {
            let now = ContinuousClock.now
            let (due, oldest, next, isClosed) = state.withLock { state in
                let due = state.waiting.filter { $0.notBefore <= now }
                state.waiting.removeAll { $0.notBefore <= now }
                return (
                    due, state.oldest, state.waiting.map(\.notBefore).min(), state.isClosed
                )
            }
            if isClosed { return pool.close() }
            pool.drop(below: oldest)
            for exchange in due where exchange.number >= oldest {
                pool.start(exchange, server, options, remaining: exchange.deadline - now)
            }
            for (exchange, outcome) in pool.perform() { end(exchange, outcome) }
            let pause = next.map { min(.seconds(1), $0 - .now) } ?? .seconds(1)
            pool.wait(pause)
        }
    }

    /// A try has come to its end.
    private func end(_ before: Exchange, _ outcome: CurlOutcome) {
        var exchange = before
        exchange.tries += 1
        exchange.sentBytes += outcome.sentBytes
        exchange.receivedBytes += outcome.receivedBytes
        var asked: Duration?
        switch outcome.end {
        case .answered(let status, let body, let retryAfter, let location):
            guard RetryPolicy.passing.contains(status) else {
                return finish(
                    exchange,
                    .success(
                        HTTPResponse(status: status, body: body, location: location)))
            }
            asked = RetryPolicy.asked(by: retryAfter)
            exchange.last =
                "status \(status)" + (retryAfter.map { ", Retry-After: \($0)" } ?? "")
        case .timedOut: return finish(exchange, .failure(timedOut(exchange)))
        case .tooLarge:
            return finish(
                exchange, .failure(.tooLarge(server: server.text, limit: options.mostBytes)))
        case .failed(let reason, let isPassing):
            guard isPassing else {
                return finish(
                    exchange, .failure(.broken(server: server.text, reason: reason)))
            }
            exchange.last = reason
        }
        let pause = RetryPolicy.pause(after: exchange.tries, asked: asked)
        exchange.notBefore = .now + pause
        guard exchange.notBefore < exchange.deadline else {
            return finish(exchange, .failure(timedOut(exchange)))
        }
        state.withLock { $0.waiting.append(exchange) }
    }

    private func timedOut(_ exchange: Exchange) -> HTTPFailure {
        .timedOut(
            server: server.text, seconds: Int(options.timeout / .seconds(1)),
            tries: exchange.tries, last: exchange.last)
    }

    private func finish(_ exchange: Exchange, _ result: Result<HTTPResponse, HTTPFailure>) {
        state.withLock { state in
            guard exchange.number >= state.oldest else { return }
            state.endings.append(
                HTTPClient.Ending(
                    number: exchange.number, result: result, tries: exchange.tries,
                    sentBytes: exchange.sentBytes, receivedBytes: exchange.receivedBytes))
        }
        ended.signal()
    }
}
