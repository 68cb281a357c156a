import CCurl
import Foundation

/// How one try ended.
struct CurlOutcome {
    enum End {
        case answered(status: Int, body: [UInt8], retryAfter: String?, location: String?)
        case timedOut
        case tooLarge
        /// `isPassing`: it may go well the next time.
        case failed(String, isPassing: Bool)
    }

    let end: End
    let sentBytes: Int
    let receivedBytes: Int
}

/// libcurl's transfers that go on together, with their connections.
///
/// `wake` may be called from any thread (curl_multi_wakeup); all else is done by the one that owns the `CurlPool`, which is why sending the pointer is safe.
final class CurlTransfers: @unchecked Sendable {
    fileprivate let multi: UnsafeMutableRawPointer?

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(connections: Int) {
        multi = Self.isReady ? curl_multi_init() : nil
        guard let multi else { return }
        _ = ccurl_set_multi_number(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections)
        _ = ccurl_set_multi_number(multi, CURLMOPT_MAXCONNECTS, connections)
    }

    deinit { if let multi { curl_multi_cleanup(multi) } }

    func wake() { if let multi { curl_multi_wakeup(multi) } }
}

/// One try on its way: what libcurl's callbacks fill.
private final class Transfer {
    let exchange: Exchange
    let most: Int
    var body: [UInt8] = []
    var headerBytes = 0
    var retryAfter: String?
    var location: String?
    var isTooLarge = false
    var headers: UnsafeMutablePointer<curl_slist>?

    /// More header bytes than any server sends.
    private static let mostHeaderBytes = 64 << 10

    init(_ exchange: Exchange, most: Int) {
        self.exchange = exchange
        self.most = most
    }

    /// Whether there is room for these bytes, too.
    func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= most else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Self.mostHeaderBytes else {
            isTooLarge = true
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        guard let colon = line.firstIndex(of: ":") else { return true }
        let value = line[line.index(after: colon)...].trimmingCharacters(
            in: .whitespacesAndNewlines)
        switch line[..<colon].lowercased() {
        case "retry-after": retryAfter = String(value.prefix(100))
        case "location": location = String(value.prefix(200))
        default: break
        }
        return true
    }
}

private func transfer(_ context: UnsafeMutableRawPointer) -> Transfer {
    Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}

private let takeBody: ccurl_taker = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let all = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context).take(all) ? all.count : 0
}

private let takeHeader: ccurl_taker = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    let all = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context).takeHeader(all) ? all.count : 0
}

/// The handles of the transfers on their way; of one thread.
struct CurlPool {
    private let transfers: CurlTransfers
    private var active: [UnsafeMutableRawPointer: Transfer] = [:]
    private var idle: [UnsafeMutableRawPointer] = []
    /// Tries that could not even begin.
    private var failed: [(Exchange, CurlOutcome)] = []

    init(_ transfers: CurlTransfers) { self.transfers = transfers }

