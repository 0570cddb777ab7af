// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A request, with what it may cost.
///
/// Its description leaves out headers, body and query, where secrets stand.
public struct HTTPRequest: Sendable, CustomStringConvertible {
    /// The method, such as `GET`.
    public var method: String
    /// The address, `https://…`, or `http://…` when ``allowsPlainText`` says so.
    public var url: String
    /// Headers; those that frame the message are made by the client.
    public var headers: [HTTPHeader]
    /// Headers that must not reach another host, nor anything that is written down.
    public var credentials: [HTTPHeader]
    /// The body; nil for none.
    public var body: [UInt8]?
    /// What it may cost.
    public var limits: HTTPLimits
    /// Whether it may be sent without TLS to a host that is not this computer.
    public var allowsPlainText: Bool
    /// Which addresses the host's name may lead to.
    public var addresses: AddressRule
    /// How many redirects are followed.
    public var redirects: Int
    /// Whether sending it twice does no harm; nil when the method says so.
    public var isRepeatable: Bool?

    /// Creates a request; what is not said has a careful default.
    public init(
        _ method: String = "GET",
        _ url: String,
        headers: [HTTPHeader] = [],
        credentials: [HTTPHeader] = [],
        body: [UInt8]? = nil,
        limits: HTTPLimits = HTTPLimits(),
        allowsPlainText: Bool = false,
        addresses: AddressRule = .any,
        redirects: Int = 0,
        isRepeatable: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.credentials = credentials
        self.body = body
        self.limits = limits
        self.allowsPlainText = allowsPlainText
        self.addresses = addresses
        self.redirects = redirects
        self.isRepeatable = isRepeatable
    }

    /// Method and address without user, query and fragment.
    public var description: String {
        let place = url.prefix { $0 != "?" && $0 != "#" }
        let shown = place.contains("@") ? "an address with a user in it" : place.prefix(200)
        return "\(method.prefix(20)) \(shown)"
    }

    /// Whether the request may be sent again when its outcome is unknown (RFC 9110, 9.2.2).
    var mayBeRepeated: Bool {
        isRepeatable ?? ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"].contains(method)
    }

    /// The most bytes of an address.
    static let urlLimitBytes = 8 << 10
    /// Headers that the client makes itself, or that belong to one connection.
    private static let framing: Set<String> = [
        "content-length", "transfer-encoding", "connection", "host", "expect", "upgrade", "te",
        "trailer", "keep-alive", "proxy-connection",
    ]

    /// Checks the form, and that TLS is used where it must be.
    /// - Parameter read: Reads the address.
    /// - Returns: The address.
    /// - Throws: `.invalidRequest`.
    func check(reading read: (String) -> HTTPURL? = { HTTPURL($0) }) throws(HTTPError) -> HTTPURL {
        func fault(_ reason: String) -> HTTPError {
            HTTPError(.invalidRequest, "send \(self)", reason)
        }
        guard HTTPHeader.isToken(method), method == method.uppercased(), method != "CONNECT",
            method.utf8.count <= 20
        else { throw fault("the method is not one that can be sent") }
        guard url.utf8.count <= Self.urlLimitBytes, let place = read(url) else {
            throw fault("the address is not well formed; expected https://host/path")
        }
        for header in headers + credentials {
            guard header.isWellFormed else { throw fault("a header is not well formed") }
            guard !Self.framing.contains(header.name) else {
                throw fault("the header \(header.name) is made by the client")
            }
        }
        guard place.isSecure || allowsPlainText || place.isLoopback else {
            throw fault("plain text is not allowed; use https, or allow it for this request")
        }
        return place
    }
}
