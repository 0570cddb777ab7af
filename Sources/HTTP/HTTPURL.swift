// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The parts of an address that decisions depend on, as libcurl itself reads them.
struct HTTPURL: Sendable, Hashable {
    let text: String
    let isSecure: Bool
    /// In lowercase, without brackets.
    let host: String
    let port: Int

    /// Whether the host is written as an address of this computer.
    var isLoopback: Bool {
        guard let octets = IPAddress(host)?.octets else { return false }
        return octets.count == 4 ? octets[0] == 127 : octets == Array(repeating: 0, count: 15) + [1]
    }

    /// Whether two addresses have one scheme, host and port.
    func hasOrigin(of other: HTTPURL) -> Bool {
        isSecure == other.isSecure && host == other.host && port == other.port
    }

    /// Reads an address; nil when it is none of HTTP, or has a user or a password in it.
    init?(_ text: String) {
        self.init(steps: [text])
    }

    /// Follows a reference, which may be relative, from an address.
    init?(_ reference: String, from base: HTTPURL) {
        self.init(steps: [base.text, reference])
    }

    private init?(steps: [String]) {
        guard steps.allSatisfy({ $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } }),
            let opened = unsafe curl_url()
        else { return nil }
        let handle = unsafe Owned<URLKind>(pointer: UnsafeMutableRawPointer(opened))
        for step in steps {
            let code = unsafe curl_url_set(
                OpaquePointer(handle.pointer),
                CURLUPART_URL,
                step,
                UInt32(CURLU_DISALLOW_USER)
            )
            guard code == CURLUE_OK else { return nil }
        }
        guard let scheme = Self.part(CURLUPART_SCHEME, handle),
            let host = Self.part(CURLUPART_HOST, handle),
            let port = Self.part(CURLUPART_PORT, handle, UInt32(CURLU_DEFAULT_PORT)).flatMap({
                Int($0)
            }),
            let whole = Self.part(CURLUPART_URL, handle)
        else { return nil }
        guard scheme == "https" || scheme == "http" else { return nil }
        self.text = whole
        isSecure = scheme == "https"
        let plain = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        self.host = plain.lowercased()
        self.port = port
    }

    private static func part(
        _ part: CURLUPart,
        _ handle: borrowing Owned<URLKind>,
        _ flags: UInt32 = 0
    ) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        let code = unsafe curl_url_get(OpaquePointer(handle.pointer), part, &text, flags)
        guard code == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
