// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A path whose requests are answered by code that knows nothing of connections: a body in, a body
/// out.
///
/// The endpoint has checked the host, and keeps its limits of time, size and number.
public struct MessageRoute: Sendable {
    /// What a request says before its body.
    public struct Head: Sendable {
        /// The method.
        public let method: String
        /// Headers, names in lowercase, in the order of the request.
        public let headers: [(name: String, value: String)]

        init(_ head: RequestHead) {
            method = head.method
            headers = head.headers
        }
    }

    /// What is sent back.
    public struct Answer: Sendable, Hashable {
        /// The status.
        public let status: Int
        /// The body, which is JSON.
        public let body: [UInt8]
        /// One further header, name and value; empty for none.
        public let header: [String]

        /// Bundles an answer.
        public init(status: Int, body: [UInt8], header: [String] = []) {
            self.status = status
            self.body = body
            self.header = header
        }
    }

    let path: String
    let refusal: @Sendable (Head) -> Answer?
    let answer: @Sendable (Head, [UInt8]) async -> Answer

    /// Describes a route.
    /// - Parameters:
    ///   - path: The path, such as `/mcp`.
    ///   - refusal: The answer to a request whose body is not worth reading; nil to read it.
    ///   - answer: The answer to a request with its body.
    public init(
        path: String,
        refusal: @escaping @Sendable (Head) -> Answer?,
        answer: @escaping @Sendable (Head, [UInt8]) async -> Answer
    ) {
        self.path = path
        self.refusal = refusal
        self.answer = answer
    }
}

extension Reply {
    init(_ answer: MessageRoute.Answer) {
        self.init(
            status: answer.status,
            body: String(decoding: answer.body, as: UTF8.self),
            headers: answer.header.count == 2
                ? [Header(name: answer.header[0], value: answer.header[1])] : [],
            contentType: "application/json",
            page: "messages"
        )
    }
}
