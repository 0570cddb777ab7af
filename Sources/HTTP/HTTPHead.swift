// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// The head of a reply.
public struct HTTPHead: Sendable, Hashable {
    /// The status, such as 200.
    public let status: Int
    /// The headers in the order in which they came.
    public let headers: [HTTPHeader]

    /// Bundles a status and headers.
    public init(status: Int, headers: [HTTPHeader]) {
        self.status = status
        self.headers = headers
    }

    /// The first value of a header; nil when it is missing.
    public subscript(name: String) -> String? {
        headers.first { $0.name == name.lowercased() }?.value
    }
}
