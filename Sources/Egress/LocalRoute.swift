// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A path on an agent's way out that is answered here, so that nothing leaves.
public struct LocalRoute: Sendable {
    /// What a request says before its body.
    public struct Head: Sendable {
        /// The method.
        public let method: String
        /// Headers, names in lowercase.
        public let headers: [(name: String, value: String)]
    }

    /// What the agent gets back.
    public struct Answer: Sendable {
        /// The status.
        public let status: Int
        /// The body, JSON unless it is empty.
        public let body: [UInt8]
        /// A further header: a name and a value, or nothing.
        public let header: [String]

        /// Bundles an answer.
        public init(status: Int, body: [UInt8], header: [String] = []) {
            self.status = status
            self.body = body
            self.header = header
        }
    }

    /// How events name it.
    public let label: String
    let path: String
    let answer: @Sendable (Head, [UInt8]) async -> Answer

    /// Describes a route.
    /// - Parameters:
    ///   - path: The path, which no route with a credential can have.
    ///   - label: How events name it.
    ///   - answer: Answers a request with its body.
    public init(
        path: String,
        label: String,
        answer: @escaping @Sendable (Head, [UInt8]) async -> Answer
    ) {
        self.path = path
        self.label = label
        self.answer = answer
    }
}

extension LocalRoute.Answer {
    /// The answer as HTTP; the connection ends with it.
    var bytes: [UInt8] {
        var text = "HTTP/1.1 \(status) Reply\r\n"
        if !body.isEmpty { text += "content-type: application/json\r\n" }
        if header.count == 2 { text += "\(header[0]): \(header[1])\r\n" }
        text += "content-length: \(body.count)\r\nconnection: close\r\n\r\n"
        return Array(text.utf8) + body
    }
}
