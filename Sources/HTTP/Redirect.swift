// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// Decides where a reply leads, and whether its request may follow.
enum Redirect {
    /// The request to send next; nil when the reply is no redirect, or none was asked for.
    /// - Throws: `.redirectRefused` when following would carry a credential or a body to another
    ///   host or give up TLS, or when there were too many already.
    static func next(
        of request: HTTPRequest,
        at place: HTTPURL,
        _ head: HTTPHead,
        followed: Int
    ) throws(HTTPError) -> HTTPRequest? {
        guard request.redirects > 0, [301, 302, 303, 307, 308].contains(head.status),
            let location = head["location"]
        else { return nil }
        func refusal(_ reason: String) -> HTTPError {
            HTTPError(.redirectRefused, "follow \(request)", reason, mayHaveArrived: true)
        }
        guard followed < request.redirects else {
            throw refusal("it leads on more than \(request.redirects) times")
        }
        guard let target = HTTPURL(location, from: place) else {
            throw refusal("it leads to an address that is not well formed")
        }
        var next = request
        next.url = target.text
        let keepsMethod = head.status == 307 || head.status == 308
        if !keepsMethod, request.method != "GET", request.method != "HEAD" {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { $0.name.hasPrefix("content-") }
        }
        guard !target.hasOrigin(of: place) else { return next }
        guard target.isSecure || !place.isSecure else { throw refusal("it gives up TLS") }
        guard request.credentials.isEmpty else {
            throw refusal("it leads to another host, which must not get the credentials")
        }
        guard next.body == nil else { throw refusal("it would carry the body to another host") }
        return next
    }
}
