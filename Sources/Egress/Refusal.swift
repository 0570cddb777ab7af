// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// An answer of the way out's own, in place of a server's.
struct Refusal: Sendable, Hashable, Error {
    let status: Int
    let sentence: String

    static let malformed = Refusal(status: 400, sentence: "the request is not well formed")
    static let slow = Refusal(status: 408, sentence: "the request did not come in time")
    static let stopping = Refusal(status: 503, sentence: "the way out is being closed")

    static func forbidden(_ sentence: String) -> Refusal {
        Refusal(status: 403, sentence: sentence)
    }

    static func badGateway(_ sentence: String) -> Refusal {
        Refusal(status: 502, sentence: sentence)
    }

    static func unlisted(_ place: String) -> Refusal {
        forbidden("\(place) is not among this agent's hosts; name it in sandbox.hosts")
    }

    /// The whole answer; the connection ends with it.
    var text: String {
        let body = "egress: \(sentence)\n"
        let retry = status == 429 ? "Retry-After: 10\r\n" : ""
        return "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\n\(retry)"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)"
    }

    private static func phrase(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 429: "Too Many Requests"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        default: "Gateway Timeout"
        }
    }
}
