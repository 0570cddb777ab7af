// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// One request while libcurl carries it out; it never leaves the thread of the engine.
final class Transfer {
    let id: Int
    let easy: Owned<EasyKind>
    private(set) var watch: TransferWatch

    private let request: HTTPRequest
    private let pipe: ReplyPipe
    private let engine: Engine
    private let headerLines: TextList
    private let knownNames: TextList
    private var collector: HeadCollector
    private var bodyBytes = 0
    private var isConnected = false
    private var hasHead = false
    /// Why the transfer was given up from within, which libcurl only knows as a failed write.
    private var ownFailure: (code: HTTPError.Code, reason: String)?
    private var refusedAddress: IPAddress?

    init(_ job: Engine.Job, _ engine: Engine) throws(HTTPError) {
        id = job.id
        request = job.request
        pipe = job.pipe
        watch = job.watch
        self.engine = engine
        collector = HeadCollector(limitBytes: job.request.limits.headerBytes)
        headerLines = try TextList(Self.lines(of: job.request))
        knownNames = try TextList(engine.settings.known)
        easy = try unsafe Curl.take(EasyKind.self, curl_easy_init())
        try setUpRequest(job.place)
        try setUpConnection(job.place)
        try setUpCallbacks()
    }

    /// The header lines for libcurl, in which a lone semicolon stands for an empty value and a lone
    /// colon takes away what the library would add.
    private static func lines(of request: HTTPRequest) -> [String] {
        let headers = request.headers + request.credentials
        var lines = headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        for name in ["accept", "content-type", "expect"]
        where !headers.contains(where: { $0.name == name }) {
            lines.append("\(name):")
        }
        return lines
    }

    private func setUpRequest(_ place: HTTPURL) throws(HTTPError) {
        try set(CURLOPT_URL, place.text)
        try set(CURLOPT_NOSIGNAL, 1)
        switch (request.method, request.body) {
        case ("GET", nil): try set(CURLOPT_HTTPGET, 1)
        case ("HEAD", nil): try set(CURLOPT_NOBODY, 1)
        case (_, let body?):
            try set(CURLOPT_POST, 1)
            let code = unsafe body.withUnsafeBytes { bytes in
                unsafe loopdesk_set_body(
                    easy.pointer,
                    // Without an address the library would take the body from elsewhere.
                    bytes.baseAddress ?? UnsafeRawPointer(easy.pointer),
                    curl_off_t(bytes.count)
                )
            }
            try Curl.require(code, "body")
            try set(CURLOPT_CUSTOMREQUEST, request.method)
        default: try set(CURLOPT_CUSTOMREQUEST, request.method)
        }
        let code = unsafe loopdesk_set_list(
            easy.pointer,
            CURLOPT_HTTPHEADER,
            headerLines.pointer
        )
        try Curl.require(code, "headers")
    }

