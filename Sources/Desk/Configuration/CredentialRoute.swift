// Part of Loopdesk.
// SPDX-License-Identifier: Apache-2.0

/// A path on the way out of an agent that leads to one server, with a credential added on the way.
public struct CredentialRoute: Sendable, Hashable {
    /// The first part of the path, by which the agent asks for it.
    public let name: String
    /// Where it leads, without a slash at the end.
    public let url: String
    /// The host in that address, in lowercase and without brackets.
    public let host: String
    /// The port in that address.
    public let port: Int
    /// The header that carries the credential, in lowercase.
    public let header: String
    /// What stands before the secret in that header, such as `Bearer `.
    public let prefix: String
    /// Where the secret is.
    public let secret: SecretSource
    /// The variable of the agent's environment that is set to the route's address, if any.
    public let variable: String?

    private static let keys = ["url", "header", "prefix", "secret", "variable"]
    static let nameForm = "1 to 32 characters of a-z, 0-9, '-' and '_'"
    static let urlForm =
        "https://HOST[:PORT][/PATH] without a query; http:// only to a loopback address"

    /// Reads one member of `credentials:`; nil and a fault when it is wrong.
    init?(
        _ reader: inout YAMLReader,
        name: String,
        line: Int?,
        node: YAMLNode,
        path: String
    ) {
        guard Self.isName(name) else {
            reader.report(line: line, "\(path)\(name): not a name; expected \(Self.nameForm)")
            return nil
        }
        let inner = "\(path)\(name)."
        guard node.members != nil else {
            reader.report(
                line: node.line,
                "\(path)\(name): found \(node.summary); expected url, header and secret"
            )
            return nil
        }
        reader.allowOnly(Self.keys, in: node, path: inner)
        let target = reader.scalar("url", in: node, path: inner, expected: Self.urlForm) {
            Self.target(of: $0)
        }
        let header = reader.scalar(
            "header",
            in: node,
            path: inner,
            expected: "the name of a header such as x-api-key, none of the connection's own"
        ) { Self.headerName($0) }
        let secret = Self.secret(&reader, in: node, path: inner)
        prefix =
            reader.scalar(
                "prefix",
                in: node,
                path: inner,
                expected: "a text of printable characters",
                default: ""
            ) { Self.isPrintable($0) ? $0 : nil } ?? ""
        variable =
            node["variable"] == nil
            ? nil
            : reader.scalar(
                "variable",
                in: node,
                path: inner,
                expected: "the name of a variable such as MODEL_BASE_URL"
            ) { SecretSource.isVariable($0) ? $0 : nil }
        guard let target, let header, let secret else { return nil }
        self.name = name
        (url, host, port) = target
        self.header = header
        self.secret = secret
    }

    /// Reads `secret:`; a fault does not repeat what stands there, which may be the secret itself.
    static func secret(
        _ reader: inout YAMLReader,
        in node: YAMLNode,
        path: String
    ) -> SecretSource? {
        guard let value = node["secret"] else {
            reader.report(
                line: node.line,
                "\(path)secret: missing; expected \(SecretSource.form)"
            )
            return nil
        }
        let source = value.scalar.flatMap { SecretSource($0) }
        if source == nil {
            reader.report(
                line: value.line,
                "\(path)secret: found something else; expected \(SecretSource.form)"
            )
        }
        return source
    }

    /// The address of a route and its parts; nil when it does not have the form.
    static func target(of text: String) -> (url: String, host: String, port: Int)? {
        let isSecure = text.hasPrefix("https://")
        guard isSecure || text.hasPrefix("http://") else { return nil }
        let rest = text.dropFirst(isSecure ? 8 : 7)
        let authority = rest.prefix { $0 != "/" }
        let folder = rest.dropFirst(authority.count)
        guard let (host, written) = HostPattern.parts(of: String(authority)),
            let port = written.map(HostPattern.port) ?? (isSecure ? 443 : 80),
            folder.utf8.allSatisfy({ isPathByte($0) }), !hasDotSegments(folder)
        else { return nil }
        let plain = HostPattern.normalized(host)
        guard HostPattern.isName(plain) || HostPattern.address(plain) != nil else { return nil }
        guard
            isSecure || plain.hasPrefix("127.") && HostPattern.address(plain) != nil
                || plain == "::1"
        else { return nil }
        let url = text.hasSuffix("/") ? String(text.dropLast()) : text
        return (url, plain, port)
    }

    private static func hasDotSegments(_ path: Substring) -> Bool {
        path.split(separator: "/").contains { $0 == "." || $0 == ".." }
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || (0x41...0x5A).contains(byte) || "/.~:@".utf8.contains(byte)
    }

    static func isName(_ text: String) -> Bool {
        (1...32).contains(text.utf8.count) && text.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte) || (48...57).contains(byte) || byte == 0x2D || byte == 0x5F
    }

    static func headerName(_ text: String) -> String? {
        let name = text.lowercased()
        let isFramed = [
            "host", "connection", "content-length", "transfer-encoding", "upgrade", "te",
            "trailer", "expect", "keep-alive", "proxy-connection",
        ].contains(name)
        return isName(name) && !isFramed ? name : nil
    }

    static func isPrintable(_ text: String) -> Bool {
        text.utf8.count <= 64 && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}
