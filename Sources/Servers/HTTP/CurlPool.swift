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
    /// Or why nothing can be sent.
    fileprivate let session: Result<CurlSession, CurlAbsence>

    init(connections: Int) {
        session = CurlLibrary.loaded.flatMap { library in
            guard let multi = library.functions.pointee.curl_multi_init() else {
                return .failure(CurlAbsence(reason: "libcurl does not start"))
            }
            return .success(CurlSession(curl: library.functions, multi: multi))
        }
        guard let session = try? session.get() else { return }
        for option in [CURLMOPT_MAX_HOST_CONNECTIONS, CURLMOPT_MAXCONNECTS] {
            _ = ccurl_set_multi_number(session.curl, session.multi, option, connections)
        }
    }

    deinit {
        if let session = try? session.get() {
            _ = session.curl.pointee.curl_multi_cleanup(session.multi)
        }
    }

    func wake() {
        if let session = try? session.get() {
            _ = session.curl.pointee.curl_multi_wakeup(session.multi)
        }
    }
}

/// libcurl's functions, and its handle of several transfers.
private struct CurlSession {
    let curl: UnsafePointer<ccurl>
    let multi: UnsafeMutableRawPointer
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
        let session: CurlSession
        switch transfers.session {
        case .success(let ready): session = ready
        case .failure(let absence): return fail(exchange, absence.reason)
        }
        let curl = session.curl
        guard let handle = idle.popLast() ?? curl.pointee.curl_easy_init() else {
            return fail(exchange, "libcurl does not start")
        }
        let transfer = Transfer(exchange, most: options.mostBytes)
        curl.pointee.curl_easy_reset(handle)
        let milliseconds = max(1, Int(remaining / .milliseconds(1)))
        _ = ccurl_set_text(curl, handle, CURLOPT_URL, server.text + exchange.request.path)
        _ = ccurl_set_text(curl, handle, CURLOPT_PROTOCOLS_STR, "http,https")
        _ = ccurl_set_text(curl, handle, CURLOPT_PROXY, "")
        _ = ccurl_set_number(curl, handle, CURLOPT_FOLLOWLOCATION, 0)
        _ = ccurl_set_number(curl, handle, CURLOPT_NOSIGNAL, 1)
        _ = ccurl_set_number(curl, handle, CURLOPT_TIMEOUT_MS, milliseconds)
        _ = ccurl_set_number(curl, handle, CURLOPT_TCP_KEEPALIVE, 1)
        _ = ccurl_set_number(curl, handle, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        _ = ccurl_set_offset(curl, handle, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(options.mostBytes))
        var headers: UnsafeMutablePointer<curl_slist>?
        for header in ["Accept: application/json", "User-Agent: citer", "Expect:"] {
            headers = curl.pointee.curl_slist_append(headers, header)
        }
        if let key = options.key {
            headers = curl.pointee.curl_slist_append(headers, "Authorization: Bearer \(key)")
        }
        if let body = exchange.request.body {
            headers = curl.pointee.curl_slist_append(headers, "Content-Type: application/json")
            _ = ccurl_set_offset(curl, handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            // Copied, so that it need not live as long as the transfer.
            _ = body.withUnsafeBytes { bytes in
                ccurl_set_context(
                    curl, handle, CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress))
            }
        }
        transfer.headers = headers
        _ = ccurl_set_list(curl, handle, CURLOPT_HTTPHEADER, headers)
        let context = Unmanaged.passUnretained(transfer).toOpaque()  // kept by `active`
        _ = ccurl_set_taker(curl, handle, CURLOPT_WRITEFUNCTION, takeBody)
        _ = ccurl_set_context(curl, handle, CURLOPT_WRITEDATA, context)
        _ = ccurl_set_taker(curl, handle, CURLOPT_HEADERFUNCTION, takeHeader)
        _ = ccurl_set_context(curl, handle, CURLOPT_HEADERDATA, context)
        active[handle] = transfer
        if curl.pointee.curl_multi_add_handle(session.multi, handle) != CURLM_OK {
            fail(exchange, "libcurl does not take the request")
            remove(handle)
        }
    }

    /// A try that could not begin.
    private mutating func fail(_ exchange: Exchange, _ reason: String) {
        failed.append((exchange, Self.outcome(.failed(reason, isPassing: false))))
    }

    /// Lets all go on; those that have ended.
    mutating func perform() -> [(Exchange, CurlOutcome)] {
        var ended = failed
        failed = []
        guard let session = try? transfers.session.get() else { return ended }
        let (curl, multi) = (session.curl, session.multi)
        var running: Int32 = 0
        _ = curl.pointee.curl_multi_perform(multi, &running)
        var left: Int32 = 0
        while let message = curl.pointee.curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = active[handle]
            else { continue }
            let result = ccurl_result(message)
            ended.append((transfer.exchange, Self.outcome(of: handle, transfer, result, curl)))
            remove(handle)
        }
        return ended
    }

    /// Waits until something happens to one of them, somebody wakes the transfers, or the time is up.
    func wait(_ most: Duration) {
        let milliseconds = Int32(max(0, min(1000, most / .milliseconds(1))).rounded(.up))
        guard let session = try? transfers.session.get() else {
            // Nothing can be waited for; who asks must not be asked back without a pause.
            usleep(20_000)
            return
        }
        _ = session.curl.pointee.curl_multi_poll(session.multi, nil, 0, milliseconds, nil)
    }

    mutating func drop(below oldest: Int) {
        for (handle, transfer) in active where transfer.exchange.number < oldest { remove(handle) }
    }

    mutating func close() {
        for handle in active.keys { remove(handle) }
        guard let session = try? transfers.session.get() else { return }
        for handle in idle { session.curl.pointee.curl_easy_cleanup(handle) }
        idle = []
    }

    private mutating func remove(_ handle: UnsafeMutableRawPointer) {
        guard let session = try? transfers.session.get() else { return }
        _ = session.curl.pointee.curl_multi_remove_handle(session.multi, handle)
        if let transfer = active.removeValue(forKey: handle) {
            session.curl.pointee.curl_slist_free_all(transfer.headers)
        }
        idle.append(handle)
    }

    private static func outcome(
        of handle: UnsafeMutableRawPointer, _ transfer: Transfer, _ result: CURLcode,
        _ curl: UnsafePointer<ccurl>
    ) -> CurlOutcome {
        // libcurl counts a body that it sends with the headers, and no other.
        let counted = ccurl_number(curl, handle, CURLINFO_REQUEST_SIZE)
        let body = transfer.exchange.request.body?.count ?? 0
        let sent = counted > body ? counted : counted + body
        let received = transfer.headerBytes + transfer.body.count
        let end: CurlOutcome.End
        switch result {
        case CURLE_OK:
            end = .answered(
                status: ccurl_number(curl, handle, CURLINFO_RESPONSE_CODE), body: transfer.body,
                retryAfter: transfer.retryAfter, location: transfer.location)
        case _ where transfer.isTooLarge: end = .tooLarge
        case CURLE_FILESIZE_EXCEEDED: end = .tooLarge
        case CURLE_OPERATION_TIMEDOUT: end = .timedOut
        default:
            end = .failed(
                curl.pointee.curl_easy_strerror(result).map { String(cString: $0) }
                    ?? "libcurl's error \(result.rawValue)",
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