    private func setUpConnection(_ place: HTTPURL) throws(HTTPError) {
        try Curl.require(
            unsafe loopdesk_set_protocols(easy.pointer, place.isSecure ? 0 : 1),
            "protocols"
        )
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_SSL_VERIFYPEER, 1)
        try set(CURLOPT_SSL_VERIFYHOST, 2)
        try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let file = engine.settings.certificates { try set(CURLOPT_CAINFO, file) }
        // Set even when there is none, because the library would ask the environment.
        try set(CURLOPT_PROXY, engine.settings.proxy ?? "")
        try set(CURLOPT_NOPROXY, "")
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // The deadline is kept by the watch; this one is only larger than the library's default.
        let connect = request.limits.connect / Duration.milliseconds(1) + 1000
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(connect, 86_400_000)))
        // On a connection that has been used and just died the library sends a request again,
        // which is wrong when it may have had its effect.
        if !request.mayBeRepeated { try set(CURLOPT_FRESH_CONNECT, 1) }
        try Curl.require(unsafe loopdesk_set_quick_end(easy.pointer), "quick end")
        let code = unsafe loopdesk_set_list(easy.pointer, CURLOPT_RESOLVE, knownNames.pointer)
        try Curl.require(code, "known names")
    }

    /// The context is this object, which the engine's loop keeps as long as libcurl has the handle.
    private func setUpCallbacks() throws(HTTPError) {
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let takers = unsafe loopdesk_set_takers(
            easy.pointer,
            { bytes, size, count, context in
                unsafe Transfer.with(context, bytes, size * count) { unsafe $0.takeHeader($1) }
            },
            { bytes, size, count, context in
                unsafe Transfer.with(context, bytes, size * count) { unsafe $0.takeBody($1) }
            },
            context
        )
        try Curl.require(takers, "callbacks")
        let ready = unsafe loopdesk_set_ready(
            easy.pointer,
            { context, _, _, _, _ in
                if let context = unsafe context {
                    unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().connected()
                }
                return CURL_PREREQFUNC_OK
            },
            context
        )
        try Curl.require(ready, "callbacks")
        let opener = unsafe loopdesk_set_opener(
            easy.pointer,
            { context, _, address in
                guard let context = unsafe context, let address = unsafe address else {
                    return CURL_SOCKET_BAD
                }
                let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context)
                    .takeUnretainedValue()
                return unsafe transfer.open(address)
            },
            context
        )
        try Curl.require(opener, "callbacks")
    }

    /// Lends bytes of the library to a transfer; the answer is the count for "go on".
    @unsafe private static func with(
        _ context: UnsafeMutableRawPointer?,
        _ bytes: UnsafeMutablePointer<CChar>?,
        _ count: Int,
        _ body: (Transfer, UnsafeRawBufferPointer) -> Int
    ) -> Int {
        guard let context = unsafe context else { return 0 }
        let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return unsafe body(transfer, UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private func connected() {
        isConnected = true
        watch.connected(at: engine.now())
    }

    @unsafe private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
        watch.received(at: engine.now())
        switch unsafe collector.take(bytes) {
        case .more: break
        case .head(let head):
            let announced = head["content-length"].flatMap { Int($0) } ?? 0
            if request.method != "HEAD", announced > request.limits.bodyBytes {
                return giveUp("the body has more than \(request.limits.bodyBytes) bytes")
            }
            hasHead = true
            pipe.begin(head)
        case .tooLarge:
            return giveUp("the headers have more than \(request.limits.headerBytes) bytes")
        }
        return bytes.count
    }

    @unsafe private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard bodyBytes + bytes.count <= request.limits.bodyBytes else {
            return giveUp("the body has more than \(request.limits.bodyBytes) bytes")
        }
        guard unsafe pipe.receive(bytes) else {
            watch.paused()
            return Int(CURL_WRITEFUNC_PAUSE)
        }
        bodyBytes += bytes.count
        watch.received(at: engine.now())
        return bytes.count
    }

    /// Makes libcurl end the transfer.
    private func giveUp(_ reason: String) -> Int {
        ownFailure = (.tooLarge, reason)
        return 0
    }

    /// Opens a socket for an address, if that is allowed.
    @unsafe private func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        unsafe loopdesk_address_text(address, &text, socklen_t(text.count))
        let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        guard let numeric = IPAddress(String(decoding: bytes, as: UTF8.self)) else {
            return CURL_SOCKET_BAD
        }
        guard request.addresses.allows(numeric) else {
            refusedAddress = numeric
            return CURL_SOCKET_BAD
        }
        if let dial = engine.settings.dial {
            let port = unsafe loopdesk_address_port(address)
            guard let name = dial(numeric, Int(port)) else { return CURL_SOCKET_BAD }
            unsafe loopdesk_lead_to(address, name, UInt32(name.count))
        }
        let type = unsafe address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return unsafe socket(address.pointee.family, type, address.pointee.protocol)
    }

    /// Lets the reader have what has come.
    func deliver() {
        pipe.deliver()
    }

    /// Goes on after a pause.
    func resume(at now: Duration) {
        watch.resumed(at: now)
        // Should it fail, the transfer ends with an error of its own.
        _ = unsafe curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    }

    /// Ends with what libcurl says.
    func end(with code: CURLcode) {
        if code == CURLE_OK {
            guard !hasHead else { return pipe.finish(.success(())) }
            return end(failure(.disconnected, "the connection ended within the head"))
        }
        if let ownFailure { return end(failure(ownFailure.code, ownFailure.reason)) }
        let kind = Curl.kind(of: code)
        if let refusedAddress, kind == .cannotConnect {
            let reason = "the name leads to \(refusedAddress), which is not allowed"
            return end(failure(.addressRefused, reason))
        }
        let isLate = kind == .totalTimedOut && !isConnected
        end(failure(isLate ? .connectTimedOut : kind, Curl.text(code)))
    }

    func end(_ error: HTTPError) {
        pipe.finish(.failure(error))
    }

    func failure(_ code: HTTPError.Code, _ reason: String) -> HTTPError {
        let sent = unsafe loopdesk_info_long(easy.pointer, CURLINFO_REQUEST_SIZE)
        return HTTPError(
            code,
            "send \(request)",
            reason,
            mayHaveArrived: isConnected || sent > 0
        )
    }

    private func set(_ option: CURLoption, _ value: Int) throws(HTTPError) {
        try Curl.require(
            unsafe loopdesk_set_long(easy.pointer, option, value),
            "option \(option.rawValue)"
        )
    }

    private func set(_ option: CURLoption, _ value: String) throws(HTTPError) {
        try Curl.require(
            unsafe loopdesk_set_text(easy.pointer, option, value),
            "option \(option.rawValue)"
        )
    }
}
