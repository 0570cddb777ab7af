// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// What a caller is told: a status and one word, or a page.
struct Reply: Sendable, Hashable {
    let status: Int
    let body: String
    var headers: [Header] = []
    var contentType = "text/plain; charset=utf-8"
    /// The kind of page, for counting.
    var page = "other"

    struct Header: Sendable, Hashable {
        let name: String
        let value: String
    }

    static let accepted = Reply(status: 202, body: "accepted\n", page: "hooks")
    static let malformed = Reply(status: 400, body: "malformed\n")
    static let unauthorized = Reply(status: 401, body: "unauthorized\n", page: "hooks")
    static let unknown = Reply(status: 404, body: "unknown\n")
    static let slow = Reply(status: 408, body: "slow\n")
    static let tooLarge = Reply(status: 413, body: "large\n", page: "hooks")
    static let wrongType = Reply(status: 415, body: "type\n", page: "hooks")
    static let misdirected = Reply(status: 421, body: "misdirected\n")
    static let unavailable = Reply(status: 503, body: "unavailable\n")

    static func wrongMethod(allowed: String, page: String) -> Reply {
        Reply(
            status: 405,
            body: "method\n",
            headers: [Header(name: "Allow", value: allowed)],
            page: page
        )
    }

    static func busy(retryAfterSeconds seconds: Int) -> Reply {
        Reply(
            status: 429,
            body: "busy\n",
            headers: [Header(name: "Retry-After", value: String(seconds))],
            page: "hooks"
        )
    }

    func counted(as page: String) -> Reply {
        var reply = self
        reply.page = page
        return reply
    }
}