    mutating func start(
        _ exchange: Exchange, _ server: ServerAddress, _ options: HTTPClient.Options,
        remaining: Duration
    ) {
        guard let multi = transfers.multi, let handle = idle.popLast() ?? curl_easy_init() else {
            failed.append(
                (exchange, Self.outcome(.failed("libcurl does not start", isPassing: false))))
            return
        }
        let transfer = Transfer(exchange, most: options.mostBytes)
        curl_easy_reset(handle)
        let milliseconds = max(1, Int(remaining / .milliseconds(1)))
        _ = ccurl_set_text(handle, CURLOPT_URL, server.text + exchange.request.path)
        _ = ccurl_set_text(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = ccurl_set_text(handle, CURLOPT_PROXY, "")
        _ = ccurl_set_number(handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = ccurl_set_number(handle, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_number(handle, CURLOPT_TIMEOUT_MS, milliseconds)
        _ = ccurl_set_number(handle, CURLOPT_TCP_KEEPALIVE, 1)
        _ = ccurl_set_number(handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        _ = ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(options.mostBytes))
        var headers: UnsafeMutablePointer<curl_slist>?
        for header in ["Accept: application/json", "User-Agent: citer", "Expect:"] {
            headers = curl_slist_append(headers, header)
        }
        if let key = options.key {
            headers = curl_slist_append(headers, "Authorization: Bearer \(key)")
        }
        if let body = exchange.request.body {
            headers = curl_slist_append(headers, "Content-Type: application/json")
            _ = ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            // Copied, so that it need not live as long as the transfer.
            _ = body.withUnsafeBytes { bytes in
                ccurl_set_context(
                    handle, CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
        transfer.headers = headers
        _ = ccurl_set_list(handle, CURLOPT_HTTPHEADER, headers)
        let context = Unmanaged.passUnretained(transfer).toOpaque()  // kept by `active`
        _ = ccurl_set_taker(handle, CURLOPT_WRITEFUNCTION, takeBody)
        _ = ccurl_set_context(handle, CURLOPT_WRITEDATA, context)
        _ = ccurl_set_taker(handle, CURLOPT_HEADERFUNCTION, takeHeader)
        _ = ccurl_set_context(handle, CURLOPT_HEADERDATA, context)
        active[handle] = transfer
        if curl_multi_add_handle(multi, handle) != CURLM_OK {
            failed.append(
                (
                    exchange,
                    Self.outcome(.failed("libcurl does not take the request", isPassing: false))
                ))
            remove(handle)
        }
    }

    /// Lets all go on; those that have ended.
    mutating func perform() -> [(Exchange, CurlOutcome)] {
        var ended = failed
        failed = []
        guard let multi = transfers.multi else { return ended }
        var running: Int32 = 0
        curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = active[handle]
            else { continue }
            let result = ccurl_result(message)
            ended.append((transfer.exchange, Self.outcome(of: handle, transfer, result)))
            remove(handle)
        }
        return ended
    }

    /// Waits until something happens to one of them, somebody wakes the transfers, or the time is up.
    func wait(_ most: Duration) {
        guard let multi = transfers.multi else { return }
        let milliseconds = Int32(max(0, min(1000, most / .milliseconds(1))).rounded(.up))
        curl_multi_poll(multi, nil, 0, milliseconds, nil)
    }

    mutating func drop(below oldest: Int) {
        for (handle, transfer) in active where transfer.exchange.number < oldest { remove(handle) }
    }

    mutating func close() {
        for handle in active.keys { remove(handle) }
        for handle in idle { curl_easy_cleanup(handle) }
        idle = []
    }

    private mutating func remove(_ handle: UnsafeMutableRawPointer) {
        if let multi = transfers.multi { curl_multi_remove_handle(multi, handle) }
        if let transfer = active.removeValue(forKey: handle) {
            curl_slist_free_all(transfer.headers)
        }
        idle.append(handle)
    }

    private static func outcome(
        of handle: UnsafeMutableRawPointer, _ transfer: Transfer, _ result: CURLcode
    ) -> CurlOutcome {
        // libcurl counts a body that it sends with the headers, and no other.
        let counted = ccurl_number(handle, CURLINFO_REQUEST_SIZE)
        let body = transfer.exchange.request.body?.count ?? 0
        let sent = counted > body ? counted : counted + body
        let received = transfer.headerBytes + transfer.body.count
        let end: CurlOutcome.End
        switch result {
        case CURLE_OK:
            end = .answered(
                status: ccurl_number(handle, CURLINFO_RESPONSE_CODE), body: transfer.body,
                retryAfter: transfer.retryAfter, location: transfer.location)
        case _ where transfer.isTooLarge: end = .tooLarge
        case CURLE_FILESIZE_EXCEEDED: end = .tooLarge
        case CURLE_OPERATION_TIMEDOUT: end = .timedOut
        default:
            end = .failed(
                String(cString: curl_easy_strerror(result)),
                isPassing: passing.contains(result.rawValue))
        }
        return CurlOutcome(end: end, sentBytes: sent, receivedBytes: received)
    }

    private static func outcome(_ end: CurlOutcome.End) -> CurlOutcome {
        CurlOutcome(end: end, sentBytes: 0, receivedBytes: 0)
    }

    /// What may go well the next time: no connection, or one that broke.
    private static let passing: Set<UInt32> = Set(
        [
            CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_SSL_CONNECT_ERROR,
        ].map(\.rawValue))
}
