// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import HTTP

/// Which headers are handed on, and which belong to one connection only (RFC 9110, 7.6.1).
enum PassedHeaders {
    private static let ofConnection: Set<String> = [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate",
        "proxy-authorization", "te", "trailer", "transfer-encoding", "upgrade",
    ]
    private static let ofRequest: Set<String> = ["host", "content-length", "expect"]

    /// The headers of a request that are sent on; never the one that a credential goes into.
    static func request(_ headers: [HTTPHeader], credential: String?) -> [HTTPHeader] {
        passed(headers).filter {
            !ofRequest.contains($0.name) && $0.name != credential
                // What comes back is looked through for the credential, so it must be plain.
                && (credential == nil || $0.name != "accept-encoding")
        }
    }

    /// The headers of a reply that are handed back; none that has the secret in it.
    static func reply(_ headers: [HTTPHeader], secret: String?) -> [HTTPHeader] {
        passed(headers).filter { header in
            header.name != "content-length" && secret.map { !header.value.contains($0) } ?? true
        }
    }

    private static func passed(_ headers: [HTTPHeader]) -> [HTTPHeader] {
        let named = headers.filter { $0.name == "connection" }.flatMap { header in
            header.value.lowercased().split(separator: ",").map { part in
                part.filter { $0 != " " && $0 != "\t" }
            }
        }
        let dropped = ofConnection.union(named)
        return headers.filter { !dropped.contains($0.name) }
    }
}
