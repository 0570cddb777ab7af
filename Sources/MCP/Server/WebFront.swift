// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

import Basics

/// The server behind an HTTP endpoint: what may come in, and what goes out.
///
/// It holds no connection and no session; each request is answered by one body.
public struct WebFront: Sendable {
    /// What a request says before its body.
    public struct Head: Sendable {
        /// The method.
        public let method: String
        /// Headers, names in lowercase.
        public let headers: [(name: String, value: String)]

        /// Bundles a head.
        public init(method: String, headers: [(name: String, value: String)]) {
            self.method = method
            self.headers = headers
        }

        /// The only value of a header; nil when it is missing or stands there twice.
        func only(_ name: String) -> String? {
            let values = headers.filter { $0.name == name }
            return values.count == 1 ? values[0].value : nil
        }

        func has(_ name: String) -> Bool { headers.contains { $0.name == name } }
    }

    /// What is sent back.
    public struct Answer: Sendable, Hashable {
        /// The status.
        public let status: Int
        /// The body; JSON unless it is empty.
        public let body: [UInt8]
        /// A further header.
        public let header: [String]

        init(_ status: Int, _ message: Message? = nil, header: [String] = []) {
            self.status = status
            body = message?.bytes ?? []
            self.header = header
        }
    }

    /// The path at which the endpoint hands requests over.
    public static let path = "/mcp"

    private let server: MCPServer
    /// The hash of the token: comparing hashes tells nothing of the token by its time.
    private let token: ContentHash?

    /// Puts a server behind HTTP.
    /// - Parameters:
    ///   - server: The server.
    ///   - token: What callers must show as `Authorization: Bearer`, not empty; nil where nobody
    ///     but one caller can reach the server at all.
    public init(_ server: MCPServer, token: String?) {
        precondition(token?.isEmpty != true, "a server behind HTTP has a token")
        self.server = server
        self.token = token.map { ContentHash(of: $0) }
    }

    /// The answer to a request that is refused before its body is read; nil when it may go on.
    ///
    /// That the host is this computer's own is the endpoint's to check.
    public func refusal(of head: Head) -> Answer? {
        guard isOwnOrigin(head) else { return Answer(403) }
        guard isAuthorized(head) else {
            return Answer(401, header: ["WWW-Authenticate", "Bearer"])
        }
        guard head.method == "POST" else { return Answer(405, header: ["Allow", "POST"]) }
        guard let type = head.only("content-type"), Self.names(type.utf8[...], ["application/json"])
        else { return Answer(415) }
        let accepted = head.headers.filter { $0.name == "accept" }
        let isAccepted = accepted.contains { header in
            header.value.utf8.split(separator: 0x2C).contains { Self.names($0, Self.acceptable) }
        }
        return accepted.isEmpty || isAccepted ? nil : Answer(406)
    }

    private static let acceptable = ["application/json", "application/*", "*/*"]

    /// Whether a media type, which may have parameters, is one of some; byte by byte, since each
    /// request asks.
    private static func names(_ type: Substring.UTF8View, _ wanted: [String]) -> Bool {
        let bare = type.prefix { $0 != 0x3B }.filter { $0 != 0x20 && $0 != 0x09 }
        return wanted.contains { name in
            name.utf8.elementsEqual(bare) { $0 == ((0x41...0x5A).contains($1) ? $1 | 0x20 : $1) }
        }
    }

    /// Answers a request with its body.
    public func answer(_ head: Head, _ body: [UInt8]) async -> Answer {
        let message: Message
        do throws(Fault) {
            message = try Message(parsing: body)
        } catch {
            return Answer(400, .failure(nil, error))
        }
        guard case .request(let id, let method, let params) = message else { return Answer(202) }
        let manner: MCPServer.Manner
        do throws(Fault) {
            manner = try MCPServer.manner(of: params, method: method)
            try check(head, method, params, manner)
        } catch {
            return Answer(400, .failure(id, error))
        }
        let answer = await server.answer(id, method, params, manner)
        guard manner == .stateless, case .failure(_, let fault) = answer else {
            return Answer(200, answer)
        }
        return Answer(fault.code == Fault.unknownMethod ? 404 : 200, answer)
    }

    /// Whether no page of a browser sent this, or one of this computer's own.
    private func isOwnOrigin(_ head: Head) -> Bool {
        guard head.has("origin") else { return true }
        guard let origin = head.only("origin")?.lowercased() else { return false }
        for scheme in ["http://", "https://"] where origin.hasPrefix(scheme) {
            let rest = origin.dropFirst(scheme.count)
            for host in ["localhost", "127.0.0.1", "[::1]"] where rest.hasPrefix(host) {
                let port = rest.dropFirst(host.count)
                return port.isEmpty
                    || port.first == ":" && port.count > 1
                        && port.dropFirst().utf8.allSatisfy { (0x30...0x39).contains($0) }
            }
        }
        return false
    }

    private func isAuthorized(_ head: Head) -> Bool {
        guard let token else { return true }
        guard let value = head.only("authorization") else { return false }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return false }
        return ContentHash(of: String(parts[1])) == token
    }

    /// Checks that the headers say what the body says.
    private func check(
        _ head: Head,
        _ method: String,
        _ params: JSON,
        _ manner: MCPServer.Manner
    ) throws(Fault) {
        let version = head.only("mcp-protocol-version")
        guard manner == .stateless else {
            if let version, method != "initialize",
                Revision(rawValue: version)?.isStateless ?? true
            {
                throw MCPServer.unsupported(.string(version))
            }
            return
        }
        guard version == params["_meta"]?[MetaKey.version]?.stringValue else {
            throw Fault(Fault.headerMismatch, "MCP-Protocol-Version differs from the body")
        }
        guard head.only("mcp-method") == method else {
            throw Fault(Fault.headerMismatch, "Mcp-Method differs from the body")
        }
        let names = ["tools/call": "name", "prompts/get": "name", "resources/read": "uri"]
        guard let key = names[method] else { return }
        let name = head.only("mcp-name").flatMap { HeaderValue.decode($0) }
        guard name == params[key]?.stringValue else {
            throw Fault(Fault.headerMismatch, "Mcp-Name differs from the body")
        }
    }
}
